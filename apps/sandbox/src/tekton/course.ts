import { childName } from './child-name.ts';
import { durationMs } from './go-duration.ts';
import type { PipelineTask, RunStatus, TaskRunObject } from './objects.ts';
import { conditionOf } from './objects.ts';
import { TIMED_OUT } from './run-status.ts';
import type { RunWorld } from './run-status.ts';

/** Where a pipeline task stands; `unmet` needs a result that a task which succeeded did not give. */
type TaskState = 'absent' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'unmet';

export interface Placed {
  readonly task: PipelineTask;
  readonly name: string;
  readonly taskRun: TaskRunObject | undefined;
  readonly state: TaskState;
}

/** Why no further task of the pipeline is started, in Tekton's words for skipped tasks. */
export type Stop =
  | 'PipelineRun was stopping'
  | 'PipelineRun was gracefully cancelled'
  | 'PipelineRun was gracefully stopped'
  | 'PipelineRun Tasks timeout has been reached';

/** Where all tasks of a run stand, and what follows from it. */
export interface Course {
  readonly dag: readonly Placed[];
  readonly last: readonly Placed[];
  readonly stop: Stop | undefined;
  readonly skipped: readonly Placed[];
  readonly isQuiet: boolean;
}

export function courseOf(world: RunWorld, status: RunStatus): Course {
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
export function tasksLimitMs({ run }: RunWorld, { startTime }: RunStatus): number | undefined {
  const limitMs = durationMs(run.spec.timeouts?.tasks) ?? 0;
  return limitMs > 0 && startTime !== undefined ? Date.parse(startTime) + limitMs : undefined;
}

/**
 * A task failed while another still runs that a third waits for: Tekton takes the third for done before its ancestors and
 * gives up (tektoncd/pipeline#5402), until the running one ends or the run is cancelled.
 */
export function isFrozen({ dag, stop }: Course): boolean {
  if (stop === 'PipelineRun was gracefully cancelled' || !hasFailed(dag)) return false;
  const running = new Set(dag.filter(({ state }) => state === 'running').map(({ task }) => task.name));
  return dag.some(({ state, task }) => state === 'absent' && dependenciesOf(task).some((name) => running.has(name)));
}

const isFinal = ({ state }: Placed): boolean => state !== 'absent' && state !== 'running';
export const isSettled = (tasks: readonly Placed[]): boolean => tasks.every(isFinal);
export const isLast = ({ last }: Course, placed: Placed): boolean => last.includes(placed);

/** Every task of the pipeline has ended or will never start. */
const isDagOver = ({ dag, skipped }: Course): boolean => dag.every((each) => isFinal(each) || skipped.includes(each));

/** A pipeline stopped before its first task does not run its finally tasks either. */
const runsFinally = ({ dag, stop }: Course): boolean =>
  stop === undefined || dag.some(({ state }) => state !== 'absent');

export const isOver = (course: Course): boolean =>
  isDagOver(course) && (!runsFinally(course) || isSettled(course.last));

/** Tasks whose turn it is. One whose name is taken by a task run already, whoever owns that, is not made again. */
export function startingNow(course: Course): readonly Placed[] {
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

export const count = (tasks: readonly Placed[], ...states: TaskState[]): number =>
  tasks.filter(({ state }) => states.includes(state)).length;
