import type { Position, RecordedEvent, SubscriptionMessage } from '#event-store';
import { PositionError, START } from '#event-store';
import { collect, collectUntil, nextOf } from '../collect.ts';
import { until } from '../../../../test/support/until.ts';
import { within } from '../../../../test/support/within.ts';
import { newEvent, newEvents } from '../events.ts';
import { everything } from '../log.ts';
import type { Subject } from './subject.ts';

const eventsOf = (messages: readonly SubscriptionMessage[]): RecordedEvent[] =>
  messages.flatMap((message) => (message.kind === 'event' ? [message.event] : []));

const kindsOf = (messages: readonly SubscriptionMessage[]): string[] => messages.map((message) => message.kind);

/** Everything up to and including the `count`th event. */
const untilEvents = (messages: AsyncIterable<SubscriptionMessage>, count: number): Promise<SubscriptionMessage[]> =>
  collectUntil(messages, (_, all) => eventsOf(all).length === count);

/** Appends `count` events over `streams` streams, in small batches, from several writers at once. */
async function writeThroughout(subject: Subject, count: number, streams: number): Promise<void> {
  const perStream = count / streams;
  const write = async (stream: string): Promise<void> => {
    for (let n = 0; n < perStream; n += 5) {
      await subject.store.append(stream, n === 0 ? 'none' : n - 1, newEvents(5, n));
    }
  };
  await Promise.all(Array.from({ length: streams }, (_, index) => write(subject.stream(index))));
}

