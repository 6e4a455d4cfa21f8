import { LIMITS } from './limits.ts';
import { fieldsOf, listOf, succeededCondition, textOf } from './read.ts';
import type { Run } from './run.ts';
import type { TaskRun } from './task-run.ts';
import { taskRunOf } from './task-run.ts';

export interface Children {
  /** Task runs whose controller owner is this run, in the run's own order. */
  readonly own: readonly TaskRun[];
  /** Names of task runs the run claims as children although another object owns them. */
  readonly foreign: readonly string[];
  /** Children the run names that are neither own nor foreign: not among the task runs given, or no task runs. */
  readonly unseen: number;
}

/**
 * Tells the run's task runs from others. Tekton finds children by name without asking who owns them, so a run can
 * adopt those of a predecessor; only the controller reference's uid proves which run a task run belongs to.
 */
export function childrenOf(run: Run, taskRuns: readonly unknown[]): Children {
  const isOwn = (object: unknown): boolean => run.ref.uid !== '' && controllerUid(object) === run.ref.uid;
  const place = placeIn(run);
  const own = taskRuns
    .filter(isOwn)
    .sort((a, b) => place(a) - place(b) || byName(a, b))
    .slice(0, LIMITS.tasks)
    .map((object) => taskRunOf(object, run.places));
  const foreign = taskRuns
    .filter((object) => !isOwn(object))
    .map(nameIn)
    .filter((name) => run.places.has(name));
  const names = new Set(own.map(({ name }) => name));
  const strangers = new Set(foreign.filter((name) => !names.has(name)));
  const listed = listOf(run.status.childReferences).map((child) => textOf(fieldsOf(child).name) ?? '');
  return {
    own,
    foreign: [...strangers].sort(),
    unseen: listed.filter((name) => !names.has(name) && !strangers.has(name)).length,
  };
}

function controllerUid(object: unknown): string | undefined {
  const { ownerReferences } = fieldsOf(fieldsOf(object).metadata);
  const controller = listOf(ownerReferences).find((owner) => fieldsOf(owner).controller === true);
  return textOf(fieldsOf(controller).uid);
}

const nameIn = (object: unknown): string => textOf(fieldsOf(fieldsOf(object).metadata).name) ?? '';
const byName = (a: unknown, b: unknown): number => (nameIn(a) === nameIn(b) ? 0 : nameIn(a) < nameIn(b) ? -1 : 1);

/** The order of `childReferences`; children not listed there yet come last. */
const placeIn =
  (run: Run) =>
  (object: unknown): number =>
    run.places.get(nameIn(object))?.index ?? Number.MAX_SAFE_INTEGER;

/** Names of the task runs a PipelineRun says it has, in its order, each once. */
export function childTaskRunNames(pipelineRun: unknown): readonly string[] {
  const references = listOf(fieldsOf(fieldsOf(pipelineRun).status).childReferences).map(fieldsOf);
  const names = references.filter(({ kind }) => kind === 'TaskRun').map(({ name }) => textOf(name));
  return [...new Set(names.filter((name) => name !== undefined))].slice(0, LIMITS.tasks);
}

/** True when a task run has ended; it can still be revived, but its run has decided by then. */
export function taskRunHasEnded(taskRun: unknown): boolean {
  const condition = succeededCondition(fieldsOf(fieldsOf(taskRun).status));
  return condition !== undefined && condition.status !== 'Unknown';
}
