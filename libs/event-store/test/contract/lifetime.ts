import { START, UnavailableError } from '#event-store';
import { collect } from '../collect.ts';
import { until } from '../../../../test/support/until.ts';
import { within } from '../../../../test/support/within.ts';
import { newEvent, newEvents } from '../events.ts';
import type { Subject } from './subject.ts';

export function lifetimeCases(subject: Subject): void {
  test('dispose-is-bounded-and-idempotent', async () => {
    const { store } = subject;
    await store.append(subject.stream(), 'none', [newEvent()]);
    const waiting = collect(store.subscribe(START), 99);
    await until('the subscription', () => subject.under.openSubscriptions(store) === 1);
    const accepted = Array.from({ length: 50 }, (_, index) =>
      store.append(subject.stream(index + 2), 'none', newEvents(3)),
    );
    const closing = [store.close(), store.close()];
    expect((await Promise.all(accepted)).map((result) => result.revision)).toEqual(Array<number>(50).fill(2));
    await within('the end', Promise.all(closing));
    await store.close();
    await waiting;
    expect(subject.under.openSubscriptions(store)).toBe(0);
    await subject.restart();
    expect((await subject.store.readAll(START)).events).toHaveLength(151);
  });

  test('after-close-everything-is-unavailable', async () => {
    const { store } = subject;
    const { position } = await store.append(subject.stream(), 'none', [newEvent()]);
    await store.close();
    await expect(store.append(subject.stream(), 0, [newEvent()])).rejects.toThrow(UnavailableError);
    await expect(store.readStream(subject.stream())).rejects.toThrow(UnavailableError);
    await expect(store.readAll(START)).rejects.toThrow(UnavailableError);
    await expect(store.readTexts(START)).rejects.toThrow(UnavailableError);
    await expect(store.links()[Symbol.asyncIterator]().next()).rejects.toThrow(UnavailableError);
    await expect(store.selfCheck()).rejects.toThrow(UnavailableError);
    await expect(store.head()).rejects.toThrow(UnavailableError);
    await expect(store.probe()).rejects.toThrow(UnavailableError);
    expect(() => store.subscribe(START)).toThrow(UnavailableError);
    expect(store.compare(START, position)).toBeLessThan(0);
  });

  test('identity-and-positions-survive-a-restart', async () => {
    const { storeId } = subject.store;
    const { position } = await subject.store.append(subject.stream(), 'none', newEvents(3));
    await subject.restart();
    expect(subject.store.storeId).toBe(storeId);
    expect(await subject.store.head()).toBe(position);
    const { events } = await subject.store.append(subject.stream(), 2, [newEvent()]);
    expect((await subject.store.readAll(position)).events).toEqual(events);
  });

  test('probe-answers-and-leaves-no-trace-in-the-log', async () => {
    await subject.store.probe();
    expect(await subject.store.head()).toBe(START);
  });
}
