import type { Position } from '#event-store';
import { MemoryEventStore, START } from '#event-store';
import { VirtualClock } from '#kubernetes';
import { streamOf } from '#execution';
import { ProjectionLag } from '../src/projection-lag.ts';
import { eventOf, idOf } from './support/lives.ts';
import { quietTelemetry } from './support/quiet.ts';

const clock = new VirtualClock();
const lagAt = (store: MemoryEventStore, position: Position) => new ProjectionLag(store, { position }, clock);

test('it is the events after what was taken in, and the age of the oldest of them', async () => {
  const store = new MemoryEventStore();
  expect(await lagAt(store, START).measure()).toEqual({ events: 0, seconds: 0 });
  const events = [0, 10, 20].map((second) => eventOf('FromTheFuture', second, {}));
  const { position } = await store.append(streamOf(idOf(1)), 'none', events);
  const own = new VirtualClock();
  await own.advance(25_000);
  const [first] = (await store.readAll(START)).events;
  const lag = (taken: Position) => new ProjectionLag(store, { position: taken }, own).measure();
  expect(await lag(START)).toEqual({ events: 3, seconds: 25 });
  expect(await lag(first!.position)).toEqual({ events: 2, seconds: 15 });
  expect(await lag(position)).toEqual({ events: 0, seconds: 0 });
});

test('what is not about executions is not waited for', async () => {
  const store = new MemoryEventStore();
  await store.append('seals-all', 'none', [eventOf('FromTheFuture', 0, {})]);
  expect(await lagAt(store, START).measure()).toEqual({ events: 0, seconds: 0 });
});

test('it is told again and again, also to nobody while the store fails', async () => {
  const store = new MemoryEventStore();
  await store.append(streamOf(idOf(1)), 'none', [eventOf('FromTheFuture', 0, {})]);
  const [own, stopping, told] = [new VirtualClock(), new AbortController(), [] as number[][]];
  let isGone = false;
  const head = (): Promise<Position> => (isGone ? Promise.reject(new Error('gone')) : store.head());
  const failing = { head, compare: store.compare.bind(store), readAll: store.readAll.bind(store) };
  const telemetry = { ...quietTelemetry, projection: (...lag: number[]) => void told.push(lag) };
  const reporting = new ProjectionLag(failing, { position: START }, own).report(telemetry, stopping.signal);
  await own.advance(5_000);
  isGone = true;
  await own.advance(5_000);
  isGone = false;
  await own.advance(5_000);
  stopping.abort();
  await reporting;
  expect(told).toEqual([
    [1, 0],
    [1, 5],
    [1, 15],
  ]);
});
