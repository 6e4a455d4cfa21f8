import { clip, clipResults, TEXT_LIMITS } from './clip.ts';
import { unreachable } from './decision.ts';
import type { EventOf, ExecutionEvent, RunSnapshot, TaskFinished, TaskStarted } from './events.ts';
import type { RunFailure } from './failure.ts';
import type { RunCondition, RunObservation, TaskObservation } from './observation.ts';
import type { RunRef } from './spec.ts';
import { same } from './same-spec.ts';
import type { Running, TaskState } from './state.ts';
import { nextAfter } from './overdue.ts';
import { explain } from './summary.ts';

/** Progress and task events recorded for one execution at most; its end is always recorded. */
export const MAX_PROGRESS_EVENTS = 1000;

/** Progress and task events of one observation at most: a store takes 500 events at once. */
export const MAX_EVENTS_AT_ONCE = 450;

/** Tekton's word for a run that waits to be started. */
const ASLEEP_REASON = 'PipelineRunPending';

/** What an observation of the run adds to the log of a running execution. */
export function observeRun(state: Running, run: RunObservation, at: string): ExecutionEvent[] {
  // One name, one run at a time: an older run of that name is a late sight of what ours has replaced.
  if (run.ref.uid !== state.run.uid) return isOlder(run.ref, state.run) ? [] : replaced(state, run, at);
  const tasks = atOnce(run.tasks.flatMap((task) => taskEvents(state, task)));
  const news = run.outcome === undefined ? [...progress(state, run), ...tasks] : tasks;
  const kept = news.slice(0, Math.max(0, Math.min(MAX_EVENTS_AT_ONCE, MAX_PROGRESS_EVENTS - state.progressEvents)));
  return run.outcome === undefined ? kept : [...kept, ...ended(state, run, at)];
}

/** Another run of ours has its name: it is gone, and the other one may not be. */
function replaced(state: Running, by: RunObservation, at: string): ExecutionEvent[] {
  const stray: ExecutionEvent = {
    type: 'ContradictionObserved',
    data: { recordedOutcome: 'Failed', strayRun: by.ref },
  };
  return [...runDeleted(state, at), stray];
}

/** True when the run was created before the other one. */
export const isOlder = (run: RunRef, than: RunRef): boolean => Date.parse(run.createdAt) < Date.parse(than.createdAt);

/** All of them; or, when they are too many, without the starts of tasks that are over: the end tells the start too. */
function atOnce(events: readonly TaskEvent[]): readonly TaskEvent[] {
  if (events.length < MAX_EVENTS_AT_ONCE) return events;
  const over = new Set(events.filter((event) => event.type === 'TaskFinished').map((event) => event.data.taskRun));
  return events.filter((event) => event.type === 'TaskFinished' || !over.has(event.data.taskRun));
}

type TaskEvent = EventOf<'TaskStarted' | 'TaskFinished'>;

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
  const { startTime, totalTasks } = run;
  // A run that is asleep, or has not been looked at since it was started, has made no progress.
  if (run.condition === undefined || run.condition.reason === ASLEEP_REASON) return [];
  const condition = recorded(run.condition);
  const known = state.progress;
  const isNews =
    !same(known?.condition, condition) ||
    (startTime !== undefined && known?.startTime !== startTime) ||
    (totalTasks !== undefined && known?.totalTasks !== totalTasks);
  if (!isNews) return [];
  const optional = { ...(startTime !== undefined && { startTime }), ...(totalTasks !== undefined && { totalTasks }) };
  return [{ type: 'PipelineRunProgressed', data: { condition, ...optional } }];
}

/** A condition as it is recorded; compare this with what was recorded. */
export function recorded({ status, reason, message }: RunCondition): RunCondition {
  return { status, reason: clip(reason, TEXT_LIMITS.name), message: clip(message, TEXT_LIMITS.message) };
}

/** A task run is news when it began (again) and when it ended (otherwise than recorded). */
function taskEvents(state: Running, task: TaskObservation): TaskEvent[] {
  if (task.state === 'Pending') return [];
  const known = Object.hasOwn(state.tasks, task.taskRun) ? state.tasks[task.taskRun] : undefined;
  if (known !== undefined && task.attempt < known.attempt) return [];
  const begun: TaskEvent = { type: 'TaskStarted', data: started(task) };
  const isNewAttempt = known === undefined || known.attempt < task.attempt;
  // Tekton revives task runs that failed, not those that succeeded: that would be a late sight of before the end.
  if (task.state === 'Running') return isNewAttempt || isRevivable(known) ? [begun] : [];
  const over: TaskEvent = { type: 'TaskFinished', data: finished(task, task.state) };
  if (isNewAttempt) return [begun, over];
  return known.state === task.state ? [] : [over];
}

const isRevivable = ({ state }: TaskState): boolean => state === 'Failed' || state === 'Cancelled';

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
  const lockUntil = lockUntilOf(state, run.completionTime, at);
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
  // Stopped by us, because a deadline of ours had passed: that is no wish of anybody's, but a failure.
  const isOverdue = state.overdue !== undefined && (run.outcome === 'Cancelled' || run.outcome === 'TimedOut');
  const cause = isOverdue ? overdueCause(state, failureOf(run)) : failureOf(run);
  const failure = explain(state, cause, at, run.startTime);
  const type = run.outcome === 'Cancelled' && !isOverdue ? 'ExecutionCancelled' : 'ExecutionFailed';
  return { type, data: { run: snapshot, lockUntil, failure } };
}

/** What was seen when the deadline passed is the reason of the cancellation. */
function overdueCause({ cancellation, overdue }: Running, cause: RunFailure): RunFailure {
  const words = { next: nextAfter(overdue?.deadline ?? 'End') };
  return { ...cause, reason: 'DeadlineExceeded', message: cancellation?.reason ?? cause.message, words };
}

function failureOf(run: RunObservation): RunFailure {
  const message = run.condition?.message ?? '';
  const cause: RunFailure = run.failure ?? { reason: 'Unknown', message, wasExecutionFailure: true };
  const failedAt = cause.failedAt ?? run.completionTime;
  return failedAt === undefined ? cause : { ...cause, failedAt };
}

/** Nobody is left to see the cooldown of an execution whose resource is going: the lock is given back at once. */
export function releaseWithResource(state: Running): ExecutionEvent[] {
  switch (state.binding.state) {
    case 'Unbound':
    case 'Bound':
      return [];
    case 'Deleting':
    case 'Pruning':
    case 'Removed':
      return [{ type: 'ReleaseRequested', data: { cause: 'ResourceDeleted', reason: 'the resource was deleted' } }];
    default:
      return unreachable(state.binding);
  }
}

/** The cooldown counts from the end of the run, as Tekton's clock has it, but never from later than now. */
export function lockUntilOf(state: Running, completionTime: string | undefined, at: string): string {
  const [completedMs, nowMs] = [Date.parse(completionTime ?? at), Date.parse(at)];
  const endedMs = completedMs <= nowMs ? completedMs : nowMs;
  return new Date(endedMs + state.settings.cooldownMs).toISOString();
}

function snapshotOf(state: Running, run: RunObservation): RunSnapshot {
  const condition = run.condition ?? { status: 'Unknown', reason: '', message: '' };
  const ended = run.tasks.filter((task) => task.state !== 'Pending' && task.state !== 'Running');
  return {
    ref: state.run,
    condition: recorded(condition),
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
export function lastSnapshot(state: Running): RunSnapshot {
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
