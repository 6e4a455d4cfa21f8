import type { Pending, RunRefusal } from '#execution';
import type { Clock, Cluster, KubeObject, ObjectName } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS } from '#kubernetes';
import type { ApiError } from '#tekton';
import { pipelineRunFor, runRefusal } from '#tekton';
import type { Loaded } from './executions.ts';
import type { HolderLookup } from './holder-lookup.ts';
import { Patience } from './patience.ts';
import type { ReadModel } from './read-model.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { RunObserver } from './run-observer.ts';
import { isOurs } from './run-observer.ts';
import type { TargetHistory } from './target-history.ts';
import type { Telemetry } from './telemetry.ts';

/** What a driver did: the execution afterwards, and when to look again if nothing taps it before. */
export interface Driven {
  readonly loaded: Loaded;
  readonly againMs?: number;
}

export interface RunCreationParts {
  readonly cluster: Cluster;
  readonly observer: RunObserver;
  readonly holders: HolderLookup;
  readonly history: TargetHistory;
  readonly readModel: Pick<ReadModel, 'waitingFor'>;
  readonly reconciliation: Reconciliation;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** A create that keeps failing for passing reasons is given up after this. */
  readonly creationPatienceMs: number;
}

/** A waiting execution looks again this often, beside being told when the lock is given back. */
const WAITING_MS = 5_000;
/** The name is free, but task runs of an earlier run still exist under it. */
const LEFTOVERS_MS = 500;

/** Brings the PipelineRun of an execution into being, and with it takes the lock: at most once, whatever happens. */
export class RunCreation {
  private readonly patience: Patience;

  constructor(private readonly parts: RunCreationParts) {
    this.patience = new Patience(parts.clock, parts.creationPatienceMs);
  }

  /** Asks for the run; what is in the way, or refuses it, is recorded. */
  async create(loaded: Loaded, execution: Pending): Promise<Driven> {
    if (await this.isBehindAnother(execution)) return this.taken(loaded, execution);
    const leftovers = await this.leftovers(execution);
    if (leftovers.length > 0) return this.besideLeftovers(loaded, execution, leftovers);
    const startedMs = this.parts.clock.now();
    const told = (result: 'created' | 'refused' | 'failed', reason = ''): void =>
      this.parts.telemetry.runCreation((this.parts.clock.now() - startedMs) / 1000, result, reason);
    try {
      const created = await this.parts.cluster.create(PIPELINE_RUNS, pipelineRunFor(execution));
      told('created');
      this.patience.forget(loaded.id);
      return { loaded: await this.parts.observer.found(loaded, created, 'created') };
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (error.code === 'already-exists') return this.taken(loaded, execution);
      told(error.isTransient ? 'failed' : 'refused', error.code);
      return this.notCreated(loaded, execution, error);
    }
  }

  /**
   * First come, first served by place in the log: nobody who waits is overtaken by somebody who waits. Everybody who
   * waits is recorded as waiting, since the queue is made of those.
   */
  private async isBehindAnother(execution: Pending): Promise<boolean> {
    if (execution.settings.onConflict !== 'Wait') return false;
    const [first] = await this.parts.readModel.waitingFor(execution.settings.executionNamespace, execution.runName, 1);
    return first !== undefined && first !== execution.id;
  }

  /**
   * Tekton finds the children of a run by name: a run created while task runs of its predecessor exist would take over
   * their results without running anything.
   */
  private async leftovers(execution: Pending): Promise<readonly string[]> {
    const hadPredecessor = !(await this.parts.history.isFirst(execution));
    return this.parts.observer.taskRunNames(runName(execution), hadPredecessor);
  }

  /** Task runs exist under the name: with their run, it is taken; without, nothing is created until they are gone. */
  private async besideLeftovers(loaded: Loaded, execution: Pending, names: readonly string[]): Promise<Driven> {
    const run = await this.parts.observer.read(runName(execution));
    if (run !== undefined) return this.takenBy(loaded, run);
    if (this.patience.exhausted(loaded.id) === undefined) return { loaded, againMs: LEFTOVERS_MS };
    const message = `task runs of an earlier run are left under the name ${execution.runName} and do not go: ${names.join(', ')}; delete them`;
    return this.refused(loaded, { code: 'leftovers', reason: 'Unknown', message });
  }

  /** The name is taken: by ourselves (created before a crash, or by a create whose reply was lost), or by somebody else. */
  private async taken(loaded: Loaded, execution: Pending): Promise<Driven> {
    const run = await this.parts.observer.read(runName(execution));
    return run === undefined ? { loaded, againMs: LEFTOVERS_MS } : this.takenBy(loaded, run);
  }

  private async takenBy(loaded: Loaded, run: KubeObject): Promise<Driven> {
    this.patience.forget(loaded.id);
    if (isOurs(run, loaded.id)) {
      this.parts.telemetry.runCreation(0, 'adopted', '');
      return { loaded: await this.parts.observer.found(loaded, run, 'adopted') };
    }
    const holder = await this.parts.holders.holderOf(run);
    const after = await this.parts.reconciliation.sync(loaded, { kind: 'TargetLocked', holder });
    return after.execution.phase === 'Pending' ? { loaded: after, againMs: WAITING_MS } : { loaded: after };
  }

  /** Refused for good, or out of patience: the execution ends. Otherwise the work queue comes back to it. */
  private async notCreated(loaded: Loaded, execution: Pending, error: ClusterError): Promise<Driven> {
    const refusal = runRefusal(apiErrorOf(error)) ?? this.outOfPatience(loaded.id, error);
    if (refusal === undefined) throw error;
    // A quota or a policy answers before the name is looked at: the run may exist, from a create whose reply was lost.
    const run = await this.parts.observer.read(runName(execution));
    if (run !== undefined) return this.takenBy(loaded, run);
    return this.refused(loaded, refusal);
  }

  private async refused(loaded: Loaded, refusal: RunRefusal): Promise<Driven> {
    const after = await this.parts.reconciliation.sync(loaded, { kind: 'RunRefused', refusal });
    this.patience.forget(loaded.id);
    return { loaded: after };
  }

  /** Passing trouble that did not pass in time; waiting for a lock or for the service to be there is no trouble. */
  private outOfPatience(id: string, error: ClusterError): RunRefusal | undefined {
    const waitedMs = this.patience.exhausted(id);
    if (waitedMs === undefined) return undefined;
    const message = `gave up after ${Math.round(waitedMs / 1000)} s of trying to create the run: ${error.message}`;
    return { code: error.code, reason: 'Unknown', message };
  }
}

/** Name and place of an execution's run, also before it exists. */
export const runName = (execution: Pending): ObjectName => ({
  namespace: execution.settings.executionNamespace,
  name: execution.runName,
});

function apiErrorOf({ code, message, details }: ClusterError): ApiError {
  const { status, reason, causes } = details;
  return {
    code,
    message,
    ...(status !== undefined && { status }),
    ...(reason !== undefined && { reason }),
    ...(causes !== undefined && { causes }),
  };
}
