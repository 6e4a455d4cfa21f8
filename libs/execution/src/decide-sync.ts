import type { Decision } from './decision.ts';
import { nothing, record, refuse, unreachable } from './decision.ts';
import { decideResource } from './decide-resource.ts';
import { observeRun, runDeleted } from './decide-run.ts';
import { evolve } from './evolve.ts';
import type { ExecutionEvent } from './events.ts';
import type { FailureReason } from './failure.ts';
import type { LockHolder, Observation, RunObservation } from './observation.ts';
import { same } from './same-spec.ts';
import type { Execution, Finished, Pending } from './state.ts';
import { explain } from './summary.ts';

/** Folds an observation into the log: no news, no event. */
export function decideSync(observation: Observation, at: string, state: Execution): Decision {
  if (state.phase === 'Absent') return refuse('ExecutionUnknown', 'there is no such execution');
  switch (observation.kind) {
    case 'RunObserved':
      return observation.run.executionId === state.id ? record(...runObserved(observation, at, state)) : nothing();
    case 'RunMissing':
      return record(...runMissing(at, state));
    case 'RunRefused': {
      const { reason, message } = observation.refusal;
      return state.phase === 'Pending' ? record(failedBeforeRun(state, reason, message, at)) : nothing();
    }
    case 'TargetLocked':
      return state.phase === 'Pending' ? record(...targetLocked(observation.holder, at, state)) : nothing();
    case 'ResourceObserved':
    case 'ResourceMissing':
    case 'ResourceRefused':
      return record(...decideResource(observation, at, state));
    case 'StatusDrifted':
      return record({ type: 'StatusDriftCorrected', data: { fields: observation.fields } });
    default:
      return unreachable(observation);
  }
}

type RunObserved = Extract<Observation, { kind: 'RunObserved' }>;

function runObserved(
  { run, how }: RunObserved,
  at: string,
  state: Exclude<Execution, { phase: 'Absent' }>,
): ExecutionEvent[] {
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
  if (state.ended?.ref.uid !== run.ref.uid) {
    if (state.contradiction?.strayRun?.uid === run.ref.uid) return [];
    return [{ type: 'ContradictionObserved', data: { recordedOutcome, strayRun: run.ref } }];
  }
  const condition = run.condition;
  const known = state.contradiction?.condition ?? state.ended.condition;
  if (condition === undefined || (condition.status === known.status && condition.reason === known.reason)) return [];
  if (state.lock.state === 'Released') return [];
  return [{ type: 'ContradictionObserved', data: { recordedOutcome, condition } }];
}

function runMissing(at: string, state: Exclude<Execution, { phase: 'Absent' }>): ExecutionEvent[] {
  switch (state.phase) {
    case 'Pending':
      return state.cancellation === undefined ? [] : [cancelledBeforeRun(state, at)];
    case 'Running':
      return runDeleted(state, at);
    case 'Finished': {
      if (state.ended === undefined) return [];
      const run = state.ended.ref;
      if (state.lock.state === 'Held') return [{ type: 'LockReleased', data: { run, cause: 'RunDeleted' } }];
      if (state.lock.state === 'Releasing') return [{ type: 'LockReleased', data: { run, cause: state.lock.cause } }];
      return [];
    }
    default:
      return unreachable(state);
  }
}

function targetLocked(holder: LockHolder, at: string, state: Pending): ExecutionEvent[] {
  const policy = state.settings.onConflict;
  switch (policy) {
    case 'Fail':
      return [failedBeforeRun(state, 'ExecutionRaceCondition', lockedMessage(state, holder), at)];
    case 'Skip': {
      const reason = holder.state === 'Cooldown' ? 'RecentlyRemediated' : 'ResourceBusy';
      const until = holder.until === undefined ? {} : { until: holder.until };
      const skip = { reason, message: lockedMessage(state, holder), skippedAt: at, holder, ...until } as const;
      return [{ type: 'ExecutionSkipped', data: { skip } }];
    }
    case 'Wait':
      return same(state.waiting?.holder, holder) ? [] : [{ type: 'ExecutionQueued', data: { holder } }];
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
