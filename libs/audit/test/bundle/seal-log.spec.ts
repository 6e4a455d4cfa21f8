import { LOG_SEALED, SEAL_STREAM, START } from '#event-store';
import type { Position, RecordedEvent } from '#event-store';
import { sampleKey } from '../../../event-store/test/seal/keys.ts';
import { SealLog } from '../../src/bundle/seal-log.ts';
import { streamOfExecution, World } from './world.ts';

const SEALS = 150;
/** Seals after which the key is rotated: twice in a row, right at the beginning, and far apart. */
const ROTATED = [0, 1, 1, 40, 41, 99, 149];

async function manySeals(): Promise<World> {
  const world = new World();
  await world.introduce();
  for (let number = 0; number < SEALS; number += 1) {
    for (let n = 0; n <= number % 3; n += 1) await world.record(streamOfExecution('alpha'), 'SampleHappened', { n });
    await world.seal();
    for (const at of ROTATED) if (at === number) await world.rotate(sampleKey(2 + (number % 5)));
  }
  await world.record(streamOfExecution('alpha'), 'SampleHappened', {});
  return world;
}

describe('in a log of many seals', () => {
  let world: World;
  let events: readonly RecordedEvent[];
  let sealed: readonly RecordedEvent[];
  beforeAll(async () => {
    world = await manySeals();
    events = (await world.store.readAll(START, undefined, 1000)).events;
    sealed = events.filter(({ stream }) => stream === SEAL_STREAM);
  });
  const reaches = (seal: RecordedEvent, { position }: RecordedEvent): boolean =>
    world.store.compare(seal.data['position'] as Position, position) >= 0;

  test('the seal of any event is found as if every seal was looked at, as of any position', async () => {
    for (const asOf of [events[3]!, events[200]!, events.at(-1)!]) {
      const known = sealed.filter(
        (event) => event.type === LOG_SEALED && world.store.compare(event.position, asOf.position) <= 0,
      );
      const log = await SealLog.asOf(world.store, asOf.position);
      expect(log.newest?.event.id).toBe(known.at(-1)?.id);
      for (const event of events) {
        const found = await log.covering(event.position);
        const wanted = known.find((seal) => reaches(seal, event));
        expect(found?.event.id).toBe(wanted?.id);
        if (found === undefined) continue;
        const before = known[found.seal.number - 1]?.data['position'] ?? START;
        expect(await log.startOf(found)).toBe(before);
      }
    }
  });

  test('every key is found, and nothing else, as of any position', async () => {
    for (const asOf of [events[0]!, events[3]!, events[200]!, events.at(-1)!]) {
      const keys: string[] = [];
      for await (const { id } of (await SealLog.asOf(world.store, asOf.position)).keys()) keys.push(id);
      const wanted = sealed.filter(
        (event) => event.type !== LOG_SEALED && world.store.compare(event.position, asOf.position) <= 0,
      );
      expect(keys).toEqual(wanted.map(({ id }) => id));
    }
  });
});
