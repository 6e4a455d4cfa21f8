import type { EventStore, Position } from '#event-store';
import { OutcomeUnknownError, UnavailableError } from '#event-store';
import { executionIdOf, STREAM_CATEGORY } from '#execution';
import type { Clock, Cluster, ObjectName } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { Bridge } from './bridge.ts';
import { Converger } from './converger.ts';
import { Dispatcher } from './dispatcher.ts';
import { Executions } from './executions.ts';
import { HolderLookup } from './holder-lookup.ts';
import type { Ids } from './ids.ts';
import { Informers } from './informers.ts';
import { Projector } from './projector.ts';
import type { ReadModel, RowChange } from './read-model.ts';
import { Reconciliation } from './reconciliation.ts';
import { ResourceDriver } from './resource-driver.ts';
import type { ExecutionDefaults } from './resource-spec.ts';
import { RunDriver } from './run-driver.ts';
import { RunObserver } from './run-observer.ts';
import { Scheduler } from './scheduler.ts';
import type { ExecutionService, Health, RuntimeHealth } from './service.ts';
import { StoredExecutions } from './stored-executions.ts';
import type { Log, Telemetry } from './telemetry.ts';
import { WorkQueue } from './work-queue.ts';

export interface RuntimeOptions {
  readonly store: EventStore;
  readonly readModel: ReadModel;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly ids: Ids;
  /** In [0, 1); for jitter. */
  readonly random: () => number;
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly defaults: ExecutionDefaults;
  readonly watchedNamespaces: readonly string[];
  readonly workers: number;
  /** Everything open is looked at again this often. */
  readonly resyncMs: number;
}

/** A watch not heard of for longer than this is stale: nothing it says can be relied on. */
const STALE_MS = 120_000;
const OPEN_PAGE = 500;
const WAITERS = 20;
const RETRY_MS = 1_000;
const AGE_INTERVAL_MS = 10_000;

/**
 * The running service without its doors: dispatcher, bridge, drivers, scheduler and read model over one store and one
 * cluster. Everything it knows can be lost at any moment: it starts again from the log.
 */
export class Runtime {
  readonly service: ExecutionService;
  private readonly stopping = new AbortController();
  private readonly queue: WorkQueue;
  private readonly informers: Informers;
  private readonly projector: Projector;
  private readonly scheduler: Scheduler;
  private readonly loops: Promise<void>[] = [];
  /** Nothing acts before the read model and all watches have caught up; then everything is looked at once. */
  private isCaughtUp = false;

  constructor(private readonly options: RuntimeOptions) {
    const { store, readModel, cluster, clock, ids, telemetry, log, defaults } = options;
    const executions = new Executions(store);
    const dispatcher = new Dispatcher(store, executions, clock, telemetry);
    const reconciliation = new Reconciliation(dispatcher, clock, ids);
    this.informers = new Informers({
      cluster,
      clock,
      telemetry,
      log,
      executionNamespace: defaults.executionNamespace,
      watchedNamespaces: options.watchedNamespaces,
      onTap: (id) => this.tap(id),
      onRunGone: (name) => void this.tapWaiting(name),
    });
    const { view } = this.informers;
    const observer = new RunObserver(cluster, view, reconciliation);
    const converger = new Converger(
      executions,
      new Bridge(cluster, view, executions, reconciliation, defaults),
      observer,
      new RunDriver({
        cluster,
        view,
        observer,
        holders: new HolderLookup(executions),
        readModel,
        reconciliation,
        clock,
        telemetry,
        creationPatienceMs: defaults.creationPatienceMs,
        pickUpDeadlineMs: defaults.pickUpDeadlineMs,
      }),
      new ResourceDriver({ cluster, view, reconciliation, clock, telemetry, log }),
    );
    this.queue = this.queueFor(converger);
    this.projector = new Projector({
      store,
      readModel,
      executions,
      clock,
      telemetry,
      log,
      onApplied: (changes) => this.applied(changes),
    });
    this.scheduler = new Scheduler(readModel, reconciliation, clock, telemetry, log);
    this.service = new StoredExecutions({
      store,
      executions,
      dispatcher,
      converger,
      readModel,
      projector: this.projector,
      cluster,
      clock,
      ids,
      defaults,
    });
  }

  /**
   * Checks what must be there, then starts everything. Resolves when the watches and the read model have caught up.
   * @throws Error with a sentence that says what to do
   */
  async start(): Promise<void> {
    await this.checkPrerequisites();
    const { signal } = this.stopping;
    const head = await this.options.store.head();
    this.loops.push(this.projector.run(signal), this.informers.run(signal));
    await Promise.all([this.projector.caughtUp(), this.informers.synced()]);
    this.isCaughtUp = true;
    this.loops.push(
      this.followLog(head, signal),
      this.scheduler.run(signal),
      this.resync(signal),
      this.reportAges(signal),
    );
  }

  /** Takes no new work and resolves when what is under way is done; the rest is in the log. */
  async stop(): Promise<void> {
    await this.queue.stop();
    this.stopping.abort();
    await Promise.all(this.loops);
  }

  async health(): Promise<RuntimeHealth> {
    const [store, tekton] = await Promise.all([this.storeHealth(), this.tektonHealth()]);
    const { trouble, lag } = this.projector;
    const readModel: Health = trouble === undefined ? { ok: true } : { ok: false, message: trouble };
    return { store, tekton, cluster: this.watchHealth(), readModel: { ...readModel, lagEvents: lag } };
  }

