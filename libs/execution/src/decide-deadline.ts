import { clip, TEXT_LIMITS } from './clip.ts';
import { nextDeadline } from './deadline.ts';
import { lastSnapshot, lockUntilOf, releaseWithResource } from './decide-run.ts';
import type { ExecutionEvent, RunOverdue } from './events.ts';
import type { Observation } from './observation.ts';
import { nextAfter, overdueSentence } from './overdue.ts';
import type { Execution, Running } from './state.ts';
import { explain } from './summary.ts';

/** Tasks named in one event. */
const MAX_TASKS = 50;

type DeadlinePassed = Extract<Observation, { kind: 'DeadlinePassed' }>;

/**
 * A deadline of ours: the run is cancelled and what was seen is recorded. When the cancellation has no effect in time
 * either, the execution ends without waiting for Tekton; its run goes on being cancelled, and is removed with the lock.
 */
export function deadlinePassed(observation: DeadlinePassed, at: string, state: Execution): ExecutionEvent[] {
  const { limits, isCancelled } = observation;
  const deadline = nextDeadline(state, limits);
  if (state.phase !== 'Running' || deadline === undefined || Date.parse(at) < deadline.atMs) return [];
  const { kind, limitMs } = deadline;
  const overdue: ExecutionEvent = { type: 'RunOverdue', data: { deadline: kind, limitMs, seen: seen(state) } };
  const reason = clip(overdueSentence(kind, limitMs, state), TEXT_LIMITS.message);
  if (kind === 'Cancellation')
    return [overdue, abandoned(state, isCancelled, reason, at), ...releaseWithResource(state)];
  return [overdue, { type: 'CancellationRequested', data: { mode: 'Immediate', reason } }];
}

function seen({ progress, tasks }: Running): RunOverdue['seen'] {
  const named = Object.entries(tasks).slice(0, MAX_TASKS);
  return {
    ...(progress && { condition: progress.condition }),
    tasks: named.map(([taskRun, { pipelineTask, state }]) => ({ pipelineTask, taskRun, state })),
  };
}

/**
 * Steps may have run as soon as Tekton has picked the run up, and may still run: nobody has seen them end. As long as it
 * could not be told to stop, Tekton may also come back and begin.
 */
function abandoned(state: Running, isCancelled: boolean, message: string, at: string): ExecutionEvent {
  const isPickedUp = state.progress !== undefined || Object.keys(state.tasks).length > 0;
  const wasExecutionFailure = isPickedUp || !isCancelled;
  const words = { next: nextAfter('Cancellation') };
  const cause = { reason: 'DeadlineExceeded', message, wasExecutionFailure, words } as const;
  const failure = explain(state, cause, at, state.progress?.startTime);
  return {
    type: 'ExecutionFailed',
    data: { failure, run: lastSnapshot(state), lockUntil: lockUntilOf(state, undefined, at) },
  };
}
