import type { Position } from '#event-store';
import type { Cluster, ObjectName } from '#kubernetes';
import { ClusterError, fenced, NotLeaderError } from '#kubernetes';
import { Archiver } from './archiving/archiver.ts';
import { Converger } from './converger.ts';
import type { Bridge } from './bridge.ts';
import type { Executions } from './executions.ts';
import { HolderLookup } from './holder-lookup.ts';
import type { Informers } from './informers.ts';
import type { LeadershipTerm } from './leadership.ts';
import { followLog } from './log-follower.ts';
import { NoticeDriver } from './notice-driver.ts';
import type { Observing } from './observing.ts';
import type { Projector } from './projector.ts';
import type { ExecutionRow, RowChange } from './read-model.ts';
import type { Reconciliation } from './reconciliation.ts';
import { ResourceDriver } from './resource-driver.ts';
import { Resync } from './resync.ts';
import { RunDriver } from './run-driver.ts';
import type { RunObserver } from './run-observer.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import { Scheduler } from './scheduler.ts';
import type { SensitiveValues } from './sensitive/values.ts';
import type { Stopwatch } from './stopwatch.ts';
import { isStoreFault } from './store-fault.ts';
import { TargetHistory } from './target-history.ts';
import type { Webhooks } from './webhooks/webhooks.ts';
import { WorkQueue } from './work-queue.ts';

const WAITERS = 20;
/** Who speaks in notices when nobody says which process this is. */
const SERVICE = 'workflow-execution-service';

export interface ActingParts {
  readonly options: RuntimeOptions;
  readonly executions: Executions;
  readonly reconciliation: Reconciliation;
  readonly informers: Informers;
  readonly projector: Projector;
  readonly bridge: Bridge;
  readonly observer: RunObserver;
  readonly observing: Observing;
  readonly sensitive: SensitiveValues;
  readonly stopwatch: Stopwatch;
  readonly webhooks: Pick<Webhooks, 'run' | 'served'>;
}

/**
 * What only one replica does at a time: it brings executions and cluster together. Made anew for each term, so that
 * nothing that was remembered in an earlier one is believed.
 */
export class Acting {
  private readonly queue: WorkQueue;
  private readonly scheduler: Scheduler;
  private readonly notices: NoticeDriver;
  private readonly resync: Resync;
  /** There when closed histories are archived. */
  private readonly archiver: Archiver | undefined;

  constructor(
    private readonly parts: ActingParts,
    private readonly term: LeadershipTerm,
  ) {
    const cluster = fenced(parts.options.cluster, term);
    this.notices = new NoticeDriver({ instance: SERVICE, ...parts.options, cluster });
    const converger = convergerOf(parts, cluster, this.notices);
    this.queue = queueFor(parts.options, (id) => converger.converge(id));
    const { readModel, clock, telemetry, log, defaults } = parts.options;
    const { reconciliation, executions, stopwatch } = parts;
    this.resync = new Resync(parts.options, parts.informers, (id) => this.tap(id));
    this.scheduler = new Scheduler({
      ...{ readModel, executions, reconciliation, clock, stopwatch, telemetry, log },
      ttlMs: defaults.ttlAfterFinishedMs,
    });
    this.archiver = archiverFor(parts);
  }

  /** Acts until the term is over, and resolves when what was under way then is done; the rest is in the log. */
  async run(): Promise<void> {
    const { signal } = this.term;
    signal.addEventListener('abort', () => void this.queue.stop(), { once: true });
    await Promise.all([
      followLog(this.parts.options, this.parts.projector.position, (id) => this.tap(id), signal),
      this.scheduler.run(signal),
      this.resync.run(signal),
      this.parts.webhooks.run(this.term),
      this.archiver?.run(signal),
    ]);
    await this.queue.stop();
    await this.notices.stop();
  }

  /** There may be something to do for this execution. */
  tap(id: string): void {
    if (!this.term.signal.aborted) this.queue.add(id);
  }

  /** Told what the read model took in. */
  applied(changes: readonly RowChange[]): void {
    for (const { row } of changes) if (row.lockUntil !== undefined) this.scheduler.cooling(row.id, row.lockUntil);
    if (changes.some(({ row }) => isDueSometime(row))) this.scheduler.wake();
    for (const { row } of changes)
      if (isFree(row)) void this.tapWaiting({ namespace: row.runNamespace, name: row.runName });
  }

  /** The lock of this name may be free: whoever is in line for it looks. */
  async tapWaiting({ namespace, name }: ObjectName): Promise<void> {
    try {
      for (const id of await this.parts.options.readModel.waitingFor(namespace, name, WAITERS)) this.tap(id);
    } catch (error) {
      this.parts.options.log.warn(
        { err: error },
        'those who wait for a lock could not be told; they look again by themselves',
      );
    }
  }
}

/** A lock to be given back, or a resource to be pruned. */
const isDueSometime = (row: ExecutionRow): boolean => row.lockUntil !== undefined || (!row.isOpen && row.hasResource);

/** It held the lock and gave it back, or was in line for it and has left the line. */
const isFree = (row: ExecutionRow): boolean =>
  row.lock === 'Released' || (row.lock === 'None' && row.finishedAt !== undefined);

/** The steps of one pass over an execution, with drivers that write only while the term lasts. */
function convergerOf(
  { options, executions, ...parts }: ActingParts,
  cluster: Cluster,
  notices: NoticeDriver,
): Converger {
  const { readModel, store, clock, telemetry, log, defaults } = options;
  const { informers, reconciliation, bridge, observer, observing, projector, sensitive, stopwatch } = parts;
  const shared = { cluster, view: informers.view, reconciliation, clock, stopwatch, telemetry };
  const { creationPatienceMs, deadlines, deletionPatienceMs } = defaults;
  const runs = new RunDriver({
    ...{ ...shared, observer, sensitive, creationPatienceMs, deadlines },
    holders: new HolderLookup(executions),
    history: new TargetHistory(store, projector, readModel, executions),
  });
  const resources = new ResourceDriver({ ...shared, executions, log, creationPatienceMs, deletionPatienceMs });
  return new Converger(executions, bridge, observing, runs, resources, notices);
}

function archiverFor({ options, executions, reconciliation, webhooks }: ActingParts): Archiver | undefined {
  const { archiving, store, readModel, clock, ids, telemetry, log } = options;
  if (archiving === undefined) return undefined;
  const served = (): Promise<Position | undefined> => webhooks.served();
  const parts = { store, readModel, executions, reconciliation, served, clock, ids, telemetry, log };
  return new Archiver({ ...parts, ...archiving });
}

function queueFor(options: RuntimeOptions, handle: (id: string) => Promise<number | undefined>): WorkQueue {
  const { clock, random, telemetry, log, workers } = options;
  return new WorkQueue({
    handle,
    onFault: (id, error, attempt) => {
      if (error instanceof NotLeaderError) return; // the term is over, or about to be
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

/** Which part met the fault, in the few words metrics know. */
function categoryOf(error: unknown): string {
  if (error instanceof ClusterError) return 'cluster';
  return isStoreFault(error) ? 'store' : 'bug';
}