  private queueFor(converger: Converger): WorkQueue {
    const { clock, random, telemetry, log, workers } = this.options;
    return new WorkQueue({
      handle: (id) => converger.converge(id),
      onFault: (id, error, attempt) => {
        telemetry.driverFault(categoryOf(error));
        log.warn(
          { executionId: id, err: error, attempt },
          'an execution could not be brought up to date; it will be tried again',
        );
      },
      onTaken: (depth, waitMs) => telemetry.queue(depth, waitMs / 1000),
      workers,
      clock,
      random,
    });
  }

  private tap(id: string): void {
    if (this.isCaughtUp) this.queue.add(id);
  }

  /** Every event since the start is a reason to look at its execution; the resync looks at what was open before. */
  private async followLog(since: Position, signal: AbortSignal): Promise<void> {
    const { store, clock, log, telemetry } = this.options;
    let after = since;
    while (!signal.aborted) {
      try {
        const filter = { streamPrefixes: [`${STREAM_CATEGORY}-`] };
        for await (const message of store.subscribe(after, filter, signal)) {
          after = message.kind === 'event' ? message.event.position : message.position;
          const id = message.kind === 'event' ? executionIdOf(message.event.stream) : undefined;
          if (id !== undefined) this.queue.add(id);
        }
      } catch (error) {
        telemetry.driverFault('subscription');
        log.error({ err: error }, 'the log could not be followed; it will be tried again');
      }
      await clock.sleep(RETRY_MS, signal);
    }
  }

  /** At the start and then periodically: what is open in the log, and what is in the cluster. */
  private async resync(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.informers.tapAll();
      try {
        await this.tapOpen();
      } catch (error) {
        this.options.log.error({ err: error }, 'the periodic resync failed; it comes again');
      }
      await this.options.clock.sleep(this.options.resyncMs, signal);
    }
  }

  private async tapOpen(): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const ids = await this.options.readModel.open(after, OPEN_PAGE);
      for (const id of ids) this.queue.add(id);
      after = ids.at(-1);
      if (after === undefined || ids.length < OPEN_PAGE) return;
    }
  }

  private applied(changes: readonly RowChange[]): void {
    if (changes.some(({ row }) => row.lock === 'Held' && row.lockUntil !== undefined)) this.scheduler.wake();
    for (const { row } of changes)
      if (row.lock === 'Released') void this.tapWaiting({ namespace: row.runNamespace, name: row.runName });
  }

  private async tapWaiting({ namespace, name }: ObjectName): Promise<void> {
    try {
      for (const id of await this.options.readModel.waitingFor(namespace, name, WAITERS)) this.tap(id);
    } catch (error) {
      this.options.log.warn(
        { err: error },
        'those who wait for a lock could not be told; they look again by themselves',
      );
    }
  }

  private async reportAges(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ageMs = this.informers.oldestContactMs();
      if (ageMs !== undefined) this.options.telemetry.watchAge('all', ageMs / 1000);
      await this.options.clock.sleep(AGE_INTERVAL_MS, signal);
    }
  }

  private async checkPrerequisites(): Promise<void> {
    await this.options.store.probe();
    const { cluster, defaults, watchedNamespaces } = this.options;
    const runs = defaults.executionNamespace;
    // Where they are watched: the rights of this service may reach no further.
    const watched = watchedNamespaces.length === 0 ? [undefined] : watchedNamespaces;
    const needed = [
      ...watched.map((at) => [WORKFLOW_EXECUTIONS, at, 'install the CRD from charts/workflow-execution/crds'] as const),
      [PIPELINE_RUNS, runs, 'install Tekton Pipelines'],
      [TASK_RUNS, runs, 'install Tekton Pipelines'],
    ] as const;
    for (const [type, namespace, cure] of needed) {
      try {
        await cluster.list(type, { limit: 1, ...(namespace !== undefined && { namespace }) });
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        const cause =
          error.code === 'not-found'
            ? `the cluster serves no ${type.plural}.${type.group}/${type.version}`
            : error.message;
        throw new Error(
          `cannot list ${type.plural}: ${cause}; ${error.code === 'not-found' ? cure : 'check the kubeconfig, the network and the rights of this service'}`,
          { cause: error },
        );
      }
    }
  }

  private async storeHealth(): Promise<Health> {
    try {
      await this.options.store.probe();
      return { ok: true };
    } catch (error) {
      return { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
  }

  private async tektonHealth(): Promise<Health> {
    try {
      await this.options.cluster.list(PIPELINE_RUNS, { namespace: this.options.defaults.executionNamespace, limit: 1 });
      return { ok: true };
    } catch (error) {
      return { ok: false, message: error instanceof Error ? error.message : String(error) };
    }
  }

  private watchHealth(): Health {
    const ageMs = this.informers.oldestContactMs();
    if (ageMs === undefined) return { ok: false, message: 'the watches have not been answered yet' };
    if (ageMs > STALE_MS) return { ok: false, message: `a watch was last heard ${Math.round(ageMs / 1000)} s ago` };
    return { ok: true };
  }
}

/** Which part met the fault, in the few words metrics know. */
function categoryOf(error: unknown): string {
  if (error instanceof ClusterError) return 'cluster';
  return error instanceof UnavailableError || error instanceof OutcomeUnknownError ? 'store' : 'bug';
}
