import type { CancelMode, DesiredRun, Pending, RunRef, RunRefusal } from '#execution';
import { desiredRun } from '#execution';
import type { Clock, Cluster, KubeObject } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS } from '#kubernetes';
import type { ApiError } from '#tekton';
import { pipelineRunFor, runRefusal } from '#tekton';
import type { ClusterView } from './cluster-view.ts';
import type { Deadline } from './deadline.ts';
import { pickUpDeadline } from './deadline.ts';
import type { Loaded } from './executions.ts';
import type { HolderLookup } from './holder-lookup.ts';
import { Patience } from './patience.ts';
import type { ReadModel } from './read-model.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { RunObserver } from './run-observer.ts';
import { isOurs } from './run-observer.ts';
import type { Telemetry } from './telemetry.ts';

/** What a driver did: the execution afterwards, and when to look again if nothing taps it before. */
export interface Driven {
  readonly loaded: Loaded;
  readonly againMs?: number;
}

export interface RunDriverParts {
  readonly cluster: Cluster;
  readonly view: ClusterView;
  readonly observer: RunObserver;
  readonly holders: HolderLookup;
  readonly readModel: Pick<ReadModel, 'waitingFor'>;
  readonly reconciliation: Reconciliation;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** A create that keeps failing for passing reasons is given up after this. */
  readonly creationPatienceMs: number;
  /** A run that Tekton has not picked up by then is cancelled. */
  readonly pickUpDeadlineMs: number;
}

/** A waiting execution looks again this often, beside being told when the lock is given back. */
const WAITING_MS = 5_000;
/** A removal or cancellation that shows no effect is looked at again after this. */
const EFFECT_MS = 2_000;
/** The name is free, but task runs of an earlier run still exist under it. */
const LEFTOVERS_MS = 500;
const NAMED_LEFTOVERS = 5;

/** Changes of a run that has lost our label do not tell whom they concern: it is looked at this often. */
const UNLABELLED_MS = 2_000;

/** Makes the PipelineRun match what the log demands. */
export class RunDriver {
  private readonly patience: Patience;

  constructor(private readonly parts: RunDriverParts) {
    this.patience = new Patience(parts.clock, parts.creationPatienceMs);
  }

  async converge(loaded: Loaded): Promise<Driven> {
    const wish: DesiredRun = desiredRun(loaded.execution);
    switch (wish.kind) {
      case 'Exists':
        return this.create(loaded, wish.execution);
      case 'Confirmed':
        return this.confirm(loaded, wish.execution);
      case 'Cancelled':
        return this.cancel(loaded, wish.run, wish.mode);
      case 'Removed':
        return this.remove(loaded, wish.run);
      case 'Followed':
        return this.follow(loaded, wish.run);
      case 'Kept':
      case 'Nothing':
        return { loaded };
    }
  }