export function subscriptionCases(subject: Subject): void {
  test('subscribe-from-start-then-live-no-gap-no-duplicate', async () => {
    const writing = writeThroughout(subject, 5_000, 50);
    const early = untilEvents(subject.store.subscribe(START), 5_000);
    await until('the first event', async () => subject.store.compare(await subject.store.head(), START) > 0);
    const late = untilEvents(subject.store.subscribe(START), 5_000);
    await writing;
    const log = await everything(subject.store);
    expect(log).toHaveLength(5_000);
    expect(eventsOf(await early)).toEqual(log);
    expect(eventsOf(await late)).toEqual(log);
  });

  test('subscribe-resume-after-checkpoint-is-exclusive', async () => {
    const { events } = await subject.store.append(subject.stream(), 'none', newEvents(5));
    const first = await untilEvents(subject.store.subscribe(START), 3);
    const resumed = await untilEvents(subject.store.subscribe(eventsOf(first).at(-1)!.position), 2);
    expect([...eventsOf(first), ...eventsOf(resumed)]).toEqual(events);
  });

  test('subscribe-order-equals-read-all-order', async () => {
    const filter = { streamPrefixes: [`${subject.category}-1`] };
    await writeThroughout(subject, 300, 20);
    const log = await everything(subject.store, filter);
    expect(log).toHaveLength(11 * 15);
    expect(eventsOf(await untilEvents(subject.store.subscribe(START, filter), log.length))).toEqual(log);
  });

  test('subscribe-per-stream-revisions-contiguous', async () => {
    const following = untilEvents(subject.store.subscribe(START), 600);
    await writeThroughout(subject, 600, 12);
    const revisions = new Map<string, number[]>();
    for (const { stream, revision } of eventsOf(await following)) {
      revisions.set(stream, [...(revisions.get(stream) ?? []), revision]);
    }
    expect(revisions.size).toBe(12);
    for (const found of revisions.values()) expect(found).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  test('caught-up-emitted-once-per-going-live-and-after-last-historic-event', async () => {
    const { store } = subject;
    const history = await store.append(subject.stream(), 'none', newEvents(400));
    const messages = store.subscribe(START)[Symbol.asyncIterator]();
    const found: SubscriptionMessage[] = [];
    while (found.at(-1)?.kind !== 'caught-up') found.push(await nextOf(messages));
    for (let revision = 399; revision < 404; revision += 1) {
      await store.append(subject.stream(), revision, [newEvent()]);
      found.push(await nextOf(messages));
    }
    await messages.return?.();
    expect(kindsOf(found)).toEqual([
      ...Array<string>(400).fill('event'),
      'caught-up',
      ...Array<string>(5).fill('event'),
    ]);
    expect(found[400]).toEqual({ kind: 'caught-up', position: history.position });
  });

  test('caught-up-comes-in-an-empty-log-too', async () => {
    expect(await collect(subject.store.subscribe(START), 1)).toEqual([{ kind: 'caught-up', position: START }]);
  });

  test('filtered-subscription-advances-checkpoint-without-matches', async () => {
    const { store, category } = subject;
    const filter = { streamPrefixes: [`${category}wanted-`] };
    const { position: past } = await store.append(subject.stream(), 'none', newEvents(50));
    const messages = store.subscribe(START, filter)[Symbol.asyncIterator]();
    expect(await nextOf(messages)).toEqual({ kind: 'checkpoint', position: past });
    expect(await nextOf(messages)).toEqual({ kind: 'caught-up', position: past });
    const { position } = await store.append(subject.stream(), 49, newEvents(10));
    expect(await nextOf(messages)).toEqual({ kind: 'checkpoint', position });
    const { events } = await store.append(`${category}wanted-1`, 'none', [newEvent()]);
    expect(await nextOf(messages)).toEqual({ kind: 'event', event: events[0] });
    await messages.return?.();
    expect(await collect(store.subscribe(position, filter), 1)).toEqual([{ kind: 'event', event: events[0] }]);
  });

  test('slow-consumer-loses-nothing-and-memory-is-bounded', async () => {
    // What it costs in memory is measured where the store has a disk; here: nothing is lost, and it can fall far behind.
    const { store } = subject;
    await store.append(subject.stream(), 'none', newEvents(2));
    const messages = store.subscribe(START)[Symbol.asyncIterator]();
    const found: SubscriptionMessage[] = [await nextOf(messages)];
    for (let n = 2; n < 3_002; n += 100) await store.append(subject.stream(), n - 1, newEvents(100, n));
    while (eventsOf(found).length < 3_002) found.push(await nextOf(messages));
    await messages.return?.();
    expect(eventsOf(found).map((event) => event.revision)).toEqual(Array.from({ length: 3_002 }, (_, index) => index));
  });

  test('consumer-error-stops-delivery-and-resume-redelivers-that-event', async () => {
    const { store } = subject;
    await store.append(subject.stream(), 'none', newEvents(5));
    let done: Position = START;
    const consume = async (): Promise<void> => {
      for await (const message of store.subscribe(START)) {
        if (message.kind !== 'event') continue;
        if (message.event.revision === 3) throw new Error('cannot handle this one');
        done = message.event.position;
      }
    };
    await expect(consume()).rejects.toThrow('cannot handle this one');
    expect(subject.under.openSubscriptions(store)).toBe(0);
    const [again] = eventsOf(await untilEvents(store.subscribe(done), 1));
    expect(again!.revision).toBe(3);
  });

  test('abort-signal-ends-iteration-and-frees-resources', async () => {
    const { store } = subject;
    await store.append(subject.stream(), 'none', [newEvent()]);
    const abort = new AbortController();
    const waiting = collect(store.subscribe(START, {}, abort.signal), 99);
    const atOnce = collect(store.subscribe(START, {}, AbortSignal.abort()), 99);
    await until('one subscription left', () => subject.under.openSubscriptions(store) === 1);
    abort.abort();
    expect(kindsOf(await waiting)).toEqual(['event', 'caught-up']);
    expect(await atOnce).toEqual([]);
    expect(subject.under.openSubscriptions(store)).toBe(0);
  });

  test('break-and-return-free-resources-also-while-waiting', async () => {
    const { store } = subject;
    await collect(store.subscribe(START), 1);
    expect(subject.under.openSubscriptions(store)).toBe(0);
    const messages = store.subscribe(START)[Symbol.asyncIterator]();
    expect(await nextOf(messages)).toMatchObject({ kind: 'caught-up' });
    const pending = messages.next();
    await within('the end', messages.return!());
    expect(await within('the pending item', pending)).toEqual({ done: true, value: undefined });
    expect(subject.under.openSubscriptions(store)).toBe(0);
  });

  test('two-subscribers-are-independent', async () => {
    const { store } = subject;
    const slow = store.subscribe(START)[Symbol.asyncIterator]();
    const fast = untilEvents(store.subscribe(START), 300);
    await writeThroughout(subject, 300, 3);
    const log = await everything(store);
    expect(eventsOf(await fast)).toEqual(log);
    const found: SubscriptionMessage[] = [];
    while (eventsOf(found).length < 300) found.push(await nextOf(slow));
    await slow.return?.();
    expect(eventsOf(found)).toEqual(log);
  });

  test('checkpoint-beyond-head-is-rejected-by-port', async () => {
    const { store } = subject;
    const { position } = await store.append(subject.stream(), 'none', [newEvent()]);
    const beyond = subject.under.beyond(position);
    await expect(collect(store.subscribe(beyond), 1)).rejects.toThrow(PositionError);
    await expect(store.readAll(beyond)).rejects.toThrow(PositionError);
    expect(subject.under.openSubscriptions(store)).toBe(0);
  });

  test('checkpoint-of-another-store-is-rejected-by-port', async () => {
    const { store } = subject;
    await store.append(subject.stream(), 'none', newEvents(2));
    const foreign = await subject.foreignPosition(
      async (other) => (await other.append('other-1', 'none', [newEvent()])).position,
    );
    await expect(collect(store.subscribe(foreign), 1)).rejects.toThrow(PositionError);
    await expect(store.readAll(foreign)).rejects.toThrow(PositionError);
    expect(() => store.compare(foreign, START)).toThrow(PositionError);
  });
}
