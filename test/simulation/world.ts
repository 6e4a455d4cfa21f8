import type { EventStore } from '#event-store';
import { MemoryEventStore, MemoryLog } from '#event-store';
import type { Cluster, KubeObject } from '#kubernetes';
import { EVENTS, MemoryCluster, PIPELINE_RUNS } from '#kubernetes';
import type { ExecutionDefaults, ExecutionService } from '#runtime';
import { memoryTypes } from '../../apps/sandbox/src/memory-types.ts';
import type { ScriptedTekton } from '../../apps/sandbox/src/tekton/index.ts';
import { startScriptedTekton } from '../../apps/sandbox/src/tekton/index.ts';
import { MemoryKeys } from '../../libs/runtime/test/support/sealed-log.ts';
import { executionIdLabel } from '../../libs/runtime/src/resource-spec.ts';
import { ArchiveDisk } from './archives.ts';
import { CrashPoints } from './crash-points.ts';
import type { Fault } from './faults.ts';
import { Weather } from './faults.ts';
import type { Call } from './faulty-cluster.ts';
import { undemanded } from './invariants/acts.ts';
import { Ledger } from './ledger.ts';
import { LogView } from './log-view.ts';
import type { Surroundings } from './process.ts';
import { Random } from './random.ts';
import { Receiver } from './receiver.ts';
import { Replica } from './replica.ts';
import type { SealingTimes } from './sealing.ts';
import { StaleCache } from './stale-lists.ts';
import { Timeline } from './timeline.ts';
import { Trace } from './trace.ts';

export const RUNS_NAMESPACE = 'workflows';
/** How long the garbage collector takes for each step. */
const COLLECTOR_DELAYS_MS = [0, 0, 20, 300, 2_000] as const;
const START_MS = Date.UTC(2026, 0, 1);
const STORE_ID = '5eed0000-0000-4000-8000-000000000000';
/** Worlds by who acts: the only replica, the elected one of two, or two that both take themselves for the leader. */
const CASTS = ['one', 'one', 'one', 'elected', 'elected', 'two leaders'] as const;

/** Worlds with a webhook, as a part of all. */
const LISTENED_TO = 0.6;
/** How long its receiver takes for an answer, at most. */
const ANSWERS_MS = [20, 300, 5_000] as const;

/** Removes a safeguard from outside, to show that the simulation sees it. */
export interface Sabotage {
  readonly store?: (store: EventStore) => EventStore;
  readonly cluster?: (cluster: Cluster) => Cluster;
  /** Faults against which the safeguard stands: they are in the air for sure. */
  readonly weather?: readonly Fault[];
}

/** Everything of one seed: the log, the cluster with its Tekton, the replicas, the people, and somebody who sees it all. */
export class World {
  readonly timeline = new Timeline(START_MS);
  readonly trace = new Trace(() => this.timeline.now(), START_MS);
  readonly ledger = new Ledger(() => this.timeline.now());
  readonly log = new MemoryLog(STORE_ID);
  readonly logView = new LogView(
    this.log,
    () => this.timeline.now(),
    ({ type, data }) => type === 'LockReleased' && this.ledger.released((data['run'] as { uid: string }).uid),
  );
  readonly store: EventStore;
  readonly cluster: MemoryCluster;
  readonly replicas: readonly Replica[];
  readonly defaults: ExecutionDefaults;
  /** What people and other parts of the cluster did, and how often. */
  readonly incidents = new Map<string, number>();
  readonly random: Random;
  /** Where keys are kept: no crash takes one away. */
  readonly sealKeys = new MemoryKeys();
  readonly around: Surroundings;
  /** Closed histories are archived after so long; undefined: never. */
  readonly archiveAfterMs: number | undefined;
  readonly archiveDisk = new ArchiveDisk();
  /** Who is told events by a webhook; undefined: nobody. */
  readonly receiver: Receiver | undefined;
  tekton!: ScriptedTekton;
  private readonly sealing: SealingTimes;
  private readonly over = new AbortController();

  constructor(
    readonly seed: number,
    private readonly sabotage: Sabotage = {},
  ) {
    this.random = new Random(`seed ${seed}`);
    const points = new CrashPoints(this.random.fork('crash points'));
    const weather = new Weather(this.random.fork('weather'), this.sabotage.weather);
    this.around = { timeline: this.timeline, weather, trace: this.trace, points };
    this.store = this.seen(new MemoryEventStore(this.log));
    this.cluster = new MemoryCluster({
      clock: this.timeline,
      types: memoryTypes(),
      collectorDelayMs: this.random.pick(COLLECTOR_DELAYS_MS),
      onStored: (object, previous) => {
        if (previous === undefined && object.kind !== EVENTS.kind) this.trace.say('cluster', `+ ${told(object)}`);
        this.ledger.stored(object, previous);
      },
      onRemoved: (object) => {
        this.trace.say('cluster', `- ${told(object)}`);
        this.ledger.removed(object);
      },
    });
    this.defaults = defaultsFor(this.random.fork('defaults'));
    this.sealing = sealingFor(this.random.fork('sealing'));
    this.archiveAfterMs = archivingFor(this.random.fork('archiving'));
    this.receiver = this.receiverFor(this.random.fork('webhook'));
    this.replicas = this.newReplicas();
  }

  async begin(): Promise<void> {
    const random = this.random.fork('tekton');
    const { timeline: clock, cluster } = this;
    this.tekton = await startScriptedTekton({ clock, cluster, random: () => random.next(), signal: this.over.signal });
    for (const replica of this.replicas) replica.start();
  }

