import type { Children } from './children.ts';
import { causeOfRun } from './run-causes.ts';
import type { Run } from './run.ts';
import type { TaskRun } from './task-run.ts';
import { endOf } from './task-run.ts';

/**
 * The task run through which its run did not succeed: the first that failed. Undefined when the run's own reason is the
 * cause, and when nothing tells which it was.
 */
export function culpritOf(run: Run, { own, unseen }: Children): TaskRun | undefined {
  const { condition, outcome } = run;
  if (condition === undefined || (outcome === 'Failed' && causeOfRun(condition) !== undefined)) return undefined;
  // What fails after the time limit has cut a task (a finally task, say) is not why the run ran out of time.
  if (outcome === 'TimedOut') return first(own, 'Failed', 'Cancelled') ?? lastResort(own, unseen);
  const failed = first(own, 'Failed');
  // A reason nobody knows yet is no reason to blame a task that did not fail by itself.
  if (failed !== undefined || (outcome === 'Failed' && condition.reason !== 'Failed')) return failed;
  return first(own, 'Cancelled') ?? lastResort(own, unseen);
}

/** Task runs that failed, in the order of their ends. */
export const failedInOrder = ({ own }: Children): readonly TaskRun[] =>
  own.filter(({ state }) => state === 'Failed').sort(byEnd);

/** The first to end in one of these states. */
const first = (own: readonly TaskRun[], ...states: readonly TaskRun['state'][]): TaskRun | undefined =>
  own.filter(({ state }) => states.includes(state)).sort(byEnd)[0];

/** A task run can be revived after its run has failed: then it is the only one that has not ended, or the only one. */
function lastResort(own: readonly TaskRun[], unseen: number): TaskRun | undefined {
  const unfinished = own.filter(({ state }) => state === 'Running' || state === 'Pending');
  if (unfinished.length === 1) return unfinished[0];
  return unseen === 0 && own.length === 1 && own[0]?.state !== 'FailureIgnored' ? own[0] : undefined;
}

/** Sorting is stable, so tasks that ended within the same second (Tekton knows no finer) stay in the run's order. */
const byEnd = (a: TaskRun, b: TaskRun): number => millis(endOf(a)) - millis(endOf(b));
const millis = (time: string | undefined): number => (time === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(time));
