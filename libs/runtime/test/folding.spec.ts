import type { EventStore, RecordedEvent } from '#event-store';
import { MemoryEventStore, START } from '#event-store';
import { streamOf } from '#execution';
import { Folding } from '../src/folding.ts';
import { appendLives, eventOf, idOf, lifeOf, secondOf, targetOf } from './support/lives.ts';

const ID = idOf(1);

async function recorded(...events: readonly ReturnType<typeof eventOf>[]) {
  const store = new MemoryEventStore();
  await store.append(streamOf(ID), 'none', events);
  return { store, log: (await store.readAll(START)).events };
}

/** Counts what is read of streams. */
function counted(store: EventStore) {
  const reads: string[] = [];
  const readStream: EventStore['readStream'] = (stream, options) => {
    reads.push(stream);
    return store.readStream(stream, options);
  };
  return { reads, store: Object.assign(Object.create(store) as EventStore, { readStream }) };
}

const inBatches = async (folding: Folding, log: readonly RecordedEvent[], size: number) => {
  const taken = [];
  for (let at = 0; at < log.length; at += size) taken.push(await folding.take(log.slice(at, at + size)));
  return {
    entries: taken.flatMap(({ entries }) => entries),
    rows: new Map(taken.flatMap(({ changes }) => changes.map((change) => [change.row.id, change]))),
  };
};

test('an entry says target and workflow, and the outcome from the event that ended it on', async () => {
  const { store, log } = await recorded(...lifeOf(1, 0));
  const { entries } = await new Folding(store).take(log);
  expect(entries.map(({ revision, outcome }) => [revision, outcome])).toEqual([
    [0, undefined],
    [1, undefined],
    [2, 'Success'],
    [3, 'Success'],
  ]);
  for (const { target, workflowId, executionId, correlationId } of entries)
    expect([target, workflowId, executionId, correlationId]).toEqual([targetOf(1), 'workflow-1', ID, 'rr-1']);
  expect(entries.map(({ actor, time }) => [actor, time])[0]).toEqual(['user-1', secondOf(0)]);
});

test('however the log is cut into batches, and wherever one begins, rows and entries are the same', async () => {
  const store = new MemoryEventStore();
  await appendLives(store, 0, 12);
  const log = (await store.readAll(START, undefined, 1000)).events;
  const whole = await inBatches(new Folding(store), log, log.length);
  for (const size of [1, 2, 7]) expect(await inBatches(new Folding(store), log, size)).toEqual(whole);
  for (const from of [1, 5, 20]) {
    const later = await inBatches(new Folding(store), log.slice(from), 3);
    expect(later.entries).toEqual(whole.entries.slice(from));
    for (const [id, change] of later.rows) expect(change).toEqual(whole.rows.get(id));
  }
});

test('an execution that is followed is not read again', async () => {
  const { store, log } = await recorded(...lifeOf(1, 0));
  const { reads, store: watched } = counted(store);
  const folding = new Folding(watched);
  for (const event of log) await folding.take([event]);
  expect(reads).toEqual([]);
  folding.clear();
  await folding.take(log.slice(2, 3));
  await folding.take(log.slice(3));
  expect(reads).toEqual([streamOf(ID)]);
});

test('milestones are the latest time told by then, so that a clock that was set back reorders nothing', async () => {
  const [created, running, completed, released] = lifeOf(1, 100) as [never, never, never, never];
  const at = (event: ReturnType<typeof eventOf>, second: number) => ({
    ...event,
    metadata: { ...event.metadata, time: secondOf(second) },
  });
  const { store, log } = await recorded(created, at(running, 110), at(completed, 40), at(released, 120));
  const { changes } = await new Folding(store).take(log);
  expect(changes.map(({ milestones }) => milestones)).toEqual([
    { running: secondOf(110), finished: secondOf(110), released: secondOf(120) },
  ]);
});

test('from an event that is not understood on, the row stays away, and the events are still found', async () => {
  const [created, running] = lifeOf(1, 0) as [never, never];
  const { store, log } = await recorded(
    created,
    running,
    eventOf('FromTheFuture', 3, {}),
    eventOf('LockReleased', 4, {}),
  );
  const folding = new Folding(store);
  expect((await folding.take(log.slice(0, 2))).changes).toHaveLength(1);
  const { changes, entries, unreadable } = await folding.take(log.slice(2));
  expect([changes, unreadable.map(({ executionId }) => executionId)]).toEqual([[], [ID]]);
  expect(entries.map(({ type, target }) => [type, target])).toEqual([
    ['FromTheFuture', targetOf(1)],
    ['LockReleased', targetOf(1)],
  ]);
});

test('what is left of an archived execution tells when it had run and ended', async () => {
  const store = new MemoryEventStore();
  const [created] = lifeOf(1, 0) as unknown as [{ data: object }];
  const lock = { state: 'Released', since: secondOf(2), at: secondOf(8) };
  const archived = {
    ...{ archive: { file: 'a', sha256: 'b' }, events: 4, binding: { state: 'Unbound' } },
    created: { ...created.data, at: secondOf(0) },
    ...{ outcome: 'Success', finishedAt: secondOf(5), lock },
  };
  await store.append(streamOf(ID), 'none', [eventOf('ExecutionArchived', 900, archived)]);
  const { changes } = await new Folding(store).take((await store.readAll(START)).events);
  expect(changes.map(({ row, milestones }) => [row.createdAt, milestones])).toEqual([
    [secondOf(0), { running: secondOf(2), finished: secondOf(5), released: secondOf(8) }],
  ]);
});
