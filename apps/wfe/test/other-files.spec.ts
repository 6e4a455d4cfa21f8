import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { anyJson } from './support/arbitrary-answers.ts';
import { called } from './support/called.ts';

const RUNS = 200;
/** A line of a bundle begins so; what it says is anything. */
const lines = fc.oneof(
  anyJson,
  fc
    .tuple(fc.constantFrom('bundle', 'event', 'seal', 'proof', 'key', 'archive', 'end'), anyJson)
    .map(([kind, more]) => ({ kind, format: 1, ...(more as object) })),
);

describe('a file that is not what it should be is no defect of wfe', () => {
  let folder = '';
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'wfe-files-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('as a bundle it is damaged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lines, { maxLength: 4 }), async (said) => {
        const stdin = said.map((line) => `${JSON.stringify(line)}\n`).join('');
        expect(await called(['verify', '-'], { stdin })).toMatchObject({ code: 1, err: '' });
      }),
      { numRuns: RUNS },
    );
  });

  it.each([
    ['as a published head', ['verify', '-', '--head']],
    ['as a key', ['verify', '-', '--key']],
    ['as a request', ['create', '--server', 'http://127.0.0.1:1', '-f']],
  ])('%s it is refused with 2', async (_, args) => {
    const path = join(folder, 'file.json');
    await fc.assert(
      fc.asyncProperty(anyJson, async (said) => {
        writeFileSync(path, JSON.stringify(said));
        const { code, err } = await called([...args, path]);
        expect([code, err]).toEqual([2, expect.stringMatching(/^wfe: expected /)]);
      }),
      { numRuns: RUNS },
    );
  });
});
