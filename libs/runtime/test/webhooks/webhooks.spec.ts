import fc from 'fast-check';
import type { Position, RecordedEvent } from '#event-store';
import { PositionError, START } from '#event-store';
import { pauseMs } from '../../src/webhooks/patience.ts';
import type { Answer, Answering } from './scene.ts';
import { DELIVERED, execution, FAILED, WebhookScene } from './scene.ts';

const CONTEXT = { actor: { user: 'olivia' }, source: 'rest' as const };
const MINUTE = 60_000;

const idsOf = (events: readonly RecordedEvent[]): string[] => events.map(({ id }) => id);
const byStream = (events: readonly RecordedEvent[], stream: string): number[] =>
  events.filter((event) => event.stream === stream).map(({ revision }) => revision);

/** Each the first time it came. */
const firsts = (events: readonly RecordedEvent[]): RecordedEvent[] => [
  ...new Map(events.map((event) => [event.id, event])).values(),
];

describe('delivery', () => {
  test('brings every event once, in order for each execution, executions beside each other, when nothing goes wrong', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver(() => ({ answer: DELIVERED, tookMs: 50 }));
    await scene.record(60, 12);
    scene.start(scene.webhook('pager', receiver));
    await scene.until('everything to arrive', () => receiver.received.length === 60);
    for (let n = 0; n < 12; n += 1) expect(byStream(receiver.received, execution(n))).toEqual([0, 1, 2, 3, 4]);
    expect([receiver.attempts.length, receiver.mostUnderWay]).toEqual([60, 8]);
    await scene.record(3);
    await scene.clock.advance(50); // what is recorded later is on its way at once
    expect(receiver.received.length).toBe(63);
    await scene.stop();
  });

  test('begins where it is configured to begin when it is seen for the first time, and never again', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver();
    await scene.record(5);
    const webhook = scene.webhook('pager', receiver, { begin: 'now' });
    scene.start(webhook);
    await scene.until('the beginning to be recorded', () => scene.recorded('pager').length === 1);
    await scene.crash();
    await scene.record(4);
    scene.start(webhook);
    await scene.until('what came later', () => receiver.received.length === 4);
    expect(receiver.ids).toEqual(idsOf(scene.events.slice(5)));
    await scene.stop();
  });

  test('is of what the webhook wants, and what it does not want holds nothing up', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver();
    await scene.record(30);
    const wanted = await scene.recordOne(execution(1), 'ExecutionFailed');
    scene.start(scene.webhook('pager', receiver, { wants: async ({ type }) => type === 'ExecutionFailed' }));
    await scene.until('it', () => receiver.received.length > 0);
    expect(receiver.ids).toEqual([wanted.id]);
    await scene.stop();
    expect(scene.recorded('pager').at(-1)?.data).toMatchObject({
      position: scene.disk.events[31]?.position,
      events: 31,
    });
  });

  test('is tried again with longer and longer pauses, and the order holds', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver((_, attempt) => ({ answer: attempt <= 4 ? FAILED : DELIVERED }));
    await scene.record(2, 1);
    scene.start(scene.webhook('pager', receiver));
    await scene.until('the first', () => receiver.received.length === 1);
    const times = receiver.attempts.slice(0, 5).map(({ atMs }) => atMs);
    expect(times.slice(1).map((atMs, at) => atMs - times[at]!)).toEqual([760, 1_510, 3_010, 6_010]);
    await scene.until('the second', () => receiver.received.length === 2);
    expect(receiver.ids).toEqual(idsOf(scene.events));
    await scene.stop();
  });

  test('repeats what was taken but not answered, under the same id', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver((_, attempt) => ({ answer: attempt === 1 ? { kind: 'lost' } : DELIVERED }));
    await scene.record(1);
    scene.start(scene.webhook('pager', receiver));
    await scene.until('both', () => receiver.received.length === 2);
    expect(receiver.ids).toEqual([scene.events[0]!.id, scene.events[0]!.id]);
    await scene.stop();
  });

  test('honours Retry-After, also while other events are waiting', async () => {
    const scene = new WebhookScene();
    const answer: Answer = { kind: 'Failed', error: 'HTTP 429', retryAfterMs: 10 * MINUTE };
    const receiver = scene.receiver(() => ({ answer: scene.clock.monotonic() < MINUTE ? answer : DELIVERED }));
    await scene.record(40, 20);
    scene.start(scene.webhook('pager', receiver));
    await scene.until('everything', () => receiver.received.length === 40);
    const early = receiver.attempts.filter(({ atMs }) => atMs < 10 * MINUTE);
    expect(early).toHaveLength(8);
    await scene.stop();
  });

  test('waits as long as the most patient of several answers asked for', async () => {
    const scene = new WebhookScene();
    const asked: Answer = { kind: 'Failed', error: 'HTTP 429', retryAfterMs: 10 * MINUTE };
    const receiver = scene.receiver(({ stream }) =>
      stream === execution(0) ? { answer: asked } : { answer: FAILED, tookMs: 20 },
    );
    await scene.record(2, 2);
    scene.start(scene.webhook('pager', receiver));
    await scene.clock.advance(9 * MINUTE);
    expect(receiver.attempts).toHaveLength(2);
    await scene.stop();
  });

  test('after trouble is as before it: executions go beside each other', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver((_, attempt) => ({ answer: attempt <= 3 ? FAILED : DELIVERED }));
    await scene.record(1);
    scene.start(scene.webhook('pager', receiver));
    await scene.until('the first', () => receiver.received.length === 1);
    receiver.mostUnderWay = 0;
    receiver.answering = () => ({ answer: DELIVERED, tookMs: 50 });
    await scene.record(16, 16);
    await scene.until('the others', () => receiver.received.length === 17);
    expect(receiver.mostUnderWay).toBe(8);
    await scene.stop();
  });

  test('of an event that is never taken is tried less and less often, also while others are taken', async () => {
    const scene = new WebhookScene();
    const poison = execution(0);
    const receiver = scene.receiver(({ stream }) => ({ answer: stream === poison ? FAILED : DELIVERED }));
    const { id } = await scene.recordOne(poison);
    scene.start(scene.webhook('pager', receiver));
    for (let n = 0; n < 100; n += 1) {
      await scene.recordOne(execution(1));
      await scene.clock.advance(1_000);
    }
    expect(receiver.received.length).toBeGreaterThan(90);
    expect(receiver.attempts.filter((attempt) => attempt.id === id).length).toBeLessThan(10);
    await scene.stop();
  });

  test('to a receiver that takes nothing reads no more of the log than it may hold', async () => {
    const scene = new WebhookScene();
    const readAll = scene.store.readAll.bind(scene.store);
    let read = 0;
    scene.store.readAll = async (...asked) => {
      const slice = await readAll(...asked);
      if (asked[2] !== 1) read += slice.events.length; // one is read to tell how old it is
      return slice;
    };
    await scene.record(1_000);
    scene.start(
      scene.webhook(
        'pager',
        scene.receiver(() => ({ answer: FAILED })),
      ),
    );
    await scene.clock.advance(60 * MINUTE);
    expect(read).toBeLessThanOrEqual(256);
    await scene.stop();
  });

  test('leaves a receiver in trouble alone: one attempt at a time, minutes apart, and failures under way together count once', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver(() => ({ answer: FAILED }));
    await scene.record(400, 100);
    scene.start(scene.webhook('pager', receiver));
    await scene.clock.advance(60 * MINUTE);
    expect(receiver.attempts.length).toBeLessThan(40);
    expect((await scene.webhooks.list())[0]).toMatchObject({ state: 'failing', lastError: { message: 'HTTP 500' } });
    expect(receiver.attempts.slice(0, 9).map(({ atMs }) => atMs)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 760]);
    await scene.stop();
  });

  test('an event that is never taken keeps its own execution waiting and no other one', async () => {
    const scene = new WebhookScene();
    const poison = execution(0);
    const receiver = scene.receiver(({ stream }) => ({ answer: stream === poison ? FAILED : DELIVERED }));
    await scene.record(100, 5);
    scene.start(scene.webhook('pager', receiver));
    await scene.until('the others', () => receiver.received.length === 80);
    await scene.clock.advance(10 * MINUTE);
    expect([byStream(receiver.received, poison), (await scene.webhooks.list())[0]?.lag.events]).toEqual([[], 101]);
    receiver.answering = () => ({ answer: DELIVERED });
    await scene.until('the rest', () => receiver.received.length === 100);
    expect(byStream(receiver.received, poison)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    await scene.stop();
  });

  test('to one receiver that is down for days loses nothing, costs bounded memory, and holds up no other', async () => {
    const scene = new WebhookScene();
    const up = scene.receiver();
    const down = scene.receiver(() => ({ answer: scene.clock.monotonic() < 72 * 60 * MINUTE ? FAILED : DELIVERED }));
    scene.start(scene.webhook('up', up), scene.webhook('down', down));
    await scene.record(600, 30);
    await scene.until('the one that is up to have all', () => up.received.length === 600);
    expect(scene.clock.monotonic()).toBeLessThan(MINUTE);
    await scene.clock.advance(72 * 60 * MINUTE);
    await scene.until('the other one to have all', () => down.received.length === 600);
    for (let n = 0; n < 30; n += 1)
      expect(byStream(down.received, execution(n))).toEqual(byStream(scene.events, execution(n)));
    await scene.stop();
  });
});

