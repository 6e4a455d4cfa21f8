import type { Cluster, VirtualClock } from '#kubernetes';
import { LeaderElection, PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { Leadership } from '#runtime';
import { intercepted, MemoryWorld } from '../support/memory-world.ts';

/** Two replicas over one log; the first leads. `frozen` stops the time of its election, as when its process is paused. */
async function twoReplicas(cluster: (world: MemoryWorld) => Cluster = (world) => world.cluster) {
  const world = await MemoryWorld.open({ cooldownMs: 1_000 });
  const leading: string[] = [];
  const clock = new PausableClock(world.clock);
  const replica = (name: string, parts: { cluster?: Cluster; time?: VirtualClock } = {}) =>
    world.replica({
      ...(parts.cluster && { cluster: parts.cluster }),
      leadership: electionOf(world, name, name === 'first' ? clock : world.clock),
      onLeading: (isLeading) => leading.push(`${name} ${isLeading ? 'leads' : 'rests'}`),
    });
  const first = await replica('first', { cluster: cluster(world) });
  await world.until('the first to lead', () => leading.includes('first leads'));
  const second = await replica('second');
  return { world, first, second, leading, clock };
}

const electionOf = (world: MemoryWorld, identity: string, clock: VirtualClock | PausableClock): Leadership =>
  new LeaderElection({
    cluster: world.cluster,
    clock,
    lease: { namespace: 'kubernaut-workflows', name: 'service' },
    identity,
    random: () => 0.5,
  });

/** The world's time, except that sleepers of a paused process are not woken before it goes on. */
class PausableClock {
  private going: Promise<void> = Promise.resolve();
  private goOn: () => void = () => undefined;

  constructor(private readonly clock: VirtualClock) {}

  now = (): number => this.clock.now();
  monotonic = (): number => this.clock.monotonic();
  sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    await this.clock.sleep(ms, signal);
    await this.going;
  };

  pause(): void {
    this.going = new Promise((resolve) => (this.goOn = resolve));
  }

  resume(): void {
    this.goOn();
  }
}

describe('two replicas over one log', () => {
  test('both accept commands; the one that leads acts, and the other takes over when it stops', async () => {
    const { world, first, second, leading } = await twoReplicas();
    const id = await world.create(second, world.spec('quick'));
    await world.recorded(id, 'LockReleased');
    expect((await second.service.list({}, { limit: 10 })).items.map((row) => row.id)).toEqual([id]);
    expect(leading).toEqual(['first leads']);
    await world.within(first.stop());
    const next = await world.create(second, world.spec('quick'));
    await world.recorded(next, 'LockReleased');
    expect(leading).toEqual(['first leads', 'first rests', 'second leads']);
    await world.close();
  });

  test('what one replica is told in the middle of a run, the other does', async () => {
    const { world, second } = await twoReplicas();
    const id = await world.create(second, world.spec('hang'));
    await world.recorded(id, 'TaskStarted');
    const cancelled = second.service.cancel(id, 'Immediate', 'enough', { actor: { user: 'ada' }, source: 'rest' });
    expect(await world.within(cancelled)).toMatchObject({ kind: 'Done', recorded: ['CancellationRequested'] });
    await world.recorded(id, 'ExecutionCancelled');
    await world.close();
  });
});

describe('a replica that does not lead and whose watches are behind', () => {
  const never: Leadership = {
    run: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  };

  test('records nothing anew that is in the log when it is told to sync', async () => {
    const world = await MemoryWorld.open();
    let isBehind = false;
    const watch: Cluster['watch'] = async function* (type, options) {
      for await (const message of world.cluster.watch(type, options)) {
        if (isBehind) await world.clock.sleep(60_000, options.signal);
        yield message;
      }
    };
    const cluster = Object.assign(Object.create(world.cluster) as Cluster, { watch });
    const follower = await world.replica({ cluster, leadership: never });
    const id = await world.create(await world.replica(), world.spec('slow'));
    await world.recorded(id, 'TaskStarted');
    isBehind = true;
    await world.recorded(id, 'TaskFinished');
    await world.clock.advance(4_000);
    await world.within(follower.service.sync(id, { actor: { user: 'ada' }, source: 'rest' }));
    await world.recorded(id, 'ExecutionCompleted');
    const tasks = (await world.events(id)).filter(({ type }) => type.startsWith('Task'));
    const told = tasks.map(({ type, data }) => JSON.stringify([type, data['taskRun']]));
    expect(told).toEqual([...new Set(told)]);
    await world.close();
  });
});