  /** Nothing happens after this. */
  end(): void {
    for (const replica of this.replicas) replica.end();
    this.over.abort();
    this.timeline.end();
  }

  anyService(): ExecutionService | undefined {
    const services = this.replicas.map((replica) => replica.service).filter((service) => service !== undefined);
    return services.length === 0 ? undefined : this.random.pick(services);
  }

  /** True when resources of finished executions are deleted after a while. */
  get isPruning(): boolean {
    return this.defaults.ttlAfterFinishedMs !== undefined;
  }

  private receiverFor(random: Random): Receiver | undefined {
    if (!random.chance(LISTENED_TO)) return undefined;
    return new Receiver(this.log, random.pick(ANSWERS_MS), (gap) => this.ledger.violated('told in order', gap));
  }

  private newReplicas(): readonly Replica[] {
    const cast = this.random.pick(CASTS);
    this.trace.say('world', `${cast}; weather: ${this.around.weather.toString()}`);
    this.ledger.isUnfenced = cast === 'two leaders';
    const names = cast === 'one' ? ['replica-1'] : ['replica-1', 'replica-2'];
    const stale = new StaleCache(this.cluster, this.timeline);
    return names.map(
      (name) =>
        new Replica(name, {
          around: this.around,
          store: this.sabotage.store?.(this.store) ?? this.store,
          cluster: this.sabotage.cluster?.(this.cluster) ?? this.cluster,
          writes: { meant: (call) => this.meant(call), carriedOut: (call, how) => this.carriedOut(call, how) },
          staleList: (type, options) => stale.list(type, options),
          defaults: this.defaults,
          random: this.random.fork(name),
          isElected: cast === 'elected',
          sealing: { keys: this.sealKeys, ...this.sealing },
          ...(this.archiveAfterMs !== undefined && {
            archiving: { disk: this.archiveDisk, afterMs: this.archiveAfterMs },
          }),
          ...(this.receiver && { receiver: this.receiver }),
        }),
    );
  }

  private meant(call: Call): void {
    const violation = undemanded(call, this.logView, this.timeline.now());
    if (violation !== undefined) this.ledger.violated(violation.invariant, violation.message);
  }

  private carriedOut(call: Call, how: 'in time' | 'late' | 'twice'): void {
    const id = createdRunOf(call);
    if (id === undefined) return;
    // On its way when the log went on: nobody waits for it any more, and it is as late as one that comes minutes later.
    const isOvertaken = this.logView.stateOf(id).phase !== 'Pending';
    if (how !== 'in time' || isOvertaken) this.ledger.zombieCreates.add(id);
  }

  /** The store, with somebody who takes down when each event came. */
  private seen(store: MemoryEventStore): EventStore {
    const append: EventStore['append'] = async (...args) => {
      const appended = store.append(...args);
      this.logView.catchUp();
      return appended;
    };
    return {
      storeId: store.storeId,
      append,
      readStream: (...args) => store.readStream(...args),
      readAll: (...args) => store.readAll(...args),
      readTexts: (...args) => store.readTexts(...args),
      links: () => store.links(),
      subscribe: (...args) => store.subscribe(...args),
      head: () => store.head(),
      compare: (a, b) => store.compare(a, b),
      follows: (a, b) => store.follows(a, b),
      selfCheck: (signal) => store.selfCheck(signal),
      textsAt: (...args) => store.textsAt(...args),
      archive: (...args) => store.archive(...args),
      probe: () => store.probe(),
      close: () => store.close(),
    };
  }
}

/** The execution a create of a run is for; undefined for any other call. */
const createdRunOf = ({ verb, type, object }: Call): string | undefined =>
  verb === 'create' && type === PIPELINE_RUNS ? executionIdLabel(object!) : undefined;

const told = ({ kind, metadata }: KubeObject): string => {
  const owner = metadata.ownerReferences?.[0];
  return `${kind} ${metadata.name} ${metadata.uid?.slice(-4)}${owner ? ` of ${owner.uid.slice(-4)}` : ''}`;
};

const sealingFor = (random: Random): SealingTimes => ({
  intervalMs: random.pick([1_000, 10_000, 60_000]),
  maxEvents: random.pick([1, 5, 20, 1_000]),
});

const archivingFor = (random: Random): number | undefined =>
  random.chance(0.5) ? random.pick([1_000, 10_000, 60_000]) : undefined;

function defaultsFor(random: Random): ExecutionDefaults {
  return {
    executionNamespace: RUNS_NAMESPACE,
    pipelineName: 'workflow',
    serviceAccountName: 'runner',
    timeoutMs: 90_000,
    onConflict: random.pick(['Fail', 'Skip', 'Wait'] as const),
    cooldownMs: random.pick([0, 1_000, 5_000, 20_000, 60_000]),
    creationPatienceMs: random.pick([5_000, 30_000, 120_000]),
    deadlines: {
      pickUpMs: random.pick([5_000, 20_000, 60_000]),
      endGraceMs: random.pick([5_000, 30_000]),
      cancellationMs: random.pick([10_000, 30_000]),
    },
    deletionPatienceMs: random.pick([200, 200, 1_000, 15_000, 120_000]),
    ...(random.chance(0.3) && { ttlAfterFinishedMs: random.pick([1_000, 60_000, 200_000]) }),
  };
}
