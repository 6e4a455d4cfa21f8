import type { EventFilter } from '#audit';
import { EventMatching, LogReader } from '#audit';
import type { RecordedEvent } from '#event-store';
import { START } from '#event-store';
import type { Delivery, Webhook } from '#runtime';
import type { Cluster } from '#kubernetes';
import { ClusterError, LeaderElection } from '#kubernetes';
import { ArrayReadModel } from '../../libs/read-model/test/support/array-read-model.ts';
import { intercepted, MemoryWorld } from '../support/memory-world.ts';

/** What one replica sends, under its name, to a receiver that takes its time. */
function webhookOf(
  world: MemoryWorld,
  replica: string,
  sent: [string, RecordedEvent][],
  { wants, tookMs = 20 }: { readonly wants?: Webhook['wants']; readonly tookMs?: number } = {},
): Webhook {
  const send = async (event: RecordedEvent, signal: AbortSignal): Promise<Delivery> => {
    await world.clock.sleep(tookMs, signal);
    if (signal.aborted) return { kind: 'Failed', error: 'aborted' };
    sent.push([replica, event]);
    return { kind: 'Delivered' };
  };
  const url = 'https://pager.example.test/';
  return { name: 'pager', url, begin: 'start', wants: wants ?? (async () => true), sender: { send } };
}

const executionEvents = async (world: MemoryWorld): Promise<readonly RecordedEvent[]> =>
  (await world.log()).filter(({ stream }) => stream.startsWith('workflowexecution-'));

test('the replica that leads sends what happens; the one that takes over goes on where it was', async () => {
  const world = await MemoryWorld.open({ cooldownMs: 1_000 });
  const sent: [string, RecordedEvent][] = [];
  const replica = (name: string) =>
    world.replica({
      webhooks: [webhookOf(world, name, sent)],
      leadership: new LeaderElection({
        ...{ cluster: world.cluster, clock: world.clock, identity: name, random: () => 0.5 },
        lease: { namespace: 'kubernaut-workflows', name: 'service' },
      }),
    });
  const first = await replica('first');
  const second = await replica('second');
  const id = await world.create(second, world.spec('quick'));
  await world.recorded(id, 'LockReleased');
  const all = await executionEvents(world);
  await world.until('all to be sent', () => sent.length === all.length);
  expect(sent.every(([by]) => by === 'first')).toBe(true);
  expect(sent.map(([, event]) => event.id)).toEqual(all.map((event) => event.id));
  expect(await second.webhooks.list()).toMatchObject([{ name: 'pager', state: 'idle' }]);

  await world.within(first.stop());
  await world.create(second, world.spec('quick', { targetResource: 'world/deployment/other' }));
  await world.until('the second to send', () => sent.some(([by]) => by === 'second'));
  const later = sent.filter(([by]) => by === 'second').map(([, event]) => event.type);
  expect([later[0], sent.length]).toEqual(['ExecutionCreated', all.length + later.length]);
  expect(await second.webhooks.list()).toMatchObject([{ state: 'delivering' }]);
  await world.close();
});

