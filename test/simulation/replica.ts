import type { EventStore } from '#event-store';
import { SENSITIVE_NAMES, sensitiveNames } from '#execution';
import { MemoryLog } from '#event-store';
import type { Cluster } from '#kubernetes';
import { LeaderElection } from '#kubernetes';
import type { ExecutionDefaults, ExecutionService, ReadModel, SealKeys, SealService, WebhookService } from '#runtime';
import { KeyedHashes, Runtime, Sealer } from '#runtime';
import { ArrayReadModel } from '../../libs/read-model/test/support/array-read-model.ts';
import { MemoryPublisher } from '../../libs/runtime/test/support/sealed-log.ts';
import { quietTelemetry } from '../../libs/runtime/test/support/quiet.ts';
import type { ArchiveDisk } from './archives.ts';
import type { StaleLists, WriteWatcher } from './faulty-cluster.ts';
import { FaultyCluster } from './faulty-cluster.ts';
import { faultyReadModel } from './faulty-read-model.ts';
import { FaultyStore } from './faulty-store.ts';
import type { Host, Surroundings } from './process.ts';
import type { SealingTimes } from './sealing.ts';
import { faultySealing } from './sealing.ts';
import { SimulatedProcess } from './process.ts';
import type { Random } from './random.ts';
import type { Receiver } from './receiver.ts';

export interface ReplicaParts {
  readonly around: Surroundings;
  readonly store: EventStore;
  readonly cluster: Cluster;
  readonly writes: WriteWatcher;
  readonly staleList: StaleLists;
  readonly defaults: ExecutionDefaults;
  readonly random: Random;
  /** True when it acts only while it holds the Lease; otherwise it takes itself for the leader. */
  readonly isElected: boolean;
  readonly sealing: SealingTimes & { readonly keys: SealKeys };
  /** Where closed histories go, and how long after their last event; absent: they stay in the log. */
  readonly archiving?: { readonly disk: ArchiveDisk; readonly afterMs: number };
  /** Who is told events by a webhook; absent: nobody. */
  readonly receiver?: Receiver;
}

/** A crashed replica is back after a moment, or after a while. */
const RESTART_MS = [50, 15_000] as const;
const LONG_RESTART_MS = 60_000;
const LONG_RESTARTS = 0.15;
/** The read model is lost with its disk this often. */
const FRESH_READ_MODEL = 0.3;
/** Or it is found to belong to another log, as after a backup was restored. */
const FOREIGN_READ_MODEL = 0.05;
const FOREIGN_POSITION = new MemoryLog('0f0f0f0f-0000-4000-8000-000000000000').positions.at(7);
const RESYNC_MS = 30_000;
/** Every replica has the same key. */
const SENSITIVITY = {
  policy: 'redact',
  isSensitive: sensitiveNames(SENSITIVE_NAMES),
  hashes: new KeyedHashes(new Uint8Array(32).fill(5)),
} as const;
const LEASE = { namespace: 'workflows', name: 'leader' };

/** One replica of the service: the real runtime in a process that crashes and comes back, knowing nothing but the log. */
export class Replica {
  readonly host: Host = { aheadMs: 0 };
  private process: SimulatedProcess | undefined;
  private runtime: Runtime | undefined;
  private readModel: ReadModel = new ArrayReadModel();
  private sealer: Sealer | undefined;
  /** On its own disk, which outlives it. */
  readonly headFile = new MemoryPublisher('file');
  private isReady = false;
  private isStopped = false;

  constructor(
    readonly name: string,
    private readonly parts: ReplicaParts,
  ) {}

  /** The service, while it takes requests. */
  get service(): ExecutionService | undefined {
    return this.isReady ? this.runtime?.service : undefined;
  }

  /** What can be asked about seals, while it takes requests. */
  get seals(): SealService | undefined {
    return this.isReady ? this.sealer : undefined;
  }

  /** What can be asked about webhooks, while it takes requests. */
  get webhooks(): WebhookService | undefined {
    return this.isReady ? this.runtime?.webhooks : undefined;
  }

  /** Its rows, as they are now. */
  get rows(): ReadModel {
    return this.readModel;
  }

  start(): void {
    const process = new SimulatedProcess(this.name, this.parts.around, this.host, () => this.down());
    this.process = process;
    this.runtime = this.runtimeIn(process);
    process.say('starts');
    this.runtime.start().then(
      () => this.ready(process),
      (error: unknown) => this.failed(process, error),
    );
  }

