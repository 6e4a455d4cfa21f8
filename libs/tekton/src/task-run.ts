import type { TaskObservation } from '#execution';
import type { Condition, Fields } from './read.ts';
import { fieldsOf, listOf, nameOf, present, succeededCondition, timeOf } from './read.ts';
import { resultsOf } from './results.ts';
import type { Step } from './steps.ts';
import { failedStepOf, observedStep, stepsOf } from './steps.ts';

/** A task run of our run, with what the search for the cause of a failure needs. */
export interface TaskRun {
  readonly name: string;
  readonly uid: string;
  /** Name of the pipeline task. */
  readonly task: string;
  /** Place in the run's `childReferences`; undefined when it is not listed there. */
  readonly index?: number;
  readonly state: TaskObservation['state'];
  readonly condition?: Condition;
  readonly attempt: number;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly steps: readonly Step[];
  readonly failedStep?: Step;
  /** In any attempt. */
  readonly mayHaveRun: boolean;
  readonly status: Fields;
}

/** Place of each child in the run's `childReferences`, with the pipeline task it is listed for. */
export type ChildPlaces = ReadonlyMap<string, { readonly index: number; readonly task?: string }>;

export function taskRunOf(object: unknown, places: ChildPlaces): TaskRun {
  const { metadata, status: rawStatus } = fieldsOf(object);
  const { name: rawName, uid, labels } = fieldsOf(metadata);
  const status = fieldsOf(rawStatus);
  const name = nameOf(rawName) ?? '';
  const place = places.get(name);
  const steps = stepsOf(status);
  const attempts = [steps, ...listOf(status.retriesStatus).map((earlier) => stepsOf(fieldsOf(earlier)))];
  const mayHaveRun = attempts.some((attempt) => attempt.some((step) => step.mayHaveRun));
  const condition = succeededCondition(status);
  return present({
    name,
    uid: nameOf(uid) ?? '',
    task: place?.task ?? nameOf(fieldsOf(labels)['tekton.dev/pipelineTask']) ?? name,
    index: place?.index,
    state: stateOf(condition, mayHaveRun),
    condition,
    attempt: attempts.length,
    startTime: timeOf(status.startTime),
    completionTime: timeOf(status.completionTime),
    steps,
    failedStep: failedStepOf(steps),
    mayHaveRun,
    status,
  });
}

function stateOf(condition: Condition | undefined, mayHaveRun: boolean): TaskRun['state'] {
  if (condition === undefined) return 'Pending';
  if (condition.status === 'True') return 'Succeeded';
  if (condition.status === 'Unknown') return mayHaveRun || condition.reason === 'Running' ? 'Running' : 'Pending';
  if (condition.reason === 'FailureIgnored') return 'FailureIgnored';
  return condition.reason === 'TaskRunCancelled' ? 'Cancelled' : 'Failed';
}

export function observedTask(taskRun: TaskRun): TaskObservation {
  const { task, name, uid, state, condition, attempt, startTime, completionTime, steps, status } = taskRun;
  return present({
    pipelineTask: task,
    taskRun: name,
    uid,
    state,
    reason: condition?.reason ?? '',
    message: condition?.message ?? '',
    attempt,
    startTime,
    completionTime,
    steps: steps.map(observedStep),
    results: resultsOf(status.results),
  });
}

/** When it ended, as well as that is known: a task run without completion time still has a last transition. */
export const endOf = ({ completionTime, failedStep, condition }: TaskRun): string | undefined =>
  completionTime ?? failedStep?.finishedAt ?? condition?.since;
