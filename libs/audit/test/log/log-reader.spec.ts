import fc from 'fast-check';
import type { Direction, Position, RecordedEvent } from '#event-store';
import { CorruptionError, MemoryEventStore, PositionError, START } from '#event-store';
import { streamOf } from '#execution';
import type { EventFilter } from '../../src/log-index.ts';
import { LogCursorError } from '../../src/log/cursor.ts';
import { eventsAt } from '../../src/log/places.ts';
import { EventMatching } from '../../src/log/event-matching.ts';
import { LogReader } from '../../src/log/log-reader.ts';
import { ACTORS, eventOf, IDS, START_MS, take, TARGETS, TYPES, WORKFLOWS } from '../support/sample-log.ts';
import type { Step } from '../support/sample-log.ts';
import { matching, ScanningLogIndex, wholeLog } from '../support/scanning-log-index.ts';

const step: fc.Arbitrary<Step> = fc.record({
  execution: fc.nat(IDS.length - 1),
  type: fc.nat(TYPES.length - 1),
  actor: fc.nat(ACTORS.length - 1),
});
const time = fc.nat(40).map((n) => new Date(START_MS + n * 1_000).toISOString());
const filters: fc.Arbitrary<EventFilter> = fc.record(
  {
    types: fc.subarray(['ExecutionCreated', ...TYPES], { minLength: 1 }),
    executionId: fc.constantFrom(...IDS),
    target: fc.constantFrom(...TARGETS),
    workflowId: fc.constantFrom(...WORKFLOWS),
    actor: fc.constantFrom(...ACTORS),
    outcome: fc.constantFrom('Success' as const, 'Failed' as const),
    correlationId: fc.constantFrom('rr-0', 'rr-1'),
    from: time,
    to: time,
  },
  { requiredKeys: [] },
);
/** None, one or two conditions: more let nothing pass. */
const few: fc.Arbitrary<EventFilter> = fc
  .tuple(filters, fc.nat(8), fc.nat(8))
  .map(
    ([filter, one, other]) =>
      Object.fromEntries(Object.entries(filter).filter((_, at) => at === one || at === other)) as EventFilter,
  );
const steps = fc.array(step, { maxLength: 30 });

async function logOf(taken: readonly Step[]): Promise<MemoryEventStore> {
  const store = new MemoryEventStore();
  await store.append('idempotencykey-1', 'none', [eventOf('IdempotencyKeyClaimed', {}, 0)]);
  for (const [n, each] of taken.entries()) await take(store, each, n);
  await store.append('seal-log', 'none', [eventOf('LogSealed', {}, 0)]);
  return store;
}

const readerOf = (store: MemoryEventStore, maxPlaces?: number): LogReader =>
  new LogReader({ store, index: new ScanningLogIndex(store, maxPlaces) });

const MAX_PAGES = 200;

/** All pages; `between` happens after each. */
async function paged(
  reader: LogReader,
  query: { filter: EventFilter; direction: Direction; limit: number },
  between = async () => {},
): Promise<RecordedEvent[]> {
  const items: RecordedEvent[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await reader.page({ ...query, ...(cursor !== undefined && { cursor }) });
    expect(page.items.length).toBeLessThanOrEqual(query.limit);
    expect(page.next === undefined).toBe(page.end);
    items.push(...page.items);
    cursor = page.next;
    if (page.end) return items;
    await between();
  }
  throw new Error('expected an end');
}

const placesOf = (events: readonly RecordedEvent[]): Position[] => events.map(({ position }) => position);

test('pages, one after the other, are the matching events of executions in the order of the log', async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      few,
      fc.constantFrom<Direction>('forwards', 'backwards'),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 3 }),
      async (taken, filter, direction, limit, maxPlaces) => {
        const store = await logOf(taken);
        const wanted = matching(await wholeLog(store), filter);
        const found = await paged(readerOf(store, maxPlaces), { filter, direction, limit });
        expect(placesOf(found)).toEqual(placesOf(direction === 'forwards' ? wanted : wanted.toReversed()));
      },
    ),
  );
});

