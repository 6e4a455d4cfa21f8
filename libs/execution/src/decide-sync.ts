import type { Decision } from './decision.ts';
import { nothing, record, refuse, unreachable } from './decision.ts';
import { decideResource } from './decide-resource.ts';
import { clip, clipTexts, TEXT_LIMITS } from './clip.ts';
import { isOlder, observeRun, recorded, runDeleted } from './decide-run.ts';
import { evolve } from './evolve.ts';
import type { ExecutionEvent } from './events.ts';
import type { FailureReason } from './failure.ts';
import type { LockHolder, Observation, RunObservation } from './observation.ts';
import type { Execution, Finished, Pending } from './state.ts';
import { creationDelayed, MAX_DELAY_EVENTS } from './decide-delay.ts';
import { deadlinePassed } from './decide-deadline.ts';
import { explain } from './summary.ts';

/** Folds an observation into the log: no news, no event. */
export function decideSync(observation: Observation, at: string, state: Execution): Decision {
  if (state.phase === 'Absent') return refuse('ExecutionUnknown', 'there is no such execution');
  switch (observation.kind) {
    case 'RunObserved':
      return isOurs(observation.run, state) ? record(...runObserved(observation, at, state)) : nothing();
    case 'RunMissing':
      return record(...runMissing(observation.runUid, at, state));
    case 'RunRefused': {
      const { reason, message } = observation.refusal;
      return state.phase === 'Pending' ? record(failedBeforeRun(state, reason, message, at)) : nothing();
    }
    case 'TargetLocked':
      return state.phase === 'Pending' ? record(...targetLocked(observation.holder, at, state)) : nothing();
    case 'ResourceObserved':
    case 'ResourceMissing':
    case 'ResourceRefused':
    case 'DeletionWaited':
    case 'ResourceExpired':
      return record(...decideResource(observation, at, state));
    case 'CreationDelayed':
      return record(...creationDelayed(observation, at, state));
    case 'DeadlinePassed':
      return record(...deadlinePassed(observation, at, state));
    case 'StatusDrifted':
      return record(...statusDrifted(observation.fields, state));
    default:
      return unreachable(observation);
  }
}

/** Known by its label; the run that was recorded also without one, by its uid. */
function isOurs({ executionId, ref }: RunObservation, state: Living): boolean {
  if (executionId !== '' || state.phase === 'Pending') return executionId === state.id;
  return ref.uid === (state.phase === 'Running' ? state.run : state.ended?.ref)?.uid;
}

type Living = Exclude<Execution, { phase: 'Absent' }>;
type RunObserved = Extract<Observation, { kind: 'RunObserved' }>;

function runObserved({ run, how }: RunObserved, at: string, state: Living): ExecutionEvent[] {
  switch (state.phase) {
    case 'Pending': {
      const found: ExecutionEvent = { type: 'PipelineRunCreated', data: { run: run.ref, adopted: how !== 'created' } };
      const next = evolve(state, { ...found, time: at });
      return next.phase === 'Running' ? [found, ...observeRun(next, run, at)] : [found];
    }
    case 'Running':
      return observeRun(state, run, at);
    case 'Finished':
      return contradicted(run, state);
    default:
      return unreachable(state);
  }
}

/** The first terminal observation decides; a later one that says otherwise is recorded once, and changes nothing. */
function contradicted(run: RunObservation, state: Finished): ExecutionEvent[] {
  const recordedOutcome = state.outcome;
  if (state.ended?.ref.uid !== run.ref.uid) return strayRun(run, state);
  // Not ended is a late sight of before the end.
  if (run.condition === undefined || run.outcome === undefined) return [];
  if (state.contradiction?.condition !== undefined) return [];
  const condition = recorded(run.condition);
  const known = state.ended.condition;
  if (condition.status === known.status && condition.reason === known.reason) return [];
  if (state.lock.state === 'Released') return [];
  return [{ type: 'ContradictionObserved', data: { recordedOutcome, condition } }];
}

/** A run of ours beside the one that ended. One name, one run at a time: an older one is a late sight of what is gone. */
function strayRun({ ref }: RunObservation, state: Finished): ExecutionEvent[] {
  const { strayRun: stray, removedRun } = state.contradiction ?? {};
  const known = [state.ended?.ref, stray, removedRun].filter((run) => run !== undefined);
  if (known.some((run) => run.uid === ref.uid || isOlder(ref, run))) return [];
  return [{ type: 'ContradictionObserved', data: { recordedOutcome: state.outcome, strayRun: ref } }];
}