  private async create(loaded: Loaded, execution: Pending): Promise<Driven> {
    if (await this.isBehindAnother(execution)) return { loaded, againMs: WAITING_MS };
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

  /** First come, first served by place in the log: nobody who waits is overtaken by somebody who waits. */
  private async isBehindAnother(execution: Pending): Promise<boolean> {
    if (execution.settings.onConflict !== 'Wait') return false;
    const [first] = await this.parts.readModel.waitingFor(execution.settings.executionNamespace, execution.runName, 1);
    return first !== undefined && first !== execution.id;
  }

  /**
   * Tekton finds the children of a run by name: a run created while task runs of its predecessor exist would take over
   * their results without running anything.
   */
  private leftovers(execution: Pending): Promise<readonly KubeObject[]> {
    const { executionNamespace } = execution.settings;
    return this.parts.observer.listTaskRuns(executionNamespace, `tekton.dev/pipelineRun=${execution.runName}`);
  }

  /** Task runs exist under the name: with their run, it is taken; without, nothing is created until they are gone. */
  private async besideLeftovers(loaded: Loaded, execution: Pending, leftovers: readonly KubeObject[]): Promise<Driven> {
    const run = await this.parts.observer.read(runName(execution));
    if (run !== undefined) return this.takenBy(loaded, run);
    if (this.patience.exhausted(loaded.id) === undefined) return { loaded, againMs: LEFTOVERS_MS };
    const names = leftovers.slice(0, NAMED_LEFTOVERS).map(({ metadata }) => metadata.name);
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

  /** Cancelled before a run was recorded: one may exist all the same, from before a crash. */
  private async confirm(loaded: Loaded, execution: Pending): Promise<Driven> {
    const run = await this.parts.observer.read(runName(execution));
    if (run === undefined || !isOurs(run, loaded.id))
      return { loaded: await this.parts.reconciliation.sync(loaded, { kind: 'RunMissing' }) };
    return this.converge(await this.parts.observer.found(loaded, run, 'adopted'));
  }

  /** Nothing to do but to wait, and not for ever. */
  private async follow(loaded: Loaded, run: RunRef): Promise<Driven> {
    const deadline = this.deadlineOf(loaded);
    if (deadline.kind === 'passed') return this.overdue(loaded, run);
    const seen = this.parts.view.run(run);
    const unlabelled = seen !== undefined && !isOurs(seen, loaded.id) ? { againMs: UNLABELLED_MS } : {};
    return { loaded, ...(deadline.kind === 'ahead' && { againMs: deadline.inMs }), ...unlabelled };
  }

  /** Not picked up as far as the watch has shown; what the API server has now decides. */
  private async overdue(loaded: Loaded, run: RunRef): Promise<Driven> {
    const current = await this.parts.observer.observeNow(loaded, run);
    const deadline = this.deadlineOf(current);
    if (deadline.kind !== 'passed') return this.converge(current);
    const { reason } = deadline;
    const cancel = { type: 'CancelExecution', mode: 'Immediate', reason } as const;
    return this.converge((await this.parts.reconciliation.command(loaded.id, cancel, 'scheduler')).loaded);
  }

  private deadlineOf({ execution }: Loaded): Deadline {
    return pickUpDeadline(execution, this.parts.clock.now(), this.parts.pickUpDeadlineMs);
  }

  private async cancel(loaded: Loaded, run: RunRef, mode: CancelMode): Promise<Driven> {
    const wanted = mode === 'Immediate' ? 'Cancelled' : 'CancelledRunFinally';
    const seen = this.parts.view.run(run);
    if (seen?.metadata.uid === run.uid && isAtLeast(statusOfSpec(seen), wanted)) return { loaded, againMs: EFFECT_MS };
    try {
      const body = { metadata: { uid: run.uid }, spec: { status: wanted } };
      await this.parts.cluster.patch(PIPELINE_RUNS, run, { type: 'merge', body });
    } catch (error) {
      // Gone, replaced, or ended meanwhile: what the run looks like then is told by the next observation.
      const isMoot =
        error instanceof ClusterError && ['not-found', 'conflict', 'bad-request', 'invalid'].includes(error.code);
      if (!isMoot) throw error;
    }
    return { loaded, againMs: EFFECT_MS };
  }

  private async remove(loaded: Loaded, run: RunRef): Promise<Driven> {
    const seen = this.parts.view.run(run);
    if (seen?.metadata.uid === run.uid && seen.metadata.deletionTimestamp !== undefined)
      return this.isGone(loaded, run);
    try {
      await this.parts.cluster.delete(PIPELINE_RUNS, run, { uid: run.uid, propagation: 'Foreground' });
    } catch (error) {
      const isGone = error instanceof ClusterError && (error.code === 'not-found' || error.code === 'conflict');
      if (!isGone) throw error;
    }
    return this.isGone(loaded, run);
  }

  /** The lock is free when the object of that uid is gone, not when its deletion was asked for. */
  private async isGone(loaded: Loaded, run: RunRef): Promise<Driven> {
    const read = await this.parts.observer.read(run);
    if (read?.metadata.uid === run.uid) return { loaded, againMs: EFFECT_MS };
    return { loaded: await this.parts.reconciliation.sync(loaded, { kind: 'RunMissing', runUid: run.uid }) };
  }
}

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

const runName = (execution: Pending): { namespace: string; name: string } => ({
  namespace: execution.settings.executionNamespace,
  name: execution.runName,
});

const statusOfSpec = (run: KubeObject): unknown => (run.spec as { status?: unknown } | undefined)?.status;

/** A run that is being cancelled harder than asked needs no patch. */
const isAtLeast = (found: unknown, wanted: 'Cancelled' | 'CancelledRunFinally'): boolean =>
  found === wanted || found === 'Cancelled';