describe('410 Gone', () => {
  const gone: Answer = { kind: 'Gone', error: 'HTTP 410' };

  test('disables the webhook for good, in the log; a restart changes nothing', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver(() => ({ answer: gone }));
    const webhook = scene.webhook('pager', receiver);
    await scene.record(3, 1);
    scene.start(webhook);
    await scene.until('it to be recorded', () =>
      scene.recorded('pager').some(({ type }) => type === 'WebhookDisabled'),
    );
    await scene.stop();
    scene.start(webhook);
    await scene.record(3, 1);
    await scene.clock.advance(60 * MINUTE);
    expect(receiver.attempts).toHaveLength(1);
    expect(await scene.webhooks.list()).toMatchObject([{ state: 'disabled', position: START, lag: { events: 8 } }]);
    await scene.stop();
    expect(await scene.bystander(webhook).list()).toMatchObject([{ state: 'disabled' }]);
  });

  test('ends with a replay, or with another address; nothing was lost', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver(() => ({ answer: gone }));
    await scene.record(3, 1);
    scene.start(scene.webhook('pager', receiver));
    await scene.until('it to be disabled', async () => (await scene.webhooks.list())[0]?.state === 'disabled');
    receiver.answering = () => ({ answer: DELIVERED });
    await scene.webhooks.replay('pager', START, 'the receiver is back', CONTEXT);
    await scene.until('everything', () => receiver.received.length === 3);
    await scene.stop();

    const moved = scene.receiver();
    receiver.answering = () => ({ answer: gone });
    await scene.record(3, 1);
    scene.start(scene.webhook('pager', receiver));
    await scene.until('it to be disabled', async () => (await scene.webhooks.list())[0]?.state === 'disabled');
    await scene.stop();
    scene.start(scene.webhook('pager', moved, { url: 'https://new.example.test/' }));
    await scene.until('the rest', () => moved.received.length === 3);
    expect(
      scene
        .recorded('pager')
        .filter(({ type }) => type === 'WebhookConfigured')
        .map(({ data }) => data['url']),
    ).toEqual(['https://pager.example.test/hook', 'https://new.example.test/']);
    await scene.stop();
  });
});

