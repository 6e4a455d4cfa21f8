import { readFile } from 'node:fs/promises';
import { generatedSchema, SCHEMA_FILE } from './generated.ts';

test('the client’s types are those of the document the service serves (npm run wfe:schema makes them anew)', async () => {
  const [committed, generated] = [await readFile(SCHEMA_FILE, 'utf8'), await generatedSchema()];
  const lines = generated.split('\n');
  // The first line that differs says more than two thousand lines.
  const at = committed.split('\n').findIndex((line, index) => line !== lines[index]);
  expect({ line: at + 1, committed: committed.split('\n')[at] }).toEqual({ line: 0, committed: undefined });
  expect(committed).toBe(generated);
}, 60_000);
