import type { LogIndex } from '#audit';
import { START } from '#event-store';
import { rangeOfTimes } from '../../src/bundle/log-range.ts';
import { streamOfExecution, World } from './world.ts';

const EVENTS = 12;

/** Twelve events of one execution, and between them seals, a second apart from each other. */
async function worldOfSeconds(): Promise<World> {
  const world = new World();
  await world.introduce();
  const spec = { targetResource: 'shop/deployment/app', workflowRef: { workflowId: 'restart' } };
  for (let n = 0; n < EVENTS; n += 1) {
    await world.record(streamOfExecution('alpha'), 'SampleHappened', { n, spec });
    if (n % 4 === 3) await world.seal();
  }
  return world;
}

/** An index that has come as far as some position, and answers pages that may be empty without being the end. */
function indexUpTo(world: World, upTo: number): LogIndex {
  const { store } = world;
  const events: LogIndex['events'] = async ({ from = '', to = '9' }, page) => {
    const known = (await store.readAll(START, undefined, upTo === 0 ? 1 : upTo)).events.slice(0, upTo);
    const ordered = page.direction === 'forwards' ? known : known.toReversed();
    const sign = page.direction === 'forwards' ? 1 : -1;
    const next = ordered.find((event) => page.from === 'end' || store.compare(event.position, page.from) * sign > 0);
    if (next === undefined) return { places: [], next: START, end: true };
    const { time } = next.metadata;
    const isWanted = next.stream.startsWith('workflowexecution-') && time >= from && time < to;
    return { places: isWanted ? [next] : [], next: next.position, end: false };
  };
  const indexed = async () => (upTo === 0 ? START : (await store.readAll(START, undefined, upTo)).next);
  return { indexed, events } as Partial<LogIndex> as LogIndex;
}

test.each([0, 1, 5, 9, 100])('the range is the same however far the index has come (%s events)', async (upTo) => {
  const world = await worldOfSeconds();
  const asOf = await world.store.head();
  for (let from = 0; from < EVENTS + 5; from += 2)
    for (const to of [from + 1, from + 4, from + 40]) {
      const times = { from: world.timeOf(from), to: world.timeOf(to) };
      const scanned = await rangeOfTimes(world.store, undefined, times, asOf);
      expect(await rangeOfTimes(world.store, indexUpTo(world, upTo), times, asOf)).toEqual(scanned);
    }
});

test('a range ends where the export began, whatever was recorded since', async () => {
  const world = await worldOfSeconds();
  const asOf = (await world.store.readAll(START, undefined, 6)).next;
  const all = await rangeOfTimes(world.store, indexUpTo(world, 100), { from: undefined, to: undefined }, asOf);
  expect(all?.last).toBe(asOf);
  const later = { from: world.timeOf(9), to: undefined };
  expect(await rangeOfTimes(world.store, indexUpTo(world, 100), later, asOf)).toBeUndefined();
  expect(await rangeOfTimes(world.store, undefined, later, START)).toBeUndefined();
});
