import type { EventStore, RecordedEvent } from '#event-store';
import { MemoryEventStore, MemoryLog, START } from '#event-store';
import type { ExecutionSpec } from '#execution';
import { streamOf } from '#execution';
import type { Cluster, KubeObject } from '#kubernetes';
import { MemoryCluster, PIPELINE_RUNS, VirtualClock, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { CommandAnswer, ExecutionDefaults, Ids, RuntimeOptions } from '#runtime';
import { Runtime } from '#runtime';
import { memoryTypes } from '../../apps/sandbox/src/memory-types.ts';
import type { ScriptedTekton } from '../../apps/sandbox/src/tekton/index.ts';
import { startScriptedTekton } from '../../apps/sandbox/src/tekton/index.ts';
import { ArrayReadModel } from '../../libs/read-model/test/support/array-read-model.ts';
import { quietLog, quietTelemetry } from '../../libs/runtime/test/support/quiet.ts';

export const RUNS = 'kubernaut-workflows';
export const NAMESPACE = 'default';
const ID_LABEL = 'workflowexecution.kubernaut.ai/execution-id';
const MAX_WAKES = 100_000;
const MAX_EVENTS = 1_000;

export const WORLD_DEFAULTS: ExecutionDefaults = {
  executionNamespace: RUNS,
  pipelineName: 'workflow',
  serviceAccountName: 'runner',
  timeoutMs: 600_000,
  onConflict: 'Fail',
  cooldownMs: 5_000,
  creationPatienceMs: 600_000,
  deadlines: { pickUpMs: 120_000, endGraceMs: 120_000, cancellationMs: 300_000 },
  deletionPatienceMs: 900_000,
};

/** Ids that are counted, in the form the service makes them. */
function countedIds(): Ids {
  let count = 0;
  const next = (kind: string): string => `${kind}0000000-0000-7000-8000-${(count += 1).toString(16).padStart(12, '0')}`;
  return { execution: () => next('e'), command: () => next('d') };
}

/** A log, a cluster and a Tekton in memory, in a time of their own, and the service's runtime over them. */
export class MemoryWorld {
  readonly clock = new VirtualClock();
  /** Uids of the runs that were ever awake, in order. */
  readonly started: string[] = [];
  readonly cluster = new MemoryCluster({
    clock: this.clock,
    types: memoryTypes(),
    collectorDelayMs: 20,
    onStored: (object) => this.stored(object),
  });
  readonly store: EventStore = new MemoryEventStore(new MemoryLog('00000000-0000-4000-8000-000000000001'));
  tekton!: ScriptedTekton;
  private readonly ids = countedIds();
  private readonly stopping = new AbortController();
  private readonly runtimes: Runtime[] = [];

  constructor(private readonly defaults: Partial<ExecutionDefaults> = {}) {}

  static async open(defaults: Partial<ExecutionDefaults> = {}): Promise<MemoryWorld> {
    const world = new MemoryWorld(defaults);
    const { clock, cluster } = world;
    const { signal } = world.stopping;
    world.tekton = await world.within(startScriptedTekton({ clock, cluster, random: () => 0.5, signal }));
    return world;
  }

  /** One more replica of the service, knowing nothing but the log and the cluster. */
  async replica(parts: Partial<RuntimeOptions> = {}): Promise<Runtime> {
    const runtime = new Runtime({
      ...{ store: this.store, cluster: this.cluster, clock: this.clock, ids: this.ids },
      readModel: new ArrayReadModel(),
      random: () => 0.5,
      ...{ telemetry: quietTelemetry, log: quietLog },
      defaults: { ...WORLD_DEFAULTS, ...this.defaults },
      ...{ watchedNamespaces: [], workers: 4, resyncMs: 600_000 },
      ...parts,
    });
    this.runtimes.push(runtime);
    await this.within(runtime.start());
    return runtime;
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.within(Promise.all(this.runtimes.map((runtime) => runtime.stop())));
  }

  spec(scenario: string, more: Partial<ExecutionSpec> = {}): ExecutionSpec {
    return {
      remediationRequestRef: { name: 'rr' },
      workflowRef: { workflowId: scenario, version: '1', containerImage: `sandbox.local/${scenario}:1` },
      targetResource: 'world/deployment/app',
      ...more,
    };
  }

  /** @returns the execution id */
  async create(runtime: Runtime, spec: ExecutionSpec, name?: string): Promise<string> {
    const request = { namespace: NAMESPACE, spec, ...(name !== undefined && { name }) };
    const answer: CommandAnswer = await this.within(
      runtime.service.create(request, { actor: { user: 'tester' }, source: 'rest' }),
    );
    if (answer.kind === 'Refused') throw new Error(`${answer.code}: ${answer.message}`);
    return answer.executionId;
  }

  async events(id: string): Promise<readonly RecordedEvent[]> {
    try {
      return (await this.store.readStream(streamOf(id), { limit: MAX_EVENTS })).events;
    } catch {
      return [];
    }
  }

  async types(id: string): Promise<readonly string[]> {
    return (await this.events(id)).map((event) => event.type);
  }

  /** Lets time pass until this event is there. @returns the types of all events by then */
  async recorded(id: string, type: string): Promise<readonly string[]> {
    await this.until(`${id} to have ${type}`, async () => (await this.types(id)).includes(type));
    return this.types(id);
  }

  runsOf(id: string): readonly KubeObject[] {
    return this.cluster.objects(PIPELINE_RUNS).filter((run) => run.metadata.labels?.[ID_LABEL] === id);
  }

  resource(name: string): KubeObject | undefined {
    return this.cluster.objects(WORKFLOW_EXECUTIONS).find((object) => object.metadata.name === name);
  }

  async log(): Promise<readonly RecordedEvent[]> {
    const slice = await this.store.readAll(START, undefined, MAX_EVENTS);
    if (slice.events.length === MAX_EVENTS) throw new Error(`expected fewer than ${MAX_EVENTS} events`);
    return slice.events;
  }

  /** Lets time pass from one sleeper to the next until the promise has settled. */
  async within<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    void promise.finally(() => (isSettled = true)).catch(() => undefined);
    await this.until('a promise to settle', async () => isSettled);
    return promise;
  }

  async until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
    for (let wakes = 0; wakes < MAX_WAKES; wakes += 1) {
      await this.clock.advance(0);
      if (await condition()) return;
      await this.clock.advance(this.clock.pendingMs[0] ?? 0);
    }
    throw new Error(`expected ${what} within ${MAX_WAKES} wake-ups of the clock`);
  }

  private stored(object: KubeObject): void {
    const { uid = '' } = object.metadata;
    const isAwake = (object.spec as { status?: string } | undefined)?.status !== 'PipelineRunPending';
    if (object.kind === 'PipelineRun' && isAwake && !this.started.includes(uid)) this.started.push(uid);
  }
}

/** The cluster, except that calls of one method go through `around`, which decides when and whether they are made. */
export function intercepted<Method extends keyof Cluster>(
  cluster: Cluster,
  method: Method,
  around: (call: () => ReturnType<Cluster[Method]>, args: Parameters<Cluster[Method]>) => ReturnType<Cluster[Method]>,
): Cluster {
  return new Proxy(cluster, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const bound = value.bind(target) as (...args: unknown[]) => unknown;
      if (name !== method) return bound;
      return (...args: Parameters<Cluster[Method]>) =>
        around(() => bound(...args) as ReturnType<Cluster[Method]>, args);
    },
  });
}
