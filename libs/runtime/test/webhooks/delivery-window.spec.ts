import type { RecordedEvent } from '#event-store';
import { MemoryEventStore, START } from '#event-store';
import { DeliveryWindow } from '../../src/webhooks/delivery-window.ts';
import { eventOf } from '../support/lives.ts';

const LIMITS = { events: 3, characters: 1_000 };

/** Events of these streams, each with so many characters. */
async function events(streams: readonly string[], characters = 10): Promise<readonly RecordedEvent[]> {
  const store = new MemoryEventStore();
  const recorded: RecordedEvent[] = [];
  for (const stream of streams) {
    const event = eventOf('StatusDriftCorrected', 0, { text: 'x'.repeat(characters) });
    recorded.push((await store.append(stream, 'any', [event])).events[0]!);
  }
  return recorded;
}

async function windowOf(streams: readonly string[], characters?: number): Promise<DeliveryWindow> {
  const window = new DeliveryWindow(LIMITS);
  for (const event of await events(streams, characters)) window.add(event, START);
  return window;
}

describe('a window is full', () => {
  test('with as many events as it may hold, until the first of them is delivered', async () => {
    const window = await windowOf(['s-a', 's-b']);
    expect(window.isFull).toBe(false);
    window.add((await events(['s-c']))[0]!, START);
    expect(window.isFull).toBe(true);
    window.delivered(window.take(0)!);
    expect(window.isFull).toBe(false);
  });

  test('with as many characters as it may hold, until they are delivered', async () => {
    const window = await windowOf(['s-a', 's-b'], 600);
    expect(window.isFull).toBe(true);
    window.delivered(window.take(0)!);
    expect(window.isFull).toBe(false);
    expect((await windowOf(['s-a'], 600)).isFull).toBe(false);
  });
});

describe('the next event to be sent', () => {
  test('is none whose time has not come', async () => {
    const window = await windowOf(['s-a']);
    window.failed(window.take(0)!, 500);
    expect([window.take(499), window.soonestMs(400)]).toEqual([undefined, 100]);
    expect(window.take(500)?.event.stream).toBe('s-a');
  });

  test('is the one that failed less often, and then the first', async () => {
    const window = await windowOf(['s-a', 's-b', 's-c']);
    window.failed(window.take(0)!, 0);
    expect([window.take(0), window.take(0), window.take(0)].map((entry) => entry?.event.stream)).toEqual([
      's-b',
      's-c',
      's-a',
    ]);
    expect(window.take(0)).toBeUndefined();
  });

  test('is none of an execution of which one is under way', async () => {
    const window = await windowOf(['s-a', 's-a']);
    const first = window.take(0)!;
    expect(window.take(0)).toBeUndefined();
    window.delivered(first);
    expect(window.take(0)?.event.revision).toBe(1);
  });
});
