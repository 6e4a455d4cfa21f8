import { ConcurrencyError } from '#event-store';
import { newEvent, newEvents } from '../events.ts';
import type { Subject } from './subject.ts';

export function idempotencyCases(subject: Subject): void {
  test('retry-same-ids-same-exact-revision-returns-original-result', async () => {
    await subject.store.append(subject.stream(), 'none', [newEvent()]);
    const events = newEvents(2);
    const first = await subject.store.append(subject.stream(), 0, events);
    expect(await subject.store.append(subject.stream(), 0, events)).toEqual({ ...first, repeated: true });
    expect((await subject.store.readStream(subject.stream())).events).toHaveLength(3);
  });

  test('retry-no-stream-same-ids-returns-original-result', async () => {
    const events = newEvents(2);
    const first = await subject.store.append(subject.stream(), 'none', events);
    expect(await subject.store.append(subject.stream(), 'none', events)).toEqual({ ...first, repeated: true });
    expect(await subject.store.head()).toBe(first.position);
  });

  test('retry-in-the-same-moment-writes-once', async () => {
    const events = newEvents(2);
    const attempts = await Promise.all([1, 2, 3].map(() => subject.store.append(subject.stream(), 'none', events)));
    expect(attempts.filter((result) => !result.repeated)).toHaveLength(1);
    expect(new Set(attempts.map((result) => result.position)).size).toBe(1);
    expect((await subject.store.readStream(subject.stream())).events).toHaveLength(2);
  });

  test('retry-after-later-appends-still-idempotent', async () => {
    const events = newEvents(2);
    const first = await subject.store.append(subject.stream(), 'none', events);
    await subject.store.append(subject.stream(), 1, newEvents(3));
    expect(await subject.store.append(subject.stream(), 'none', events)).toEqual({ ...first, repeated: true });
  });

  test('retry-after-store-restart-still-idempotent', async () => {
    const events = newEvents(2);
    const first = await subject.store.append(subject.stream(), 'none', events);
    await subject.restart();
    expect(await subject.store.append(subject.stream(), 'none', events)).toEqual({ ...first, repeated: true });
  });

  test('retry-partial-overlap-conflicts', async () => {
    const [a, b, c] = newEvents(3);
    await subject.store.append(subject.stream(), 'none', [a!, b!]);
    await expect(subject.store.append(subject.stream(), 'none', [a!, c!])).rejects.toThrow(ConcurrencyError);
  });

  test('retry-prefix-subset-is-idempotent', async () => {
    const events = newEvents(3);
    const first = await subject.store.append(subject.stream(), 'none', events);
    const again = await subject.store.append(subject.stream(), 'none', events.slice(0, 2));
    expect(again).toMatchObject({ revision: 1, repeated: true, position: first.events[1]!.position });
    expect(again.events).toEqual(first.events.slice(0, 2));
  });

  test('retry-superset-conflicts', async () => {
    const events = newEvents(3);
    await subject.store.append(subject.stream(), 'none', events.slice(0, 2));
    await expect(subject.store.append(subject.stream(), 'none', events)).rejects.toThrow(ConcurrencyError);
    expect((await subject.store.readStream(subject.stream())).events).toHaveLength(2);
  });

  test('retry-same-ids-in-another-order-conflicts', async () => {
    const [a, b] = newEvents(2);
    await subject.store.append(subject.stream(), 'none', [a!, b!]);
    await expect(subject.store.append(subject.stream(), 'none', [b!, a!])).rejects.toThrow(ConcurrencyError);
  });

  test('same-id-different-data-keeps-first-data', async () => {
    const event = newEvent({ data: { kept: 'first' } });
    const first = await subject.store.append(subject.stream(), 'none', [event]);
    const again = await subject.store.append(subject.stream(), 'none', [{ ...event, data: { kept: 'second' } }]);
    expect(again).toEqual({ ...first, repeated: true });
    expect((await subject.store.readStream(subject.stream())).events[0]!.data).toEqual({ kept: 'first' });
  });

  test('same-id-in-two-streams-is-independent', async () => {
    const event = newEvent();
    const first = await subject.store.append(subject.stream(1), 'none', [event]);
    const second = await subject.store.append(subject.stream(2), 'none', [event]);
    expect(second.repeated).toBe(false);
    expect(second.position).not.toBe(first.position);
    expect(second.hash).not.toBe(first.hash);
  });
}
