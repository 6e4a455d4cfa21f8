import { gzipSync } from 'node:zlib';
import type { BundleRequest } from '#audit';
import type { World } from './world.ts';
import { exported, fileOf, sampleWorld, verified } from './world.ts';

const FROM = 12;
const TO = 16;

describe('a bundle of', () => {
  test.each<[string, (world: World) => BundleRequest]>([
    ['everything', () => ({ kind: 'all' })],
    ['an execution', () => ({ kind: 'execution', executionId: 'beta' })],
    ['an execution with newest events', () => ({ kind: 'execution', executionId: 'alpha' })],
    ['an execution with the chain of seals', () => ({ kind: 'execution', executionId: 'beta', chain: true })],
    ['a time', (world) => ({ kind: 'time', from: world.timeOf(FROM), to: world.timeOf(TO) })],
    ['a time up to now', (world) => ({ kind: 'time', from: world.timeOf(FROM) })],
    ['a time of which there is nothing', () => ({ kind: 'time', to: '2001-01-01T00:00:00.000Z' })],
  ])('%s is intact, plain and packed, with a key, a head, or nothing', async (_, requestOf) => {
    const world = await sampleWorld();
    const lines = await exported(world.parts(), requestOf(world));
    const file = fileOf(lines);
    for (const anchors of [{}, { keys: [world.key.publicKey] }, { head: world.head! }]) {
      const verdict = await verified(file, anchors);
      expect(verdict.firstDamage).toBeUndefined();
      expect(verdict.lines).toBe(lines.length);
      expect(await verified(gzipSync(file), anchors)).toEqual(verdict);
    }
  });
});
