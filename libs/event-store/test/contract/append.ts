import type { AppendResult } from '#event-store';
import {
  ConcurrencyError,
  GENESIS_HASH,
  InvalidEventError,
  START,
  StreamNotFoundError,
  verifyChain,
} from '#event-store';
import { collect } from '../collect.ts';
import { newEvent, newEvents } from '../events.ts';
import { streamOf } from '../log.ts';
import type { Subject } from './subject.ts';

export function appendCases(subject: Subject): void {
  test('append-first-event-no-stream-gives-revision-0', async () => {
    const event = newEvent();
    const result = await subject.store.append(subject.stream(), 'none', [event]);
    expect(result).toMatchObject({ revision: 0, repeated: false });
    expect(result.events).toEqual([
      {
        ...event,
        stream: subject.stream(),
        revision: 0,
        position: result.position,
        previousHash: GENESIS_HASH,
        hash: result.hash,
      },
    ]);
    expect((await subject.store.readStream(subject.stream())).events).toEqual(result.events);
  });

  test('append-batch-is-atomic-and-consecutive', async () => {
    const { store } = subject;
    const result = await store.append(subject.stream(), 'none', newEvents(100));
    expect(result.events.map((event) => event.revision)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    expect((await store.readStream(subject.stream())).events).toEqual(result.events);
    // The caller goes away in the middle: all of it is there afterwards, or nothing.
    const abandoned = store.append(subject.stream('abandoned'), 'none', newEvents(100)).catch(() => undefined);
    await subject.restart();
    await abandoned;
    expect([0, 100]).toContain(await lengthOf(subject, subject.stream('abandoned')));
  });

  test('append-exact-revision-succeeds', async () => {
    const { store } = subject;
    let revision = (await store.append(subject.stream(), 'none', [newEvent()])).revision;
    for (const expected of [1, 3, 5]) {
      const result = await store.append(subject.stream(), revision, newEvents(2));
      expect(result.events[0]!.revision).toBe(expected);
      revision = result.revision;
    }
    expect(revision).toBe(6);
    expect(verifyChain((await store.readStream(subject.stream())).events)).toBeUndefined();
  });

  test('append-stale-revision-conflicts-and-reports-actual', async () => {
    await subject.store.append(subject.stream(), 'none', newEvents(3));
    const stale = subject.store.append(subject.stream(), 1, [newEvent()]);
    await expect(stale).rejects.toMatchObject({ name: 'ConcurrencyError', expected: 1, actual: 2 });
    expect(await lengthOf(subject)).toBe(3);
  });

  test('append-future-revision-conflicts', async () => {
    await subject.store.append(subject.stream(), 'none', newEvents(3));
    const future = subject.store.append(subject.stream(), 3, [newEvent()]);
    await expect(future).rejects.toMatchObject({ name: 'ConcurrencyError', expected: 3, actual: 2 });
    const missing = subject.store.append(subject.stream('missing'), 0, [newEvent()]);
    await expect(missing).rejects.toMatchObject({ name: 'ConcurrencyError', expected: 0, actual: 'none' });
  });

  test('append-no-stream-on-existing-conflicts', async () => {
    await subject.store.append(subject.stream(), 'none', [newEvent()]);
    const again = subject.store.append(subject.stream(), 'none', [newEvent()]);
    await expect(again).rejects.toMatchObject({ name: 'ConcurrencyError', expected: 'none', actual: 0 });
  });

  test('append-stream-exists-on-missing-conflicts', async () => {
    const missing = subject.store.append(subject.stream(), 'exists', [newEvent()]);
    await expect(missing).rejects.toMatchObject({ name: 'ConcurrencyError', expected: 'exists', actual: 'none' });
    await subject.store.append(subject.stream(), 'none', [newEvent()]);
    expect((await subject.store.append(subject.stream(), 'exists', [newEvent()])).revision).toBe(1);
  });

  test('append-any-always-appends', async () => {
    for (const revision of [0, 1, 2]) {
      const result = await subject.store.append(subject.stream(), 'any', [newEvent()]);
      expect(result).toMatchObject({ revision, repeated: false });
    }
  });

  test('append-returns-position-usable-as-checkpoint', async () => {
    const { store } = subject;
    const first = await store.append(subject.stream(), 'none', newEvents(2));
    const second = await store.append(subject.stream(), 1, [newEvent()]);
    expect(await store.head()).toBe(second.position);
    expect(store.compare(first.position, second.position)).toBeLessThan(0);
    expect(store.compare(START, first.position)).toBeLessThan(0);
    expect((await store.readAll(first.position)).events).toEqual(second.events);
    const [message] = await collect(store.subscribe(first.position), 1);
    expect(message).toEqual({ kind: 'event', event: second.events[0] });
  });

  test('concurrent-writers-same-revision-exactly-one-wins', async () => {
    const { store } = subject;
    await store.append(subject.stream(), 'none', [newEvent()]);
    const attempts = Array.from({ length: 20 }, () => store.append(subject.stream(), 0, newEvents(2)));
    const outcomes = await Promise.allSettled(attempts);
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(won).toHaveLength(1);
    expect(lost.every(({ reason }) => reason instanceof ConcurrencyError && reason.actual === 2)).toBe(true);
    const { events } = await store.readStream(subject.stream(), { from: 1 });
    expect(events).toEqual((won[0] as PromiseFulfilledResult<AppendResult>).value.events);
  });

  test('concurrent-writers-different-streams-all-win-and-all-positions-distinct', async () => {
    const { store } = subject;
    const attempts = Array.from({ length: 64 }, (_, index) =>
      store.append(subject.stream(index), 'none', newEvents(3)),
    );
    const events = (await Promise.all(attempts)).flatMap((result) => result.events);
    expect(new Set(events.map((event) => event.position)).size).toBe(64 * 3);
    const inOrder = [...events].sort((a, b) => store.compare(a.position, b.position));
    expect((await store.readAll(START)).events).toEqual(inOrder);
  });

  test('one-refused-append-harms-no-other-of-its-moment', async () => {
    const { store } = subject;
    await store.append(subject.stream('taken'), 'none', [newEvent()]);
    const attempts = Array.from({ length: 30 }, (_, index) =>
      store.append(subject.stream(index % 3 === 0 ? 'taken' : index), 'none', newEvents(2)),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(
      Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? 'rejected' : 'fulfilled')),
    );
    expect((await store.readAll(START)).events).toHaveLength(1 + 20 * 2);
  });

  test('append-empty-list-rejected-by-port', async () => {
    await expect(subject.store.append(subject.stream(), 'none', [])).rejects.toThrow(InvalidEventError);
    await expect(subject.store.readStream(subject.stream())).rejects.toThrow(StreamNotFoundError);
  });
}

async function lengthOf(subject: Subject, stream = subject.stream()): Promise<number> {
  return (await streamOf(subject.store, stream)).length;
}
