import { isDeepStrictEqual } from 'node:util';
import { childName } from './child-name.ts';
import { secondsIso } from './seconds-iso.ts';
import { durationMs, formatGoDuration } from './go-duration.ts';
import type { ChildReference, PipelineTask, RunStatus, TaskRunObject } from './objects.ts';
import { conditionOf } from './objects.ts';
import { CANCELLED, cancelled, ended, runningChildren, soonest, TIMED_OUT, withCondition } from './run-status.ts';
import type { RunPlan, RunWorld } from './run-status.ts';
import { resultsOf } from './run-results.ts';
import { newTaskRun } from './new-task-run.ts';

/** Where a pipeline task stands; `unmet` needs a result that a task which succeeded did not give. */
type TaskState = 'absent' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'unmet';

interface Placed {
  readonly task: PipelineTask;
  readonly name: string;
  readonly taskRun: TaskRunObject | undefined;
  readonly state: TaskState;
}

/** Why no further task of the pipeline is started, in Tekton's words for skipped tasks. */
type Stop =
  | 'PipelineRun was stopping'
  | 'PipelineRun was gracefully cancelled'
  | 'PipelineRun was gracefully stopped'
  | 'PipelineRun Tasks timeout has been reached';

interface Course {
  readonly dag: readonly Placed[];
  readonly last: readonly Placed[];
  readonly stop: Stop | undefined;
  readonly skipped: readonly Placed[];
  readonly isQuiet: boolean;
}

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
  const tasksEndMs = tasksLimitMs(world, status);
  return tasksEndMs === undefined || isSettled(course.dag) ? plan : soonest(plan, tasksEndMs);
}

function courseOf(world: RunWorld, status: RunStatus): Course {
  const { tasks, finally: last = [] } = status.pipelineSpec ?? { tasks: [] };
  const place = (task: PipelineTask): Placed => {
    const name = childName(world.run.metadata.name, `-${task.name}`);
    const taskRun = world.taskRunNamed(name);
    return { task, name, taskRun, state: stateOf(taskRun) };
  };
  const placed = tasks.map(place);
  const dag = placed.map((each) => (isUnmet(each, placed) ? { ...each, state: 'unmet' as const } : each));
  const stop = stopOf(world, status, dag);
  // A graceful stop shows only once the tasks that were running have ended.
  const isQuiet = stop === 'PipelineRun was gracefully stopped' && count(dag, 'running') > 0;
  const skipped = stop === undefined || isQuiet ? [] : dag.filter(({ state }) => state === 'absent');
  return { dag, last: last.map(place), stop, skipped, isQuiet };
}

function stateOf(taskRun: TaskRunObject | undefined): TaskState {
  if (taskRun === undefined) return 'absent';
  const condition = conditionOf(taskRun);
  if (condition === undefined || condition.status === 'Unknown') return 'running';
  if (condition.status === 'True') return 'succeeded';
  return condition.reason === 'TaskRunCancelled' ? 'cancelled' : 'failed';
}

function stopOf(world: RunWorld, status: RunStatus, dag: readonly Placed[]): Stop | undefined {
  if (world.run.spec.status === 'CancelledRunFinally') return 'PipelineRun was gracefully cancelled';
  if (world.run.spec.status === 'StoppedRunFinally') return 'PipelineRun was gracefully stopped';
  if (haveTasksTimedOut(world, status, dag)) return 'PipelineRun Tasks timeout has been reached';
  return hasFailed(dag) ? 'PipelineRun was stopping' : undefined;
}

const hasFailed = (dag: readonly Placed[]): boolean => count(dag, 'failed', 'cancelled') > 0;

/** Their limit passed while one still ran or had yet to start; afterwards the message on the stopped ones tells. */
function haveTasksTimedOut(world: RunWorld, status: RunStatus, dag: readonly Placed[]): boolean {
  if (dag.some(({ taskRun }) => taskRun?.spec.statusMessage === TIMED_OUT)) return true;
  const isOpen = count(dag, 'running') > 0 || (count(dag, 'absent') > 0 && !hasFailed(dag));
  return isOpen && world.nowMs >= (tasksLimitMs(world, status) ?? Number.POSITIVE_INFINITY);
}

/** When the tasks' own limit passes; undefined when there is none. */
function tasksLimitMs({ run }: RunWorld, { startTime }: RunStatus): number | undefined {
  const limitMs = durationMs(run.spec.timeouts?.tasks) ?? 0;
  return limitMs > 0 && startTime !== undefined ? Date.parse(startTime) + limitMs : undefined;
}

const isFinal = ({ state }: Placed): boolean => state !== 'absent' && state !== 'running';
const isSettled = (tasks: readonly Placed[]): boolean => tasks.every(isFinal);
const isLast = ({ last }: Course, placed: Placed): boolean => last.includes(placed);

/** Every task of the pipeline has ended or will never start. */
const isDagOver = ({ dag, skipped }: Course): boolean => dag.every((each) => isFinal(each) || skipped.includes(each));

/** A pipeline stopped before its first task does not run its finally tasks either. */
const runsFinally = ({ dag, stop }: Course): boolean =>
  stop === undefined || dag.some(({ state }) => state !== 'absent');

const isOver = (course: Course): boolean => isDagOver(course) && (!runsFinally(course) || isSettled(course.last));

/** Tasks whose turn it is. One whose name is taken by a task run already, whoever owns that, is not made again. */
function startingNow(course: Course): readonly Placed[] {
  if (isDagOver(course)) return runsFinally(course) ? course.last : [];
  if (course.stop !== undefined) return [];
  const succeeded = new Set(course.dag.filter(({ state }) => state === 'succeeded').map(({ task }) => task.name));
  return course.dag.filter(({ task }) => dependenciesOf(task).every((name) => succeeded.has(name)));
}

const RESULT_OF = /\$\(tasks\.([^.)]+)\.results\.([^.)]+)\)/g;

/** Results of other tasks that the parameters of a task refer to. */
const neededResults = (task: PipelineTask): readonly { readonly of: string; readonly result: string }[] =>
  [...JSON.stringify(task.params ?? []).matchAll(RESULT_OF)].map(([, of = '', result = '']) => ({ of, result }));

const dependenciesOf = (task: PipelineTask): readonly string[] => [
  ...(task.runAfter ?? []),
  ...neededResults(task).map(({ of }) => of),
];

/** Tekton neither starts nor counts a task that needs a result nobody gave. */
function isUnmet({ task, state }: Placed, dag: readonly Placed[]): boolean {
  if (state !== 'absent') return false;
  return neededResults(task).some(({ of, result }) => {
    const giver = dag.find((each) => each.task.name === of);
    return giver?.state === 'succeeded' && !giver.taskRun?.status?.results?.some(({ name }) => name === result);
  });
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
      skippedTasks: course.skipped.map(({ task }) => ({ name: task.name, reason: course.stop as string })),
    }),
    ...(startsFinally && { finallyStartTime: status.finallyStartTime ?? secondsIso(world.nowMs) }),
  };
}

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

const count = (tasks: readonly Placed[], ...states: TaskState[]): number =>
  tasks.filter(({ state }) => states.includes(state)).length;

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

/** Whether writing the status would change anything. */
export const changes = (before: RunStatus | undefined, after: RunStatus): boolean => !isDeepStrictEqual(before, after);