describe('a leader that is paused between deciding and acting, and wakes when another has led long since', () => {
  test('creates a run that never starts: the work was done once, by the other', async () => {
    const held = Promise.withResolvers<void>();
    let isHolding = true;
    const { world, leading, clock, second } = await twoReplicas((world) =>
      intercepted(world.cluster, 'create', async (call, [type]) => {
        if (type === PIPELINE_RUNS && isHolding) {
          isHolding = false;
          await held.promise; // past the last check of its term, before the request
        }
        return call();
      }),
    );
    const id = await world.create(second, world.spec('quick'));
    await world.until('the first to be about to create the run', () => !isHolding);
    clock.pause();
    await world.recorded(id, 'LockReleased');
    expect(leading).toContain('second leads');
    expect(world.started).toHaveLength(1);
    clock.resume();
    held.resolve();
    const types = await world.recorded(id, 'StrayRunRemoved');
    expect(types.slice(-2)).toEqual(['ContradictionObserved', 'StrayRunRemoved']);
    expect(world.runsOf(id)).toEqual([]);
    expect(world.started).toHaveLength(1);
    expect(types.filter((type) => type === 'TaskStarted')).toHaveLength(1);
    await world.close();
  });

  test('does not write an older status over a newer one', async () => {
    const held = Promise.withResolvers<void>();
    let isHolding = false;
    let holds = false;
    let refused: unknown;
    const { world, clock, second } = await twoReplicas((world) =>
      intercepted(world.cluster, 'patchStatus', async (call) => {
        if (!isHolding) return call();
        isHolding = false;
        holds = true;
        await held.promise;
        return call().catch((error: unknown) => {
          refused = error;
          throw error;
        });
      }),
    );
    const id = await world.create(second, world.spec('slow'), 'shown');
    await world.recorded(id, 'PipelineRunCreated');
    isHolding = true;
    await world.until('the first to be about to write a status', () => holds);
    clock.pause();
    await world.recorded(id, 'LockReleased');
    await world.clock.advance(5_000);
    const shown = world.resource('shown');
    clock.resume();
    held.resolve();
    await world.until('the late write to be answered', () => refused !== undefined);
    expect(refused).toMatchObject({ code: 'conflict' });
    expect(world.resource('shown')?.metadata.resourceVersion).toBe(shown?.metadata.resourceVersion);
    await world.close();
  });

  test('paused before the last check of its term, it sends nothing at all', async () => {
    const held = Promise.withResolvers<void>();
    let holds = false;
    const sent: string[] = [];
    const { world, clock, second, leading } = await twoReplicas((world) =>
      intercepted(countingWrites(world.cluster, sent), 'get', async (call, [type]) => {
        if (type !== PIPELINE_RUNS && type !== WORKFLOW_EXECUTIONS) return call();
        if (!holds) {
          holds = true;
          await held.promise;
        }
        return call();
      }),
    );
    const id = await world.create(second, world.spec('quick'));
    await world.until('the first to be in the middle of its pass', () => holds);
    clock.pause();
    await world.recorded(id, 'LockReleased');
    sent.length = 0;
    clock.resume();
    held.resolve();
    await world.until('the first to rest', () => leading.includes('first rests'));
    expect(sent).toEqual([]);
    expect(await world.types(id)).not.toContain('ContradictionObserved');
    await world.close();
  });
});

const WRITES = ['create', 'patch', 'patchStatus', 'replace', 'replaceStatus', 'delete'] as const;

const countingWrites = (cluster: Cluster, sent: string[]): Cluster =>
  WRITES.reduce<Cluster>(
    (inner, method) =>
      intercepted(inner, method, (call) => {
        sent.push(method);
        return call();
      }),
    cluster,
  );
