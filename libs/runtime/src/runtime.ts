import { OutcomeUnknownError, UnavailableError } from '#event-store';
import type { ObjectName } from '#kubernetes';
import { ClusterError } from '#kubernetes';
import { Bridge } from './bridge.ts';
import type { ClusterView } from './cluster-view.ts';
import { Converger } from './converger.ts';
import { Dispatcher } from './dispatcher.ts';
import { Executions } from './executions.ts';
import { healthOf } from './health.ts';
import { HolderLookup } from './holder-lookup.ts';
import { Informers } from './informers.ts';
import { followLog } from './log-follower.ts';
import { checkPrerequisites } from './prerequisites.ts';
import { Projector } from './projector.ts';
import type { ExecutionRow, RowChange } from './read-model.ts';
import { Reconciliation } from './reconciliation.ts';
import { ResourceDriver } from './resource-driver.ts';
import { RunDriver } from './run-driver.ts';
import { RunObserver } from './run-observer.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { Scheduler } from './scheduler.ts';
import type { ExecutionService, RuntimeHealth } from './service.ts';
import { StoredExecutions } from './stored-executions.ts';
import { TargetHistory } from './target-history.ts';
import { WorkQueue } from './work-queue.ts';

const OPEN_PAGE = 500;
const WAITERS = 20;
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
    this.projector = new Projector({
      store,
      readModel,
      executions,
      clock,
      telemetry,
      log,
      onApplied: (changes) => this.applied(changes),
    });
    const history = new TargetHistory(store, this.projector, readModel, executions);
    const converger = convergerOf(options, executions, this.informers.view, reconciliation, history);
    this.queue = this.queueFor(converger);
    this.scheduler = new Scheduler({
      readModel,
      reconciliation,
      clock,
      telemetry,
      log,
      ttlMs: defaults.ttlAfterFinishedMs,
    });
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
    await checkPrerequisites(this.options);
    const { signal } = this.stopping;
    const head = await this.options.store.head();
    this.loops.push(this.projector.run(signal), this.informers.run(signal));
    await Promise.all([this.projector.caughtUp(), this.informers.synced()]);
    this.isCaughtUp = true;
    this.loops.push(
      followLog(this.options, head, (id) => this.queue.add(id), signal),
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

  health(): Promise<RuntimeHealth> {
    return healthOf(this.options, this.projector, this.informers);
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
    if (changes.some(({ row }) => isDueSometime(row))) this.scheduler.wake();
    for (const { row } of changes)
      if (row.lock === 'Released' || (row.lock === 'None' && row.finishedAt !== undefined))
        void this.tapWaiting({ namespace: row.runNamespace, name: row.runName });
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
}

/** A lock to be given back, or a resource to be pruned. */
const isDueSometime = (row: ExecutionRow): boolean => row.lockUntil !== undefined || (!row.isOpen && row.hasResource);

/** The steps of one pass over an execution. */
function convergerOf(
  options: RuntimeOptions,
  executions: Executions,
  view: ClusterView,
  reconciliation: Reconciliation,
  history: TargetHistory,
): Converger {
  const { cluster, clock, telemetry, log, defaults } = options;
  const observer = new RunObserver(cluster, view, reconciliation);
  const shared = { cluster, view, reconciliation, clock, telemetry };
  return new Converger(
    executions,
    new Bridge(cluster, view, executions, reconciliation, defaults),
    observer,
    new RunDriver({
      ...shared,
      observer,
      holders: new HolderLookup(executions),
      history,
      creationPatienceMs: defaults.creationPatienceMs,
      deadlines: defaults.deadlines,
    }),
    new ResourceDriver({
      ...shared,
      log,
      creationPatienceMs: defaults.creationPatienceMs,
      deletionPatienceMs: defaults.deletionPatienceMs,
    }),
  );
}

/** Which part met the fault, in the few words metrics know. */
function categoryOf(error: unknown): string {
  if (error instanceof ClusterError) return 'cluster';
  return error instanceof UnavailableError || error instanceof OutcomeUnknownError ? 'store' : 'bug';
}