/** A missing run is news about that run only: what was read before another was recorded says nothing of the other. */
function runMissing(runUid: string | undefined, at: string, state: Living): ExecutionEvent[] {
  switch (state.phase) {
    case 'Pending':
      return state.cancellation === undefined ? [] : [cancelledBeforeRun(state, at)];
    case 'Running':
      return state.run.uid === runUid ? runDeleted(state, at) : [];
    case 'Finished': {
      const stray = state.contradiction?.strayRun;
      if (stray !== undefined && stray.uid === runUid) return [{ type: 'StrayRunRemoved', data: { run: stray } }];
      const run = state.ended?.ref;
      if (run === undefined || run.uid !== runUid) return [];
      if (state.lock.state === 'Held') return [{ type: 'LockReleased', data: { run, cause: 'RunDeleted' } }];
      if (state.lock.state === 'Releasing') return [{ type: 'LockReleased', data: { run, cause: state.lock.cause } }];
      return [];
    }
    default:
      return unreachable(state);
  }
}

/** Corrections of the status recorded for one execution at most: two writers that fight do not fill the log. */
export const MAX_DRIFT_EVENTS = 100;
/** Names of fields kept in one of them. */
const MAX_DRIFT_FIELDS = 32;

/** Every correction is an act of its own, so the same one is recorded again when it happened again. */
function statusDrifted(fields: readonly string[], state: Living): ExecutionEvent[] {
  if (fields.length === 0 || (state.driftCorrections ?? 0) >= MAX_DRIFT_EVENTS) return [];
  const named = fields.slice(0, MAX_DRIFT_FIELDS).map((field) => clip(field, TEXT_LIMITS.name));
  return [{ type: 'StatusDriftCorrected', data: { fields: named } }];
}

/** Another holder, or the same one seen more clearly or further on; what was known before is not told again. */
function isNewHolder(holder: LockHolder, known: LockHolder | undefined): boolean {
  if (known?.runUid !== holder.runUid || HOLDER_STATES[holder.state] > HOLDER_STATES[known.state]) return true;
  return holder.until !== undefined && known.until === undefined;
}

const HOLDER_STATES = { Unknown: 0, Running: 1, Cooldown: 2 } as const;

function targetLocked(found: LockHolder, at: string, state: Pending): ExecutionEvent[] {
  // Somebody else's run has the name, so there is none of ours.
  if (state.cancellation !== undefined) return [cancelledBeforeRun(state, at)];
  // Its names come from labels that anybody may have written.
  const holder = clipTexts(found, TEXT_LIMITS.name);
  const policy = state.settings.onConflict;
  switch (policy) {
    case 'Fail':
      return [failedBeforeRun(state, 'ExecutionRaceCondition', lockedMessage(state, holder), at)];
    case 'Skip': {
      const reason = holder.state === 'Cooldown' ? 'RecentlyRemediated' : 'ResourceBusy';
      const until = holder.until === undefined ? {} : { until: holder.until };
      const message = clip(lockedMessage(state, holder), TEXT_LIMITS.message);
      const skip = { reason, message, skippedAt: at, holder, ...until } as const;
      return [{ type: 'ExecutionSkipped', data: { skip } }];
    }
    case 'Wait': {
      // With a delay behind it, its patience with the next one begins anew.
      const isDelayOver = state.delay !== undefined && (state.delayEvents ?? 0) < MAX_DELAY_EVENTS;
      const isNews = isDelayOver || isNewHolder(holder, state.waiting?.holder);
      return isNews ? [{ type: 'ExecutionQueued', data: { holder } }] : [];
    }
    default:
      return unreachable(policy);
  }
}

function lockedMessage(state: Pending, holder: LockHolder): string {
  const who =
    holder.name === undefined ? `a run with uid ${holder.runUid}` : `${holder.namespace ?? '?'}/${holder.name}`;
  const until = holder.until === undefined ? '' : ` until ${holder.until}`;
  const what = holder.state === 'Cooldown' ? `kept in cooldown by ${who}${until}` : `held by ${who}`;
  return `the lock on ${state.spec.targetResource} (PipelineRun ${state.settings.executionNamespace}/${state.runName}) is ${what}`;
}

function failedBeforeRun(state: Pending, reason: FailureReason, message: string, at: string): ExecutionEvent {
  return {
    type: 'ExecutionFailed',
    data: { failure: explain(state, { reason, message, wasExecutionFailure: false }, at) },
  };
}

function cancelledBeforeRun(state: Pending, at: string): ExecutionEvent {
  const message = `cancelled before its run was created: ${state.cancellation?.reason ?? ''}`;
  const failure = explain(state, { reason: 'Cancelled', message, wasExecutionFailure: false }, at);
  return { type: 'ExecutionCancelled', data: { failure } };
}