test('cursors hold their place while events arrive: backwards nothing moves, forwards the new ones come at the end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 20 }),
      few,
      fc.constantFrom<Direction>('forwards', 'backwards'),
      async (taken, filter, direction) => {
        const store = await logOf(taken);
        const before = matching(await wholeLog(store), filter);
        let more = 0;
        const found = await paged(readerOf(store), { filter, direction, limit: 2 }, async () => {
          if (more < 4) await take(store, taken[more]!, 100 + more++);
        });
        const after = matching(await wholeLog(store), filter);
        expect(placesOf(found)).toEqual(direction === 'forwards' ? placesOf(after) : placesOf(before.toReversed()));
      },
    ),
  );
});

test('a page says where to go on when more was appended', async () => {
  const store = await logOf([{ execution: 0, type: 0, actor: 0 }]);
  const reader = readerOf(store);
  const first = await reader.page({ filter: {}, direction: 'forwards', limit: 10 });
  await take(store, { execution: 1, type: 0, actor: 0 }, 1);
  const second = await reader.page({ filter: {}, direction: 'forwards', limit: 10, from: first.position });
  expect([first.items.length, first.end, second.items.map(({ data }) => data['n'])]).toEqual([1, true, [1]]);
});

test('a page of large events ends before its limit, and never without one', async () => {
  const store = new MemoryEventStore();
  for (let n = 0; n < 60; n += 1) await take(store, { execution: 0, type: 0, actor: 0 }, n, 200 * 1024);
  const reader = readerOf(store);
  const page = await reader.page({ filter: {}, direction: 'forwards', limit: 1_000 });
  expect([page.items.length, page.end]).toEqual([40, false]);
  expect(await paged(reader, { filter: {}, direction: 'backwards', limit: 1_000 })).toHaveLength(60);
});

test.each(['', 'x', 'bm90IGpzb24', Buffer.from('["log1","forwards",1]').toString('base64url'), 'y'.repeat(500)])(
  'a cursor nobody gave is refused: %s',
  async (cursor) => {
    const page = readerOf(await logOf([])).page({ filter: {}, direction: 'forwards', limit: 1, cursor });
    await expect(page).rejects.toBeInstanceOf(LogCursorError);
  },
);

test('so is one of a list in the other order, one of a list with other filters, and one of another log', async () => {
  const taken = Array.from({ length: 5 }, () => ({ execution: 0, type: 0, actor: 0 }));
  const reader = readerOf(await logOf(taken));
  const { next } = await reader.page({ filter: {}, direction: 'forwards', limit: 1 });
  const query = { filter: {}, limit: 1, cursor: next! };
  await expect(reader.page({ ...query, direction: 'backwards' })).rejects.toThrow(
    /same order \(backwards\), found one forwards/,
  );
  await expect(reader.page({ ...query, filter: { types: ['X'] }, direction: 'forwards' })).rejects.toThrow(
    /same filters/,
  );
  const other = readerOf(await logOf(taken));
  await expect(other.page({ ...query, direction: 'forwards' })).rejects.toBeInstanceOf(PositionError);
});

test('an index that speaks of another log is not believed', async () => {
  const store = await logOf([{ execution: 0, type: 0, actor: 0 }]);
  const [place] = matching(await wholeLog(store), {});
  const wrong = { ...place!, position: 'm1:000000000000:1' as Position };
  const index = { events: async () => ({ places: [wrong], next: START, end: true }) };
  const page = new LogReader({ store, index }).page({ filter: { actor: 'alice' }, direction: 'forwards', limit: 1 });
  await expect(page).rejects.toBeInstanceOf(CorruptionError);
});

