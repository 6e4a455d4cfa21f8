import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { departure, settled, stepsOf } from './console.ts';
import { runSteps } from './shell.ts';

const GUIDE = ['text', '```console', '$ A=1', '$ echo "$A" \\', '> two', '1 two', '```', '```sh', '$ no', '```'].join(
  '\n',
);

test('the commands of console blocks are read with what they show, and no others', () => {
  expect(stepsOf(GUIDE)).toEqual([
    { command: 'A=1', shown: [], line: 3 },
    { command: 'echo "$A" \\\ntwo', shown: ['1 two'], line: 4 },
  ]);
});

test('they run in one shell, each with its output, up to the first that fails', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wfe-guide-'));
  try {
    const steps = stepsOf(`${GUIDE}\n\`\`\`console\n$ ls nowhere\n$ echo never\n\`\`\``);
    const ran = await runSteps(steps, { folder, environment: {}, timeoutMs: 10_000 });
    expect(ran.map(({ output, exitCode }) => [output[0]?.replace(/^ls.*/, 'ls'), exitCode])).toEqual([
      ['', 0],
      ['1 two', 0],
      ['ls', expect.any(Number)],
    ]);
    expect(ran.at(-1)?.exitCode).not.toBe(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.each([
  ['2026-11-21T10:00:00.123Z  ExecutionFailed   +3.2s', '<time> ExecutionFailed <span>'],
  ['0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21', '<id>'],
  ['after 1m3s, 12 events', 'after <span>, <n> events'],
  ['01a1fee7-a084-7b40   default/restart', '<id> default/restart'],
  ['as of s1:e26079caf1e0:95: 1 stream, 2 seals', 'as of <position>: <n> streams, <n> seals'],
  [' 12  2026-11-21T10:00:00Z  because of 11 LockReleased', '<n> <time> because of <n> LockReleased'],
  ['Revision:        4', 'Revision: <n>'],
  ['exit code 1', 'exit code 1'],
  ['step-2 of v1', 'step-2 of v1'],
])('what differs from run to run is left out of the comparison: %s', (line, expected) =>
  expect(settled(line)).toBe(expected),
);

describe('an output departs from the guide', () => {
  test.each<[string, string[], string[]]>([
    ['with another line', ['a', 'b'], ['a', 'c']],
    ['with a line less', ['a', 'b'], ['a']],
    ['with a line more', ['a'], ['a', 'b']],
    ['with another text around an ellipsis', ['a … c'], ['b x c']],
    ['without the line after an ellipsis', ['a', '…', 'z'], ['a', 'b']],
  ])('%s', (_, shown, found) => expect(departure(shown, found)).toBeDefined());

  test.each<[string, string[], string[]]>([
    ['the same', ['a', '', 'b 3s'], ['a', 'b 17s']],
    ['text for an ellipsis', ['a … c'], ['a b c']],
    ['lines for an ellipsis', ['a', '…', 'z'], ['a', 'b', 'c', 'z']],
    ['the rest for an ellipsis', ['a', '…'], ['a', 'b', 'c']],
  ])('and does not with %s', (_, shown, found) => expect(departure(shown, found)).toBeUndefined());
});