test('a replica that can no longer hold the lease sends nothing more; the next one goes on, in order, and leaves nothing out', async () => {
  const world = await MemoryWorld.open({ cooldownMs: 1_000 });
  const sent: [string, RecordedEvent][] = [];
  let isCut = false;
  const unreachable = intercepted(world.cluster, 'replace', (call) =>
    isCut ? Promise.reject(new ClusterError('unavailable', 'no way to the API server')) : call(),
  );
  const replica = (name: string, cluster: Cluster) =>
    world.replica({
      webhooks: [webhookOf(world, name, sent, { tookMs: 2_000 })],
      leadership: new LeaderElection({
        ...{ cluster, clock: world.clock, identity: name, random: () => 0.5 },
        lease: { namespace: 'kubernaut-workflows', name: 'service' },
      }),
    });
  await replica('first', unreachable);
  const second = await replica('second', world.cluster);
  const work = ['a', 'b', 'c', 'd'].map((name) => world.spec('quick', { targetResource: `world/deployment/${name}` }));
  const ids = [];
  for (const spec of work.slice(0, 2)) ids.push(await world.create(second, spec));
  await world.until('the first to be in the midst of it', () => sent.length > 4);
  isCut = true;
  for (const spec of work.slice(2)) ids.push(await world.create(second, spec));
  for (const id of ids) await world.recorded(id, 'LockReleased');
  const all = await executionEvents(world);
  const arrived = () => [...new Map(sent.map(([, event]) => [event.id, event])).values()];
  await world.until('all to have arrived', () => arrived().length === all.length);

  const bySecond = sent.findIndex(([by]) => by === 'second');
  expect(bySecond).toBeGreaterThan(4);
  expect(new Set(sent.slice(bySecond).map(([by]) => by))).toEqual(new Set(['second']));
  for (const stream of new Set(all.map((event) => event.stream)))
    expect(arrived().flatMap((event) => (event.stream === stream ? [event.revision] : []))).toEqual(
      all.flatMap((event) => (event.stream === stream ? [event.revision] : [])),
    );
  await world.close();
});

test('a replay that any replica was asked for is carried out by the one that leads', async () => {
  const world = await MemoryWorld.open({ cooldownMs: 1_000 });
  const sent: [string, RecordedEvent][] = [];
  const runtime = await world.replica({ webhooks: [webhookOf(world, 'only', sent)] });
  const id = await world.create(runtime, world.spec('quick'));
  await world.recorded(id, 'LockReleased');
  const all = await executionEvents(world);
  await world.until('all to be sent', () => sent.length === all.length);
  const asked = runtime.webhooks.replay('pager', START, 'again', { actor: { user: 'olivia' }, source: 'rest' });
  await world.within(asked);
  await world.until('all to be sent again', () => sent.length === 2 * all.length);
  await world.close();
});

test('what the index finds, what a follower is told and what a webhook gets are the same events', async () => {
  const world = await MemoryWorld.open({ cooldownMs: 1_000 });
  const index = new ArrayReadModel();
  const matching = new EventMatching(world.store);
  const conditions: EventFilter[] = [
    {},
    { outcome: 'Success' },
    { outcome: 'Failed' },
    { target: 'world/deployment/b' },
    { workflowId: 'fail', types: ['ExecutionFailed', 'LockReleased'] },
    { correlationId: 'rr', actor: 'tester' },
    { from: new Date(world.clock.now() + 1_000).toISOString() },
  ];
  const sent: [string, RecordedEvent][][] = conditions.map(() => []);
  const webhooks = conditions.map((filter, at) => ({
    ...webhookOf(world, 'only', sent[at]!, { wants: (event) => matching.matches(filter, event) }),
    name: `webhook-${at}`,
  }));
  const runtime = await world.replica({ readModel: index, webhooks });
  for (const [workflow, target] of [
    ['quick', 'a'],
    ['fail', 'b'],
    ['quick', 'b'],
  ] as const) {
    const id = await world.create(runtime, world.spec(workflow, { targetResource: `world/deployment/${target}` }));
    await world.recorded(id, 'LockReleased');
  }
  await world.until('the webhooks to be done', async () =>
    (await runtime.webhooks.list()).every(({ lag }) => lag.events === 0),
  );
  const reader = new LogReader({ store: world.store, index });
  for (const [at, filter] of conditions.entries()) {
    const { items, end } = await reader.page({ filter, direction: 'forwards', limit: 500 });
    const found = items.map(({ position }) => position);
    expect([at, end, found.length > 0]).toEqual([at, true, true]);
    const told: string[] = [];
    const stop = new AbortController();
    const head = await world.store.head();
    for await (const message of reader.follow(filter, START, stop.signal)) {
      if (message.kind === 'event') told.push(message.event.position);
      else if (world.store.compare(message.position, head) >= 0) stop.abort();
    }
    expect([at, told]).toEqual([at, found]);
    expect([at, sent[at]!.map(([, event]) => event.position).sort()]).toEqual([at, [...found].sort()]);
  }
  await world.close();
});
