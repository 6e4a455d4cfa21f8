import { count, courseOf, isLast, isOver, isSettled, startingNow, tasksLimitMs } from './course.ts';
import type { Course, Placed, Stop } from './course.ts';
import { secondsIso } from './seconds-iso.ts';
import { durationMs, formatGoDuration } from './go-duration.ts';
import type { ChildReference, RunStatus } from './objects.ts';
import { CANCELLED, cancelled, ended, runningChildren, soonest, TIMED_OUT, withCondition } from './run-status.ts';
import type { RunPlan, RunWorld } from './run-status.ts';
import { resultsOf } from './run-results.ts';
import { newTaskRun } from './new-task-run.ts';

/** The next step of a run whose pipeline is known. */
export function planTasks(world: RunWorld, status: RunStatus): RunPlan {
  if (world.run.spec.status === 'Cancelled') {
    const running = runningChildren(world, status);
    return {
      cancel: running.map(({ metadata: { name } }) => ({ name, message: CANCELLED })),
      status: cancelled(world, status),
    };
  }
  const course = courseOf(world, status);
  const starting = startingNow(course);
  const progress = progressOf(world, status, course, starting);
  const plan: RunPlan = {
    cancel: cancelledNow(course),
    create: starting
      .filter(({ taskRun }) => taskRun === undefined)
      .map((each) => newTaskRun(world, each.task, isLast(course, each))),
    status: isOver(course) ? endOf(world, progress, course) : conditioned(world, progress, course),
  };
  const tasksEndMs = tasksLimitMs(world, status) ?? Number.NEGATIVE_INFINITY;
  // Once it has passed, the end of the tasks that were stopped is what is waited for.
  return tasksEndMs <= world.nowMs || isSettled(course.dag) ? plan : soonest(plan, tasksEndMs);
}

function cancelledNow({ dag, stop }: Course): readonly { name: string; message: string }[] {
  const isCancel = stop === 'PipelineRun was gracefully cancelled';
  if (!isCancel && stop !== 'PipelineRun Tasks timeout has been reached') return [];
  const running = dag.filter(({ state, taskRun }) => state === 'running' && taskRun?.spec.status === undefined);
  return running.map(({ name }) => ({ name, message: isCancel ? CANCELLED : TIMED_OUT }));
}

function progressOf(world: RunWorld, status: RunStatus, course: Course, starting: readonly Placed[]): RunStatus {
  const known = new Set((status.childReferences ?? []).map(({ name }) => name));
  const children = [...course.dag, ...course.last].filter(
    (each) => each.taskRun !== undefined || starting.includes(each),
  );
  const joined = children.filter(({ name }) => !known.has(name));
  const childReferences = [...(status.childReferences ?? []), ...joined.map(referenceTo)];
  const startsFinally = starting.some((each) => isLast(course, each));
  return {
    ...status,
    ...adoptedStart(status, joined),
    ...(childReferences.length > 0 && { childReferences }),
    ...(course.skipped.length > 0 && {
      skippedTasks: course.skipped.map(({ task }) => ({ name: task.name, reason: skipReason(course) })),
    }),
    ...(startsFinally && { finallyStartTime: status.finallyStartTime ?? secondsIso(world.nowMs) }),
  };
}

/** That a task failed is said before that somebody cancelled. */
const skipReason = ({ dag, stop }: Course): string =>
  count(dag, 'failed') > 0 ? 'PipelineRun was stopping' : (stop as string);

const referenceTo = ({ name, task }: Placed): ChildReference => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'TaskRun',
  name,
  pipelineTaskName: task.name,
});

/** A run that takes over a leftover task run also takes over its start, which then lies before the run's creation. */
function adoptedStart({ startTime }: RunStatus, joined: readonly Placed[]): { startTime?: string } {
  const starts = joined.map(({ taskRun }) => taskRun?.status?.startTime).filter((time) => time !== undefined);
  const [earliest] = [...starts, ...(startTime === undefined ? [] : [startTime])].sort();
  return earliest === undefined ? {} : { startTime: earliest };
}

/** Tekton's words for how far a run is: `Tasks Completed: 1 (Failed: 0, Cancelled 0), Incomplete: 2, Skipped: 0`. */
function tally({ dag, last, skipped }: Course, isFinished: boolean): string {
  const all = [...dag, ...last];
  const completed = count(all, 'succeeded', 'failed', 'cancelled');
  const counts = `Tasks Completed: ${completed} (Failed: ${count(all, 'failed')}, Cancelled ${count(all, 'cancelled')})`;
  const incomplete = isFinished ? '' : `, Incomplete: ${all.length - completed - skipped.length - count(all, 'unmet')}`;
  return `${counts}${incomplete}, Skipped: ${skipped.length}`;
}

const REASON_WHILE: Readonly<Record<Stop, string>> = {
  'PipelineRun was stopping': 'Running',
  'PipelineRun was gracefully cancelled': 'CancelledRunningFinally',
  'PipelineRun was gracefully stopped': 'StoppedRunningFinally',
  'PipelineRun Tasks timeout has been reached': 'PipelineRunTimeoutRunningFinally',
};

function conditioned(world: RunWorld, status: RunStatus, course: Course): RunStatus {
  const reason = course.stop === undefined || course.isQuiet ? 'Running' : REASON_WHILE[course.stop];
  return withCondition(world, status, { status: 'Unknown', reason, message: tally(course, false) });
}

function endOf(world: RunWorld, status: RunStatus, course: Course): RunStatus {
  const all = [...course.dag, ...course.last];
  const { found, missing } = resultsOf(status, (task) => all.find((each) => each.task.name === task)?.taskRun);
  const withResults = found.length > 0 ? { ...status, results: found } : status;
  const message = tally(course, true);
  if (course.stop === 'PipelineRun Tasks timeout has been reached') return tasksTimedOut(world, withResults);
  if (count(all, 'failed') > 0) return ended(world, withResults, 'False', 'Failed', message);
  if (world.run.spec.status !== undefined) return cancelled(world, withResults);
  if (count(all, 'cancelled') > 0) return ended(world, withResults, 'False', 'Cancelled', message);
  if (missing.length === 0) return ended(world, withResults, 'True', 'Succeeded', message);
  const complaint = `Failed to get PipelineResult from TaskRun Results for PipelineRun ${world.run.metadata.name}: invalid pipelineresults [${missing.join(' ')}], the referenced results don't exist`;
  return ended(world, withResults, 'False', 'CouldntGetPipelineResult', complaint);
}

function tasksTimedOut(world: RunWorld, status: RunStatus): RunStatus {
  const limit = formatGoDuration(durationMs(world.run.spec.timeouts?.tasks) ?? 0);
  const message = `PipelineRun "${world.run.metadata.name}" failed due to tasks failed to finish within "${limit}"`;
  return ended(world, status, 'False', 'PipelineRunTimeout', message);
}
