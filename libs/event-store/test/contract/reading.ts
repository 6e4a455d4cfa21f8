import { InvalidEventError, LimitError, PositionError, START, STORE_LIMITS, StreamNotFoundError } from '#event-store';
import type { RecordedEvent } from '#event-store';
import { collect } from '../collect.ts';
import { newEvent, newEvents } from '../events.ts';
import type { Subject } from './subject.ts';

const numbers = (events: readonly RecordedEvent[]): unknown[] => events.map((event) => event.data['n']);

export function readingCases(subject: Subject): void {
  test('read-forwards-inclusive-from-revision', async () => {
    await subject.store.append(subject.stream(), 'none', newEvents(5));
    const slice = await subject.store.readStream(subject.stream(), { from: 2 });
    expect(numbers(slice.events)).toEqual([2, 3, 4]);
    expect(slice.next).toBeUndefined();
  });

  test('read-backwards-from-end', async () => {
    await subject.store.append(subject.stream(), 'none', newEvents(5));
    const end = await subject.store.readStream(subject.stream(), { direction: 'backwards', limit: 2 });
    expect(numbers(end.events)).toEqual([4, 3]);
    expect(end.next).toBe(2);
    const rest = await subject.store.readStream(subject.stream(), { direction: 'backwards', from: 2, limit: 3 });
    expect(numbers(rest.events)).toEqual([2, 1, 0]);
    expect(rest.next).toBeUndefined();
    const explicit = await subject.store.readStream(subject.stream(), {
      direction: 'backwards',
      from: 'end',
      limit: 1,
    });
    expect(numbers(explicit.events)).toEqual([4]);
  });

  test('read-limit-and-paging-cover-stream-exactly-once', async () => {
    await subject.store.append(subject.stream(), 'none', newEvents(20));
    for (const limit of [1, 3, 19, 20, 21]) {
      const found: unknown[] = [];
      for (let next: number | undefined = 0; next !== undefined;) {
        const slice = await subject.store.readStream(subject.stream(), { from: next, limit });
        expect(slice.events.length).toBeLessThanOrEqual(limit);
        found.push(...numbers(slice.events));
        next = slice.next;
      }
      expect(found).toEqual(Array.from({ length: 20 }, (_, index) => index));
    }
  });

  test('large-events-come-in-shorter-pages-and-none-is-lost', async () => {
    const text = 'x'.repeat(200_000);
    for (let n = 0; n < 30; n += 1) {
      await subject.store.append(subject.stream(n % 2), n < 2 ? 'none' : 'exists', [newEvent({ data: { n, text } })]);
    }
    const found: unknown[] = [];
    for (let after = START, end = false; !end;) {
      const slice = await subject.store.readAll(after, { streamPrefixes: [`${subject.category}-`] });
      found.push(...numbers(slice.events));
      ({ next: after, end } = slice);
    }
    expect(found).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });

  test('read-missing-stream-is-not-found', async () => {
    await expect(subject.store.readStream(subject.stream('missing'))).rejects.toThrow(StreamNotFoundError);
    await expect(subject.store.readStream('no stream can have this name')).rejects.toThrow(StreamNotFoundError);
  });

  test('read-beyond-end-is-empty', async () => {
    await subject.store.append(subject.stream(), 'none', newEvents(2));
    expect(await subject.store.readStream(subject.stream(), { from: 2 })).toEqual({ events: [], next: undefined });
    const backwards = await subject.store.readStream(subject.stream(), { from: 99, direction: 'backwards' });
    expect(numbers(backwards.events)).toEqual([1, 0]);
    const { position } = await subject.store.append(subject.stream(), 1, [newEvent()]);
    expect(await subject.store.readAll(position)).toEqual({ events: [], next: position, end: true });
  });

  test('read-while-appending-sees-a-prefix', async () => {
    const { store } = subject;
    await store.append(subject.stream(), 'none', newEvents(5));
    const writing = (async () => {
      for (let n = 5; n < 200; n += 5) await store.append(subject.stream(), n - 1, newEvents(5, n));
    })();
    let seen = 0;
    while (seen < 200) {
      const { events } = await store.readStream(subject.stream());
      expect(events.length % 5).toBe(0);
      expect(events.length).toBeGreaterThanOrEqual(seen);
      expect(numbers(events)).toEqual(Array.from({ length: events.length }, (_, index) => index));
      seen = events.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
  });

  test('read-all-filtered-by-stream-prefix-in-global-order', async () => {
    const { store, category } = subject;
    for (let n = 0; n < 60; n += 1) {
      await store.append(`${category}${'abc'[n % 3]}-${n % 2}${n}`, 'none', [newEvent({ data: { n } })]);
    }
    const read = async (streamPrefixes: string[], limit = 7): Promise<unknown[]> => {
      const found: unknown[] = [];
      for (let after = START, end = false; !end;) {
        const slice = await store.readAll(after, { streamPrefixes }, limit);
        expect(slice.events.length).toBeLessThanOrEqual(limit);
        found.push(...numbers(slice.events));
        ({ next: after, end } = slice);
      }
      return found;
    };
    const matching = (holds: (n: number) => boolean): number[] => Array.from({ length: 60 }, (_, n) => n).filter(holds);
    expect(await read([category])).toEqual(matching(() => true));
    expect(await read([`${category}a-`])).toEqual(matching((n) => n % 3 === 0));
    expect(await read([`${category}c-`, `${category}a-`])).toEqual(matching((n) => n % 3 !== 1));
    expect(await read([`${category}b-1`])).toEqual(matching((n) => n % 3 === 1 && n % 2 === 1));
    expect(await read([`${category}a-`, `${category}a-0`, `${category}b-0`])).toEqual(
      matching((n) => n % 3 === 0 || (n % 3 === 1 && n % 2 === 0)),
    );
    expect(await read(['nothing-'])).toEqual([]);
    expect(await read([])).toEqual([]);
  });

  test('read-all-inclusive-subscribe-exclusive', async () => {
    // The port makes one rule of the two that KurrentDB has: after a position, both start with the next event.
    const { store } = subject;
    const { events } = await store.append(subject.stream(), 'none', newEvents(3));
    const after = events[1]!.position;
    expect((await store.readAll(after)).events).toEqual([events[2]]);
    expect(await collect(store.subscribe(after), 1)).toEqual([{ kind: 'event', event: events[2] }]);
  });

  test('system-events-never-surface', async () => {
    const { store } = subject;
    await store.append(subject.stream(), 'none', newEvents(3));
    await store.probe();
    await subject.restart();
    const { events, end } = await subject.store.readAll(START);
    expect(events).toHaveLength(3);
    expect(end).toBe(true);
    await expect(subject.store.readStream('$all')).rejects.toThrow(StreamNotFoundError);
  });

  test('bad-read-options-are-typed-errors', async () => {
    const { store } = subject;
    const stream = subject.stream();
    await store.append(stream, 'none', [newEvent()]);
    const limit = STORE_LIMITS.readLimit + 1;
    await expect(store.readStream(stream, { limit })).rejects.toThrow(LimitError);
    await expect(store.readAll(START, {}, limit)).rejects.toThrow(LimitError);
    await expect(store.readStream(stream, { limit: 0 })).rejects.toThrow(InvalidEventError);
    await expect(store.readStream(stream, { from: -1 })).rejects.toThrow(InvalidEventError);
    await expect(store.readStream(stream, { from: 'end' })).rejects.toThrow(InvalidEventError);
    await expect(store.readAll(START, { streamPrefixes: ['UPPER'] })).rejects.toThrow(InvalidEventError);
    await expect(store.readAll('nonsense' as typeof START)).rejects.toThrow(PositionError);
  });
}
