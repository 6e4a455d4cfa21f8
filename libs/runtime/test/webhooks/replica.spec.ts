import type { RecordedEvent } from '#event-store';
import { UnavailableError } from '#event-store';
import { DELIVERED, WebhookScene } from './scene.ts';

const MINUTE = 60_000;
const idsOf = (events: readonly RecordedEvent[]): string[] => events.map(({ id }) => id);

describe('a replica', () => {
  test('that is not sure whether it still leads sends nothing, and goes on when it is', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver();
    scene.isSure = false;
    await scene.record(5);
    scene.start(scene.webhook('pager', receiver));
    await scene.clock.advance(10 * MINUTE);
    expect(receiver.attempts).toEqual([]);
    scene.isSure = true;
    await scene.clock.advance(10_000);
    expect(receiver.ids).toEqual(idsOf(scene.events));
    await scene.stop();
  });

  test('that stops waits for what is taken in the last moment, and delivers it once', async () => {
    const scene = new WebhookScene();
    const taken: string[] = [];
    const slow = {
      send: async ({ id }: RecordedEvent) => {
        await scene.clock.sleep(50); // its answer is on the way when the signal aborts
        taken.push(id);
        return { kind: 'Delivered' } as const;
      },
    };
    await scene.record(3);
    scene.start(scene.webhook('pager', slow));
    await scene.clock.advance(10);
    await scene.stop();
    scene.start(scene.webhook('pager', slow));
    await scene.record(1);
    await scene.clock.advance(MINUTE);
    await scene.stop();
    expect(taken).toEqual(idsOf(scene.events));
  });

  test('that stops has not failed: nobody is told of it', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver(() => ({ answer: DELIVERED, tookMs: MINUTE }));
    await scene.record(3);
    const webhooks = scene.start(scene.webhook('pager', receiver)).webhooks;
    await scene.clock.advance(10);
    expect(receiver.underWay).toBe(3);
    await scene.stop();
    expect([receiver.received, scene.warned]).toEqual([[], []]);
    expect(await webhooks.list()).toMatchObject([{ failures: 0 }]);
  });

  test('whose position cannot be recorded says so, and goes on from the one before', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver();
    const append = scene.store.append.bind(scene.store);
    let refused = 0;
    scene.store.append = async (stream, expected, events) => {
      if (events[0]?.type !== 'WebhookPositionReached' || (refused += 1) > 1) return append(stream, expected, events);
      throw new UnavailableError('the disk is full');
    };
    await scene.record(600);
    scene.start(scene.webhook('pager', receiver));
    await scene.until('the position to be refused', () => refused === 1);
    await scene.until('it to be told', () => scene.failed.length === 1);
    await scene.until('it to be recorded', () => scene.recorded('pager').length === 2);
    await scene.until('everything', () => new Set(receiver.ids).size === 600);
    await scene.stop();
  });
});
