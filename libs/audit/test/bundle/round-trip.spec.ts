import { gzipSync } from 'node:zlib';
import type { BundleRequest } from '#audit';
import { exportBundle } from '#audit';
import { START } from '#event-store';
import type { World } from './world.ts';
import { exported, fileOf, sampleWorld, streamOfExecution, verified } from './world.ts';

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

test('a bundle of a time holds every event of that time, and no gap, wherever the seals are', async () => {
  const world = await sampleWorld();
  const { events } = await world.store.readAll(START);
  for (let from = 0; from < events.length; from += 3)
    for (const to of [from + 1, from + 5, from + 100]) {
      const times = { from: world.timeOf(from), to: world.timeOf(to) };
      const lines = await exported(world.parts(), { kind: 'time', ...times });
      expect((await verified(fileOf(lines), { head: world.head! })).firstDamage).toBeUndefined();
      const text = lines.join('\n');
      const wanted = events.filter(
        ({ stream, metadata: { time } }) => isOfExecution(stream) && time >= times.from && time < times.to,
      );
      expect(wanted.filter(({ id }) => !text.includes(id))).toEqual([]);
    }
});

test('an export shows the log as it was when it began, whatever is recorded meanwhile', async () => {
  const world = await sampleWorld();
  const stream = streamOfExecution('alpha');
  for (const request of [{ kind: 'all' }, { kind: 'execution', executionId: 'alpha', chain: true }] as const) {
    const before = (await exported(world.parts(), request)).length;
    const lines: string[] = [];
    for await (const line of exportBundle(world.parts(), request)) {
      if (lines.length < 5) await world.record(stream, 'SampleHappened', { late: true });
      if (lines.length === 3) await world.seal();
      lines.push(line.trimEnd());
    }
    expect(lines.length).toBe(before);
    expect((await verified(fileOf(lines))).firstDamage).toBeUndefined();
  }
});

const isOfExecution = (stream: string): boolean => stream.startsWith('workflowexecution-');
