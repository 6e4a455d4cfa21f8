import type { CancelMode, DeadlineLimits, DesiredRun, Pending, RunRef } from '#execution';
import { desiredRun, nextDeadline } from '#execution';
import type { KubeObject } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS } from '#kubernetes';
import type { ClusterView } from './cluster-view.ts';
import type { Loaded } from './executions.ts';
import type { Driven, RunCreationParts } from './run-creation.ts';
import { RunCreation, runName } from './run-creation.ts';
import { isOurs } from './run-observer.ts';
import { RunStart } from './run-start.ts';
import { again } from './soonest.ts';

export interface RunDriverParts extends RunCreationParts {
  readonly view: ClusterView;
  /** How long Tekton has for what it should do. */
  readonly deadlines: DeadlineLimits;
}

/** A removal or cancellation that shows no effect is looked at again after this. */
const EFFECT_MS = 2_000;

/** Somebody else's finalizer can keep a run for long: the longer it takes, the less often it is read. */
const REMOVAL_SHARE = 5;
const LONGEST_EFFECT_MS = 60_000;

/** Changes of a run that has lost our label do not tell whom they concern: it is looked at this often. */
const UNLABELLED_MS = 2_000;

/** Makes the PipelineRun match what the log demands. */
export class RunDriver {
  private readonly creation: RunCreation;
  private readonly start: RunStart;

  constructor(private readonly parts: RunDriverParts) {
    this.creation = new RunCreation(parts);
    this.start = new RunStart(parts.cluster, parts.view);
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

  /** Created asleep; once that is in the log, it is started in the same pass. */
  private async create(loaded: Loaded, execution: Pending): Promise<Driven> {
    const driven = await this.creation.create(loaded, execution);
    return driven.loaded.execution.phase === 'Running' ? this.converge(driven.loaded) : driven;
  }

  /** Cancelled before a run was recorded: one may exist all the same, from before a crash. */
  private async confirm(loaded: Loaded, execution: Pending): Promise<Driven> {
    const run = await this.parts.observer.read(runName(execution));
    if (run === undefined || !isOurs(run, loaded.id))
      return { loaded: await this.parts.reconciliation.sync(loaded, { kind: 'RunMissing' }) };
    return this.converge(await this.creation.record(loaded, execution, run, 'adopted'));
  }

  /** Nothing to do but to start it and to wait, and not for ever. */
  private async follow(loaded: Loaded, run: RunRef): Promise<Driven> {
    const leftMs = this.untilDeadline(loaded);
    if (leftMs !== undefined && leftMs <= 0) return this.overdue(loaded, run);
    await this.start.start(run);
    const seen = this.parts.view.run(run);
    const unlabelled = seen !== undefined && !isOurs(seen, loaded.id) ? UNLABELLED_MS : undefined;
    return { loaded, ...again(leftMs, unlabelled) };
  }

  /** Overdue as far as the watch has shown; what the API server has now decides. */
  private async overdue(loaded: Loaded, run: RunRef): Promise<Driven> {
    const current = await this.parts.observer.observeNow(loaded, run);
    const leftMs = this.untilDeadline(current);
    if (leftMs === undefined || leftMs > 0) return this.converge(current);
    const { deadlines: limits, reconciliation } = this.parts;
    const isCancelled = await this.isCancelled(run);
    const after = await reconciliation.sync(current, { kind: 'DeadlinePassed', limits, isCancelled }, 'scheduler');
    return after.last?.revision === current.last?.revision
      ? { loaded: after, againMs: EFFECT_MS }
      : this.converge(after);
  }

  private async isCancelled(run: RunRef): Promise<boolean> {
    const read = await this.parts.observer.read(run);
    return read?.metadata.uid === run.uid && statusOfSpec(read) === 'Cancelled';
  }

  private untilDeadline({ execution }: Loaded): number | undefined {
    if (execution.phase !== 'Running') return undefined;
    const deadline = nextDeadline(execution, this.parts.deadlines);
    return deadline && this.parts.stopwatch.left(`${execution.id} ${deadline.kind}`, deadline.atMs);
  }

  private async cancel(loaded: Loaded, run: RunRef, mode: CancelMode): Promise<Driven> {
    const leftMs = this.untilDeadline(loaded);
    if (leftMs !== undefined && leftMs <= 0) return this.overdue(loaded, run);
    const wanted = mode === 'Immediate' ? 'Cancelled' : 'CancelledRunFinally';
    const seen = this.parts.view.run(run);
    if (seen?.metadata.uid === run.uid && isAtLeast(statusOfSpec(seen), wanted))
      return { loaded, ...again(leftMs, EFFECT_MS) };
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

  private untilRemovalIsLookedAt({ execution }: Loaded): number {
    if (execution.phase !== 'Finished' || execution.lock.state !== 'Releasing') return EFFECT_MS;
    const elapsedMs = this.parts.clock.now() - Date.parse(execution.lock.requestedAt);
    return Math.min(LONGEST_EFFECT_MS, Math.max(EFFECT_MS, elapsedMs / REMOVAL_SHARE));
  }

  /** The lock is free when the object of that uid is gone, not when its deletion was asked for. */
  private async isGone(loaded: Loaded, run: RunRef): Promise<Driven> {
    const read = await this.parts.observer.read(run);
    if (read?.metadata.uid === run.uid) return { loaded, againMs: this.untilRemovalIsLookedAt(loaded) };
    return { loaded: await this.parts.reconciliation.sync(loaded, { kind: 'RunMissing', runUid: run.uid }) };
  }
}

const statusOfSpec = (run: KubeObject): unknown => (run.spec as { status?: unknown } | undefined)?.status;

/** A run that is being cancelled harder than asked needs no patch. */
const isAtLeast = (found: unknown, wanted: 'Cancelled' | 'CancelledRunFinally'): boolean =>
  found === wanted || found === 'Cancelled';
