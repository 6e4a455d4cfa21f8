import { clip, clipResults, TEXT_LIMITS } from './clip.ts';
import { unreachable } from './decision.ts';
import type { ExecutionEvent, RunSnapshot, TaskFinished, TaskStarted } from './events.ts';
import type { RunFailure, RunObservation, TaskObservation } from './observation.ts';
import type { Running } from './state.ts';
import { explain } from './summary.ts';

/** Progress and task events recorded for one execution at most; its end is always recorded. */
export const MAX_PROGRESS_EVENTS = 1000;

/** What an observation of the run adds to the log of a running execution. */
export function observeRun(state: Running, run: RunObservation, at: string): ExecutionEvent[] {
  if (run.ref.uid !== state.run.uid) return runDeleted(state, at);
  const tasks = run.tasks.flatMap((task) => taskEvents(state, task));
  const news = run.outcome === undefined ? [...progress(state, run), ...tasks] : tasks;
  const kept = news.slice(0, Math.max(0, MAX_PROGRESS_EVENTS - state.progressEvents));
  return run.outcome === undefined ? kept : [...kept, ...ended(state, run, at)];
}

/** The run is gone before it ended: somebody deleted it, and its steps may have changed the target. */
export function runDeleted(state: Running, at: string): ExecutionEvent[] {
  const { namespace, name, uid } = state.run;
  const message = `PipelineRun ${namespace}/${name} (uid ${uid}) was deleted before it ended`;
  const failure = explain(
    state,
    { reason: 'PipelineRunDeleted', message, wasExecutionFailure: true },
    at,
    state.progress?.startTime,
  );
  return [
    { type: 'ExecutionFailed', data: { failure, run: lastSnapshot(state), lockUntil: at } },
    { type: 'LockReleased', data: { run: state.run, cause: 'RunDeleted' } },
  ];
}

function progress(state: Running, run: RunObservation): ExecutionEvent[] {
  const { condition, startTime, totalTasks } = run;
  if (condition === undefined) return [];
  const known = state.progress;
  const isNews =
    known?.condition.status !== condition.status ||
    known.condition.reason !== condition.reason ||
    known.startTime !== startTime ||
    (totalTasks !== undefined && known.totalTasks !== totalTasks);
  if (!isNews) return [];
  const optional = { ...(startTime !== undefined && { startTime }), ...(totalTasks !== undefined && { totalTasks }) };
  const message = clip(condition.message, TEXT_LIMITS.message);
  return [{ type: 'PipelineRunProgressed', data: { condition: { ...condition, message }, ...optional } }];
}

/** A task run is news when it began (again) and when it ended (otherwise than recorded). */
function taskEvents(state: Running, task: TaskObservation): ExecutionEvent[] {
  if (task.state === 'Pending') return [];
  const known = state.tasks[task.taskRun];
  const begun: ExecutionEvent = { type: 'TaskStarted', data: started(task) };
  const isNewAttempt = known === undefined || known.attempt < task.attempt;
  if (task.state === 'Running') return isNewAttempt || known.state !== 'Started' ? [begun] : [];
  const over: ExecutionEvent = { type: 'TaskFinished', data: finished(task, task.state) };
  if (isNewAttempt) return [begun, over];
  return known.state === task.state ? [] : [over];
}

function started(task: TaskObservation): TaskStarted {
  const { pipelineTask, taskRun, uid, attempt, startTime } = task;
  return { pipelineTask, taskRun, taskRunUid: uid, attempt, ...(startTime !== undefined && { startTime }) };
}

function finished(task: TaskObservation, state: TaskFinished['state']): TaskFinished {
  const { reason, steps, results, completionTime } = task;
  const message = clip(task.message, TEXT_LIMITS.message);
  return {
    ...started(task),
    state,
    reason,
    message,
    steps,
    results: clipResults(results),
    ...(completionTime !== undefined && { completionTime }),
  };
}

function ended(state: Running, run: RunObservation, at: string): ExecutionEvent[] {
  const snapshot = snapshotOf(state, run);
  const lockUntil = lockUntilOf(state, run.completionTime ?? at);
  return [endEvent(state, run, snapshot, lockUntil, at), ...releaseWithResource(state)];
}

function endEvent(
  state: Running,
  run: RunObservation,
  snapshot: RunSnapshot,
  lockUntil: string,
  at: string,
): ExecutionEvent {
  if (run.outcome === 'Succeeded') return { type: 'ExecutionCompleted', data: { run: snapshot, lockUntil } };
  const failure = explain(state, failureOf(run), at, run.startTime);
  const type = run.outcome === 'Cancelled' ? 'ExecutionCancelled' : 'ExecutionFailed';
  return { type, data: { run: snapshot, lockUntil, failure } };
}

function failureOf(run: RunObservation): RunFailure {
  const message = run.condition?.message ?? '';
  const cause: RunFailure = run.failure ?? { reason: 'Unknown', message, wasExecutionFailure: true };
  const failedAt = cause.failedAt ?? run.completionTime;
  return failedAt === undefined ? cause : { ...cause, failedAt };
}

/** Nobody is left to see the cooldown of an execution whose resource is going: the lock is given back at once. */
function releaseWithResource(state: Running): ExecutionEvent[] {
  switch (state.binding.state) {
    case 'Unbound':
    case 'Bound':
      return [];
    case 'Deleting':
    case 'Removed':
      return [{ type: 'ReleaseRequested', data: { cause: 'ResourceDeleted', reason: 'the resource was deleted' } }];
    default:
      return unreachable(state.binding);
  }
}

function lockUntilOf(state: Running, endedAt: string): string {
  return new Date(Date.parse(endedAt) + state.settings.cooldownMs).toISOString();
}

function snapshotOf(state: Running, run: RunObservation): RunSnapshot {
  const condition = run.condition ?? { status: 'Unknown', reason: '', message: '' };
  const ended = run.tasks.filter((task) => task.state !== 'Pending' && task.state !== 'Running');
  return {
    ref: state.run,
    condition: { ...condition, message: clip(condition.message, TEXT_LIMITS.message) },
    totalTasks: run.totalTasks ?? run.tasks.length,
    completedTasks: ended.length,
    skippedTasks: run.skippedTasks,
    results: clipResults(run.results),
    ...(run.startTime !== undefined && { startTime: run.startTime }),
    ...(run.completionTime !== undefined && { completionTime: run.completionTime }),
    ...(run.resolved !== undefined && { resolved: run.resolved }),
  };
}

/** What is left of a run that nobody can look at any more. */
function lastSnapshot(state: Running): RunSnapshot {
  const tasks = Object.values(state.tasks);
  return {
    ref: state.run,
    condition: state.progress?.condition ?? { status: 'Unknown', reason: '', message: '' },
    totalTasks: state.progress?.totalTasks ?? tasks.length,
    completedTasks: tasks.filter((task) => task.state !== 'Started').length,
    skippedTasks: [],
    results: [],
    ...(state.progress?.startTime !== undefined && { startTime: state.progress.startTime }),
  };
}