describe('replay', () => {
  test('delivers again from any position, recorded with who asked and why; from another replica too', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver();
    const webhook = scene.webhook('pager', receiver);
    await scene.record(10);
    scene.start(webhook);
    await scene.until('everything', () => receiver.received.length === 10);
    const from = scene.events[5]!.position;
    const answer = await scene.bystander(webhook).replay('pager', from, 'the pager lost its memory', CONTEXT);
    await scene.until('the rest again', () => receiver.received.length === 14);
    expect(firsts(receiver.received.slice(10)).map(({ id }) => id)).toEqual(idsOf(scene.events.slice(6)));
    const asked = scene.recorded('pager').find(({ type }) => type === 'WebhookReplayRequested');
    expect(asked).toMatchObject({
      data: { position: from, reason: 'the pager lost its memory' },
      metadata: { actor: { user: 'olivia' }, source: 'rest' },
    });
    expect(answer).toEqual({ name: 'pager', from, position: asked?.position });
    await scene.stop();
  });

  test('further on leaves out what is between', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver(() => ({ answer: FAILED }));
    await scene.record(10);
    scene.start(scene.webhook('pager', receiver));
    await scene.until('attempts', () => receiver.attempts.length > 0);
    await scene.webhooks.replay('pager', scene.events[7]!.position, 'nobody wants the old ones', CONTEXT);
    receiver.answering = () => ({ answer: DELIVERED });
    await scene.until('the newest two', () => receiver.received.length === 2);
    expect(receiver.ids).toEqual(idsOf(scene.events.slice(8)));
    await scene.stop();
  });

  test('counts from the moment it is recorded: what comes after its place is still to be told, disabled or not', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver();
    const webhook = scene.webhook('pager', receiver);
    await scene.record(10);
    scene.start(webhook);
    await scene.until('everything', () => receiver.received.length === 10);
    receiver.answering = () => ({ answer: FAILED });
    const from = scene.events[3]!.position;
    await scene.webhooks.replay('pager', from, 'again', CONTEXT);
    expect([await scene.webhooks.served(), await scene.bystander(webhook).served()]).toEqual([from, from]);
    expect((await scene.webhooks.list())[0]?.position).toBe(from);

    receiver.answering = () => ({ answer: { kind: 'Gone', error: 'HTTP 410' } });
    await scene.until('it to be disabled', async () => (await scene.webhooks.list())[0]?.state === 'disabled');
    expect(await scene.webhooks.served()).toBeUndefined();
    await scene.webhooks.replay('pager', START, 'the receiver is back', CONTEXT);
    expect([await scene.webhooks.served(), (await scene.webhooks.list())[0]?.state]).toEqual([START, 'delivering']);
    await scene.stop();
  });

  test('is refused for a webhook there is not, and from a position of another log', async () => {
    const scene = new WebhookScene();
    const webhooks = scene.bystander(scene.webhook('pager', scene.receiver()));
    expect(await webhooks.replay('other', START, 'x', CONTEXT)).toBeUndefined();
    const replay = webhooks.replay('pager', 'm1:ffffffffffff:1' as Position, 'x', CONTEXT);
    await expect(replay).rejects.toBeInstanceOf(PositionError);
    expect(scene.disk.events).toHaveLength(0);
  });
});

