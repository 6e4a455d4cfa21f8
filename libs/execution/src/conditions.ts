import { shortened } from './clip.ts';
import { messageOf } from './status-message.ts';
import { unreachable } from './decision.ts';
import type { Execution, Finished } from './state.ts';

/** A Kubernetes condition. `lastTransitionTime` is the time of the event that changed `status`. */
export interface StatusCondition {
  readonly type: 'Ready' | 'Succeeded' | 'LockHeld';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

/** Bytes; the whole sentence is in `status.message`. */
const MESSAGE_LIMIT = 256;

type Living = Exclude<Execution, { phase: 'Absent' }>;
type Verdict = Omit<StatusCondition, 'type' | 'observedGeneration'>;

/**
 * Ready: its run was created. Succeeded: Unknown until the end, then True or False. LockHeld: the lock on the target
 * is this execution's now.
 */
export function conditionsOf(execution: Living): readonly StatusCondition[] {
  const generation =
    execution.observedGeneration === undefined ? {} : { observedGeneration: execution.observedGeneration };
  return [
    { type: 'Ready', ...ready(execution), ...generation },
    { type: 'Succeeded', ...succeeded(execution), ...generation },
    { type: 'LockHeld', ...lockHeld(execution), ...generation },
  ];
}

function ready(execution: Living): Verdict {
  const since = heldSince(execution);
  if (since !== undefined) return verdict('True', 'RunCreated', 'the run was created', since);
  const reason = execution.phase === 'Finished' ? execution.outcome : waitingReason(execution);
  return verdict('False', reason, messageOf(execution), execution.createdAt);
}

function succeeded(execution: Living): Verdict {
  const message = messageOf(execution);
  if (execution.phase !== 'Finished') return verdict('Unknown', waitingReason(execution), message, execution.createdAt);
  const { outcome, failure, skip, finishedAt } = execution;
  if (outcome === 'Success') return verdict('True', 'Succeeded', message, finishedAt);
  return verdict('False', failure?.reason ?? skip?.reason ?? outcome, message, finishedAt);
}

function lockHeld(execution: Living): Verdict {
  switch (execution.phase) {
    case 'Pending':
      return verdict(
        'False',
        execution.waiting ? 'Waiting' : 'NotAcquired',
        'the run does not exist yet',
        execution.createdAt,
      );
    case 'Running':
      return verdict('True', 'Running', 'the run holds the lock', execution.runningSince);
    case 'Finished':
      return finishedLockHeld(execution);
    default:
      return unreachable(execution);
  }
}

function finishedLockHeld({ lock, createdAt }: Finished): Verdict {
  switch (lock.state) {
    case 'None':
      return verdict('False', 'NeverHeld', 'no run was created', createdAt);
    case 'Held':
      return verdict('True', 'Cooldown', `kept until ${lock.until}`, lock.since);
    case 'Releasing':
      return verdict('True', 'Releasing', 'the run is being removed', lock.since);
    case 'Released':
      return verdict('False', 'Released', 'the run is gone', lock.at);
    default:
      return unreachable(lock);
  }
}

function waitingReason(execution: Exclude<Living, Finished>): string {
  if (execution.cancellation) return 'Cancelling';
  if (execution.phase === 'Running') return 'Running';
  if (execution.delay) return 'Delayed';
  return execution.waiting ? 'WaitingForLock' : 'Pending';
}

/** Since when the run exists (or from when to when it existed); undefined when there never was one. */
function heldSince(execution: Living): string | undefined {
  if (execution.phase === 'Pending') return undefined;
  if (execution.phase === 'Running') return execution.runningSince;
  return execution.lock.state === 'None' ? undefined : execution.lock.since;
}

function verdict(status: Verdict['status'], reason: string, message: string, lastTransitionTime: string): Verdict {
  return { status, reason, message: shortened(message, MESSAGE_LIMIT), lastTransitionTime };
}