describe('following', () => {
  test('tells history and what is appended meanwhile, each once, in order, whatever the filter and wherever it begins', async () => {
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.array(step, { maxLength: 12 }),
        few,
        fc.nat(5),
        async (taken, later, filter, skipped) => {
          const store = await logOf(taken);
          const begin = (await wholeLog(store))[skipped - 1]?.position ?? START;
          const stop = new AbortController();
          const told: Position[] = [];
          const pending = [...later.entries()];
          let isBusy = false;
          for await (const message of readerOf(store, 2).follow(filter, begin, stop.signal)) {
            if (message.kind === 'event') told.push(message.event.position);
            const next = isBusy ? undefined : pending.shift();
            if (next !== undefined) {
              isBusy = true;
              void take(store, next[1], 100 + next[0]).then(() => (isBusy = false));
            }
            const isLast = message.kind === 'position' && message.position === (await store.head());
            if (isLast && pending.length === 0 && !isBusy) stop.abort();
          }
          const wanted = matching(await wholeLog(store), filter).filter(
            ({ position }) => store.compare(position, begin) > 0,
          );
          expect(told).toEqual(placesOf(wanted));
        },
      ),
    );
  });

  test('a position says that nothing before it is left to be told', async () => {
    const store = await logOf(
      Array.from({ length: 9 }, (_, type) => ({ execution: type % 4, type: type % 5, actor: 0 })),
    );
    const stop = new AbortController();
    const wanted = matching(await wholeLog(store), { outcome: 'Failed' });
    const told: Position[] = [];
    for await (const message of readerOf(store).follow({ outcome: 'Failed' }, START, stop.signal)) {
      if (message.kind === 'event') told.push(message.event.position);
      else {
        const due = placesOf(wanted).filter((position) => store.compare(position, message.position) <= 0);
        expect(told).toEqual(due);
        if (message.position === (await store.head())) stop.abort();
      }
    }
    expect(wanted.length).toBeGreaterThan(0);
  });

  test('ends when the store closes', async () => {
    const store = await logOf([]);
    const following = readerOf(store).follow({}, START, new AbortController().signal);
    let last = await following.next();
    for (let messages = 0; messages < 5 && store.openSubscriptions === 0; messages += 1) last = await following.next();
    const waiting = Promise.all([following.next(), following.next()]);
    await store.close();
    expect([last.done, (await waiting)[1].done, store.openSubscriptions]).toEqual([false, true, 0]);
  });
});

test('what is remembered of executions is bounded and changes no answer', async () => {
  await fc.assert(
    fc.asyncProperty(steps, few, async (taken, filter) => {
      const store = await logOf(taken);
      const log = await wholeLog(store);
      const forgetful = new EventMatching(store, 1);
      const passed: RecordedEvent[] = [];
      for (const event of log) if (await forgetful.matches(filter, event)) passed.push(event);
      const backwards: RecordedEvent[] = [];
      const remembering = new EventMatching(store);
      for (const event of log.toReversed()) if (await remembering.matches(filter, event)) backwards.push(event);
      expect([placesOf(passed), placesOf(backwards.reverse())]).toEqual([
        placesOf(matching(log, filter)),
        placesOf(matching(log, filter)),
      ]);
    }),
  );
});

test('events that were archived after the index took them in are passed over', async () => {
  const store = await logOf([0, 1, 0, 1, 0].map((execution) => ({ execution, type: 0, actor: 0 })));
  const everything = { from: START, direction: 'forwards', limit: 1_000 } as const;
  const { places } = await new ScanningLogIndex(store).events({}, everything);
  const stream = streamOf(IDS[0]!);
  await store.append(stream, 'exists', [eventOf('ExecutionArchived', {}, 9)]);
  await store.archive(stream, 2, 'archive-1.ndjson.gz');
  const left = places.filter((place) => place.stream !== stream || place.revision >= 2);
  const found = await eventsAt(store, places);
  expect(found.map(({ position }) => position)).toEqual(left.map(({ position }) => position));
});

test('an event that stands for an archived history is filtered as the history was', async () => {
  const store = new MemoryEventStore();
  const spec = { targetResource: TARGETS[0]!, workflowRef: { workflowId: WORKFLOWS[0]! } };
  const archived = eventOf('ExecutionArchived', { created: { spec }, outcome: 'Failed' }, 0);
  const { events } = await store.append(`workflowexecution-${IDS[0]!}`, 'none', [archived]);
  const matched = (filter: EventFilter) => new EventMatching(store).matches(filter, events[0]!);
  expect(await matched({ target: TARGETS[0]!, workflowId: WORKFLOWS[0]!, outcome: 'Failed' })).toBe(true);
  expect([await matched({ target: TARGETS[1]! }), await matched({ outcome: 'Success' })]).toEqual([false, false]);
});