describe('the position', () => {
  test('is kept over a stop: nothing is delivered twice then', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver();
    const webhook = scene.webhook('pager', receiver);
    await scene.record(7);
    scene.start(webhook);
    await scene.until('everything', () => receiver.received.length === 7);
    await scene.stop();
    scene.start(webhook);
    await scene.record(1);
    await scene.until('the new one', () => receiver.received.length === 8);
    await scene.stop();
    expect(new Set(receiver.ids).size).toBe(8);
  });

  test('never passes an event that was not delivered', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver(({ stream }) => ({ answer: stream === execution(1) ? FAILED : DELIVERED }));
    await scene.record(30, 3);
    scene.start(scene.webhook('pager', receiver));
    await scene.until('the others', () => receiver.received.length === 20);
    await scene.stop();
    expect(scene.recorded('pager').at(-1)?.data).toMatchObject({ position: scene.events[0]?.position });
  });

  test('is written for at most every tenth event, however slowly they come, and at once after many', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver();
    const webhooks = Array.from({ length: 5 }, (_, n) => scene.webhook(`pager-${n}`, receiver));
    scene.start(...webhooks);
    const positions = () => scene.disk.events.filter(({ type }) => type === 'WebhookPositionReached');
    for (let n = 0; n < 200; n += 1) {
      await scene.recordOne(execution(n % 3));
      await scene.clock.advance(MINUTE);
    }
    expect(positions().length).toBeGreaterThanOrEqual(10);
    expect(positions().length).toBeLessThanOrEqual(20);
    const before = positions().length;
    await scene.record(550);
    await scene.until('positions', () => positions().length >= before + 5);
    await scene.stop();
  });

  test('is not written at all while nothing happens', async () => {
    const scene = new WebhookScene();
    scene.start(scene.webhook('pager', scene.receiver()));
    await scene.clock.advance(600 * MINUTE);
    await scene.stop();
    expect(scene.recorded('pager').map(({ type }) => type)).toEqual(['WebhookConfigured']);
  });
});