  /** Dies at once, wherever it is, and comes back. */
  kill(): void {
    if (this.process === undefined || this.process.isDead) return;
    this.process.say('CRASH at any moment');
    this.process.die();
    this.down();
  }

  /** Builds its rows anew beside those that answer, unless it is down, or doing that already. */
  async rebuild(): Promise<void> {
    const { process, runtime } = this;
    if (!this.isReady || process === undefined || runtime === undefined) return;
    process.say(`rebuilds its read model: ${await process.within(runtime.projections.rebuild('read-model'))}`);
  }

  /** Gets no processor for a while. */
  pause(ms: number): void {
    this.process?.say(`is paused for ${ms} ms`);
    this.process?.pause(ms);
  }

  /** As a rolling update does: takes no more work, finishes what is under way, and comes back. */
  async restart(): Promise<void> {
    const { process, runtime } = this;
    if (!this.isReady || process === undefined || runtime === undefined) return;
    process.say('is being stopped');
    this.isReady = false;
    await process.within(runtime.stop());
    process.say('has stopped');
    process.die();
    this.down();
  }

  /** For good: the run is over. */
  end(): void {
    this.isStopped = true;
    this.process?.die();
  }

  private ready(process: SimulatedProcess): void {
    if (process.isDead) return;
    process.say('is ready');
    this.isReady = true;
  }

  /** It did not come up: whoever started it starts it again. */
  private failed(process: SimulatedProcess, error: unknown): void {
    if (process.isDead) return;
    process.say(`did not start: ${error instanceof Error ? error.message : String(error)}`);
    process.die();
    this.down();
  }

  private down(): void {
    this.isReady = false;
    if (this.isStopped) return;
    const { random, around } = this.parts;
    if (random.chance(FRESH_READ_MODEL)) this.readModel = new ArrayReadModel();
    else if (random.chance(FOREIGN_READ_MODEL)) void this.readModel.apply([], [], FOREIGN_POSITION);
    const longest = random.chance(LONG_RESTARTS) ? LONG_RESTART_MS : RESTART_MS[1];
    around.timeline.after(random.between(RESTART_MS[0], longest), () => this.isStopped || this.start());
  }

  private runtimeIn(process: SimulatedProcess): Runtime {
    const { store, cluster, writes, staleList, defaults, random, isElected, archiving, receiver } = this.parts;
    const complain = (fields: { err?: unknown }, message: string): void =>
      process.say(`says: ${message}${fields.err instanceof Error ? ` (${fields.err.message})` : ''}`);
    const reached = new FaultyCluster(cluster, process, writes, staleList);
    const { clock } = process;
    const reachedStore = new FaultyStore(store, process);
    const ids = { execution: (nowMs: number) => executionId(nowMs, random), command: () => random.uuid() };
    const log = { info: () => undefined, warn: complain, error: complain };
    this.sealer = new Sealer({
      ...{ store: reachedStore, clock, ids, telemetry: quietTelemetry, log },
      ...faultySealing(this.parts.sealing, reached, this.headFile, process),
    });
    return new Runtime({
      store: reachedStore,
      readModel: faultyReadModel(this.readModel, process),
      cluster: reached,
      clock,
      ...(isElected && { leadership: this.electionIn(process, reached) }),
      ids,
      random: () => random.next(),
      telemetry: quietTelemetry,
      log,
      sealer: this.sealer,
      ...(archiving && {
        archiving: { files: archiving.disk.of(reachedStore, this.sealer, process), afterMs: archiving.afterMs },
      }),
      ...(receiver && { webhooks: [receiver.webhookOf(process)] }),
      defaults,
      sensitivity: SENSITIVITY,
      watchedNamespaces: [],
      workers: 4,
      resyncMs: RESYNC_MS,
    });
  }

  private electionIn(process: SimulatedProcess, cluster: Cluster): LeaderElection {
    const { random } = this.parts;
    return new LeaderElection({
      cluster,
      clock: process.clock,
      lease: LEASE,
      identity: `${this.name}_${random.uuid()}`,
      random: () => random.next(),
      report: ({ kind }) => kind === 'renewed' || process.say(`leadership: ${kind}`),
    });
  }
}

/** A UUID of version 7 with the simulated time in front. */
function executionId(nowMs: number, random: Random): string {
  const time = nowMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-${random.uuid(7).slice(14)}`;
}
