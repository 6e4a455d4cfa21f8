import type { TaskObservation } from '#execution';
import type { Condition, Fields } from './read.ts';
import { fieldsOf, listOf, nameOf, present, succeededCondition, timeOf } from './read.ts';
import { LIMITS } from './limits.ts';
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
  /** Containers beside the steps that ended: name and the kubelet's reason. */
  readonly endedSidecars: readonly { readonly name: string; readonly reason: string }[];
  readonly podName?: string;
  /** A step of any attempt may have run, as far as was seen, or may yet: it has a pod and has not ended. */
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
  const hasRun = attempts.some((attempt) => attempt.some((step) => step.mayHaveRun));
  const condition = succeededCondition(status);
  const podName = nameOf(status.podName);
  return present({
    name,
    uid: nameOf(uid) ?? '',
    task: place?.task ?? nameOf(fieldsOf(labels)['tekton.dev/pipelineTask']) ?? name,
    index: place?.index,
    state: stateOf(condition, hasRun),
    condition,
    attempt: attempts.length,
    startTime: timeOf(status.startTime),
    completionTime: timeOf(status.completionTime),
    steps,
    failedStep: failedStepOf(steps),
    endedSidecars: endedSidecarsOf(status),
    podName,
    // Its run can be over before it is (cancellation, time limit): nothing keeps its pod from starting meanwhile.
    mayHaveRun: hasRun || (podName !== undefined && !hasEnded(condition)),
    status,
  });
}

const hasEnded = (condition: Condition | undefined): boolean =>
  condition !== undefined && condition.status !== 'Unknown';

const endedSidecarsOf = ({ sidecars }: Fields): TaskRun['endedSidecars'] =>
  listOf(sidecars)
    .slice(0, LIMITS.stepsPerTask)
    .map(fieldsOf)
    .map(({ name, terminated }) => ({ name: nameOf(name) ?? '', reason: nameOf(fieldsOf(terminated).reason) ?? '' }))
    .filter(({ reason }) => reason !== '');

function stateOf(condition: Condition | undefined, hasRun: boolean): TaskRun['state'] {
  if (condition === undefined) return 'Pending';
  if (condition.status === 'True') return 'Succeeded';
  if (condition.status === 'Unknown') return hasRun || condition.reason === 'Running' ? 'Running' : 'Pending';
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

/**
 * When it ended, as well as that is known: a task run without completion time still has a last transition. Undefined
 * while it has not ended, or not any more.
 */
export const endOf = ({ completionTime, failedStep, condition }: TaskRun): string | undefined =>
  hasEnded(condition) ? (completionTime ?? failedStep?.finishedAt ?? condition?.since) : undefined;