describe('what a webhook is like', () => {
  test('is said with lag and failures where it runs, and from the log elsewhere', async () => {
    const scene = new WebhookScene();
    const receiver = scene.receiver(() => ({ answer: FAILED }));
    const webhook = scene.webhook('pager', receiver);
    expect(await scene.bystander(webhook).list()).toEqual([
      { name: 'pager', url: webhook.url, state: 'idle', failures: 0, lag: { events: 0, seconds: 0 } },
    ]);
    await scene.record(4);
    scene.start(webhook);
    await scene.clock.advance(2_000);
    const url = 'https://pager.example.test/hook';
    expect(await scene.webhooks.list()).toEqual([
      {
        ...{ name: 'pager', url, state: 'failing', position: START, failures: 2, lag: { events: 5, seconds: 2 } },
        lastError: { time: expect.any(String) as string, message: 'HTTP 500' },
      },
    ]);
    expect(await scene.bystander(webhook).list()).toMatchObject([{ state: 'idle', failures: 0, position: START }]);
    receiver.answering = () => ({ answer: DELIVERED });
    await scene.until('everything', () => receiver.received.length === 4);
    expect(await scene.webhooks.list()).toMatchObject([
      { state: 'delivering', failures: 0, lag: { events: 0, seconds: 0 } },
    ]);
    await scene.stop();
  });
});

test('pauses double from half a second to a second, to five minutes at most; what is asked for counts, within an hour', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1_000 }),
      fc.option(fc.nat(10 * 60 * MINUTE), { nil: undefined }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, asked, random) => {
        const pause = pauseMs(failures, asked, random);
        const full = Math.min(5 * MINUTE, 1_000 * 2 ** (failures - 1));
        expect(pause).toBeGreaterThanOrEqual(Math.max(full / 2, Math.min(asked ?? 0, 60 * MINUTE)));
        expect(pause).toBeLessThanOrEqual(Math.max(full, Math.min(asked ?? 0, 60 * MINUTE)));
      },
    ),
  );
});

describe('in all weather', () => {
  type Act = 'record' | 'stop' | 'crash' | 'wait' | 'replay';
  const acts = fc.array(
    fc.record({
      act: fc.constantFrom<Act>('record', 'record', 'record', 'wait', 'stop', 'crash', 'replay'),
      n: fc.nat(20),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const fates = fc.array(fc.constantFrom<Answer['kind'] | 'slow'>('Delivered', 'Delivered', 'Failed', 'lost', 'slow'), {
    minLength: 1,
    maxLength: 40,
  });

  test('every event arrives at least once, and first arrivals are in order for each execution', async () => {
    await fc.assert(
      fc.asyncProperty(acts, fc.boolean(), fates, async (all, withReplays, fate) => {
        const course = all.filter(({ act }) => withReplays || act !== 'replay');
        const scene = new WebhookScene();
        let attempts = 0;
        const answering: Answering = () => {
          const kind = fate[(attempts += 1) % fate.length]!;
          if (kind === 'slow') return { answer: DELIVERED, tookMs: 8_000 };
          return { answer: kind === 'Failed' ? FAILED : ({ kind } as Answer) };
        };
        const receiver = scene.receiver(answering);
        const webhook = scene.webhook('pager', receiver);
        scene.start(webhook);
        for (const { act, n } of course) {
          if (act === 'record') await scene.record(n, 4);
          if (act === 'wait') await scene.clock.advance(n * 1_000);
          if (act === 'stop') await scene.stop();
          if (act === 'crash') await scene.crash();
          if (act === 'replay')
            await scene.webhooks
              .replay('pager', scene.events[n]?.position ?? START, 'again', CONTEXT)
              .catch(() => undefined);
          if (act === 'stop' || act === 'crash') scene.start(webhook);
        }
        receiver.answering = () => ({ answer: DELIVERED });
        // A replay may have left something out: then everything is asked for once more.
        const skips = course.some(({ act }) => act === 'replay');
        if (skips) await scene.webhooks.replay('pager', START, 'all of it', CONTEXT);
        const count = scene.events.length;
        const from = skips ? receiver.received.length : 0;
        await scene.until('everything to arrive', () => new Set(receiver.ids.slice(from)).size >= count);
        await scene.stop();
        const arrived = firsts(receiver.received.slice(from));
        for (let e = 0; e < 4; e += 1)
          expect(byStream(arrived, execution(e))).toEqual(byStream(scene.events, execution(e)));
      }),
      { numRuns: 100 },
    );
  }, 120_000);
});
