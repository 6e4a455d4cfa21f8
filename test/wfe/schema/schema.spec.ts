import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { generatedFiles, type GeneratedFile } from './generated.ts';

describe('what the command line has of the document the service serves (npm run wfe:schema makes it anew)', () => {
  let files: readonly GeneratedFile[] = [];
  beforeAll(async () => (files = await generatedFiles()), 60_000);

  test.each(['schema.ts', 'answer-schemas.ts'])('is in %s as the document has it', async (name) => {
    const { path = '', text = '' } = files.find((file) => basename(file.path) === name) ?? {};
    const committed = await readFile(path, 'utf8');
    const [lines, expected] = [committed.split('\n'), text.split('\n')];
    // The first line that differs says more than two thousand lines.
    const at = lines.findIndex((line, index) => line !== expected[index]);
    expect({ line: at + 1, committed: lines[at] }).toEqual({ line: 0, committed: undefined });
    expect(committed).toBe(text);
  });
});
