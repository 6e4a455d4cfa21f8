import { gzipSync } from 'node:zlib';
import type { BundleAnchors, BundleRequest } from '#audit';
import { sampleKey } from '../../../event-store/test/seal/keys.ts';
import type { Case } from './agreement.ts';
import { DAMAGED, disagreements, INTACT } from './agreement.ts';
import { PATIENCE_MS, withPython } from './python.ts';
import type { World } from './world.ts';
import { exported, fileOf, sampleWorld } from './world.ts';

const ROUNDS = 5;

const SCOPES: readonly [string, (world: World) => BundleRequest][] = [
  ['everything', () => ({ kind: 'all' })],
  ['an execution', () => ({ kind: 'execution', executionId: 'beta' })],
  ['an execution with newest events', () => ({ kind: 'execution', executionId: 'alpha' })],
  ['an execution with the chain of seals', () => ({ kind: 'execution', executionId: 'alpha', chain: true })],
  ['a time', (world) => ({ kind: 'time', from: world.timeOf(9), to: world.timeOf(12) })],
  ['a time up to now', (world) => ({ kind: 'time', from: world.timeOf(9) })],
  ['a time of which there is nothing', () => ({ kind: 'time', to: '2001-01-01T00:00:00.000Z' })],
];

/** The world's newest key is the second one; a rotation joins it to the first. */
const ANCHORS: readonly [string, (world: World) => BundleAnchors][] = [
  ['nothing', () => ({})],
  ['the newest key', ({ key }) => ({ keys: [key.publicKey] })],
  ['the key before', () => ({ keys: [sampleKey(1).publicKey] })],
  ['the head', ({ head }) => ({ head: head! })],
  ['key and head', ({ key, head }) => ({ keys: [key.publicKey], head: head! })],
];

withPython(() => {
  let world: World;
  const bundles = new Map<string, readonly string[]>();
  beforeAll(async () => {
    world = await sampleWorld({ rounds: ROUNDS });
    for (const [name, requestOf] of SCOPES) bundles.set(name, await exported(world.parts(), requestOf(world)));
  });

  test.each(ANCHORS)(
    'an intact bundle of any scope is intact to both, with %s to vouch for it',
    async (_, anchorsOf) => {
      const cases = [...bundles].flatMap(([name, lines]): Case[] => [
        { name, file: fileOf(lines), expected: INTACT },
        { name: `${name}, packed`, file: gzipSync(fileOf(lines)), expected: INTACT },
        { name: `${name}, packed in two members`, file: twoMembers(fileOf(lines)), expected: INTACT },
      ]);
      expect(await disagreements(cases, anchorsOf(world))).toEqual([]);
    },
    PATIENCE_MS,
  );

  test.each(SCOPES)(
    'of a bundle of %s, no line can be removed, doubled, moved, or cut off with all after it',
    async (name) => expect(await disagreements(damagedLines(bundles.get(name)!), {})).toEqual([]),
    PATIENCE_MS,
  );
});

function damagedLines(lines: readonly string[]): Case[] {
  return lines.flatMap((line, index): Case[] => {
    const made = (what: string, changed: readonly string[]): Case => ({
      name: `line ${index + 1} ${what}`,
      file: fileOf(changed),
      expected: DAMAGED,
    });
    const [before, after] = [lines.slice(0, index), lines.slice(index + 1)];
    const moved = [...before, ...after.slice(0, 1), line, ...after.slice(1)];
    return [
      made('removed', [...before, ...after]),
      made('doubled', [...before, line, line, ...after]),
      ...(after.length > 0 ? [made('moved down', moved)] : []),
      { ...made('cut off', before), expected: 'Truncated' },
      { ...made('cut in the middle', []), file: cutInLine(lines, index), expected: 'Truncated' },
    ];
  });
}

const twoMembers = (file: Buffer): Buffer =>
  Buffer.concat([gzipSync(file.subarray(0, 5000)), gzipSync(file.subarray(5000))]);

const cutInLine = (lines: readonly string[], index: number): Buffer => {
  const before = fileOf(lines.slice(0, index));
  const half = Buffer.from(lines[index]!);
  return Buffer.concat([before, half.subarray(0, half.length / 2)]);
};
