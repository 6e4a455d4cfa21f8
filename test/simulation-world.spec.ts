import type { ExecutionSpec } from '#execution';
import { MemoryEventStore, MemoryLog, START, type RecordedEvent } from '#event-store';
import { MemoryCluster, PIPELINE_RUNS, VirtualClock, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { Runtime, type Ids } from '#runtime';
import { memoryTypes } from '../apps/sandbox/src/memory-types.ts';
import { SCENARIOS, startScriptedTekton } from '../apps/sandbox/src/tekton/index.ts';
import { ArrayReadModel } from '../libs/read-model/test/support/array-read-model.ts';
import { quietLog, quietTelemetry } from '../libs/runtime/test/support/quiet.ts';

const EXECUTIONS = 20;
const MAX_WAKES = 100_000;
const MAX_EVENTS = 1_000;
const PLAYED = SCENARIOS.filter(({ reference }) => !/hang|frozen|slow|quota/.test(reference));

/** Ids that are counted, in the form the service makes them. */
function countedIds(): Ids {
  let count = 0;
  const next = (kind: string): string => `${kind}0000000-0000-7000-8000-${(count += 1).toString(16).padStart(12, '0')}`;
  return { execution: () => next('e'), command: () => next('d') };
}

/** The whole service over a log, a read model and a cluster in memory, in a time of its own. */
class World {
  readonly clock = new VirtualClock();
  readonly cluster = new MemoryCluster({ clock: this.clock, types: memoryTypes(), collectorDelayMs: 20 });
  readonly store = new MemoryEventStore(new MemoryLog('00000000-0000-4000-8000-000000000001'));
  readonly readModel = new ArrayReadModel();
  readonly stopping = new AbortController();
  wakes = 0;
  readonly runtime = new Runtime({
    store: this.store,
    readModel: this.readModel,
    cluster: this.cluster,
    clock: this.clock,
    ids: countedIds(),
    random: () => 0.5,
    telemetry: quietTelemetry,
    log: quietLog,
    defaults: {
      executionNamespace: 'kubernaut-workflows',
      pipelineName: 'workflow',
      serviceAccountName: 'runner',
      timeoutMs: 600_000,
      onConflict: 'Fail',
      cooldownMs: 5_000,
      creationPatienceMs: 600_000,
      deadlines: { pickUpMs: 120_000, endGraceMs: 120_000, cancellationMs: 300_000 },
      deletionPatienceMs: 900_000,
    },
    watchedNamespaces: [],
    workers: 4,
    resyncMs: 600_000,
  });

  async start(): Promise<void> {
    const { clock, cluster } = this;
    await startScriptedTekton({ clock, cluster, random: () => 0.5, signal: this.stopping.signal });
    await this.within(this.runtime.start());
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.within(this.runtime.stop());
  }

  /** Lets time pass from one sleeper to the next until the promise has settled. */
  async within<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    void promise.finally(() => (isSettled = true)).catch(() => undefined);
    await this.until(async () => isSettled);
    return promise;
  }

  async until(condition: () => Promise<boolean>): Promise<void> {
    for (let wakes = 0; wakes < MAX_WAKES; wakes += 1) {
      await this.clock.advance(0);
      if (await condition()) return;
      await this.clock.advance(this.clock.pendingMs[0] ?? 0);
      this.wakes += 1;
    }
    throw new Error(`expected the condition to hold within ${MAX_WAKES} wake-ups of the clock`);
  }

  async log(): Promise<readonly RecordedEvent[]> {
    const slice = await this.store.readAll(START, undefined, MAX_EVENTS);
    if (slice.events.length === MAX_EVENTS) throw new Error(`expected fewer than ${MAX_EVENTS} events`);
    return slice.events;
  }
}

const specOf = (reference: string, n: number): ExecutionSpec => ({
  remediationRequestRef: { name: `rr-${n}` },
  workflowRef: { workflowId: 'w', version: '1', containerImage: reference },
  targetResource: `world/deployment/app-${n}`,
});

/** Every second one by REST, the others as resources of the cluster. */
async function begin(world: World, n: number): Promise<void> {
  const spec = specOf(PLAYED[n % PLAYED.length]!.reference, n);
  const [namespace, name] = ['default', `x-${n}`];
  if (n % 2 === 0) {
    const context = { actor: { user: 'tester' }, source: 'rest' } as const;
    await world.within(world.runtime.service.create({ namespace, name, spec }, context));
  } else {
    const { group, version, kind } = WORKFLOW_EXECUTIONS;
    await world.cluster.create(WORKFLOW_EXECUTIONS, {
      apiVersion: `${group}/${version}`,
      kind,
      metadata: { namespace, name },
      spec,
    });
  }
}

async function played(): Promise<World> {
  const world = new World();
  await world.start();
  for (let n = 0; n < EXECUTIONS; n += 1) await begin(world, n);
  await world.until(async () => {
    const rows = world.readModel.matching({});
    return rows.length === EXECUTIONS && rows.every(({ isOpen }) => !isOpen);
  });
  await world.stop();
  return world;
}

describe('the service over a world in memory', () => {
  test('brings every execution to its end, and leaves no run behind', async () => {
    const world = await played();
    const rows = world.readModel.matching({});
    expect(rows.map(({ lock }) => lock)).toEqual(rows.map(() => 'Released'));
    expect(new Set(rows.map(({ phase }) => phase))).toEqual(new Set(['Completed', 'Failed']));
    expect(world.cluster.objects(PIPELINE_RUNS)).toEqual([]);
    expect(world.cluster.openWatches).toBe(0);
  });

  test('does exactly the same the second time', async () => {
    const [first, second] = [await (await played()).log(), await (await played()).log()];
    expect(first.length).toBeGreaterThan(EXECUTIONS);
    expect(second.map(({ hash }) => hash)).toEqual(first.map(({ hash }) => hash));
  });
});
