import type { StepObservation } from '#execution';
import { LIMITS } from './limits.ts';
import type { Fields } from './read.ts';
import { fieldsOf, imageOf, integerOf, listOf, nameOf, present, textOf, timeOf } from './read.ts';

/** One step of one attempt, with what only libs/tekton needs to know. */
export interface Step extends StepObservation {
  /** Its container started, so the step may have run: Tekton starts all containers and lets each wait its turn. */
  readonly mayHaveRun: boolean;
  readonly finishedAt?: string;
  /** Name of its container in the pod: where its log is. */
  readonly container?: string;
  /** What the kubelet says while the container cannot start. */
  readonly waitingFor?: string;
}

export const stepsOf = (status: Fields): readonly Step[] =>
  listOf(status.steps).slice(0, LIMITS.stepsPerTask).map(stepOf);

/** Reasons of a container that the kubelet could not start. */
export const NEVER_STARTED: ReadonlySet<string> = new Set(['StartError', 'ContainerCannotRun']);

function stepOf(value: unknown): Step {
  const step = fieldsOf(value);
  const terminated = fieldsOf(step.terminated);
  const hasEnded = step.terminated !== undefined && step.terminated !== null;
  const madeUp = hasEnded && isMadeUp(step, terminated);
  return present({
    name: nameOf(step.name) ?? '',
    exitCode: madeUp ? undefined : integerOf(terminated.exitCode),
    reason: reasonOf(step, terminated, hasEnded),
    terminationReason: nameOf(step.terminationReason),
    imageId: imageOf(step.imageID),
    finishedAt: timeOf(terminated.finishedAt),
    container: nameOf(step.container),
    waitingFor: hasEnded ? undefined : textOf(fieldsOf(step.waiting).message),
    mayHaveRun: hasEnded ? mayHaveRun(step, terminated, madeUp) : step.running !== undefined && step.running !== null,
  });
}

function reasonOf(step: Fields, terminated: Fields, hasEnded: boolean): string {
  if (hasEnded) return nameOf(terminated.reason) ?? '';
  if (step.running !== undefined && step.running !== null) return 'Running';
  return nameOf(fieldsOf(step.waiting).reason) ?? '';
}

/**
 * When Tekton deletes a pod it writes the end of its steps itself: exit code 1, with the reason of the task run
 * (TaskRunCancelled, TaskRunTimeout, TaskRunImagePullFailed, …). No process returned that code.
 */
const isMadeUp = (step: Fields, terminated: Fields): boolean =>
  typeof step.terminationReason === 'string' &&
  step.terminationReason.startsWith('TaskRun') &&
  terminated.reason === step.terminationReason;

/** A made-up end also covers containers that never started; those have neither an image nor a container id. */
function mayHaveRun(step: Fields, terminated: Fields, madeUp: boolean): boolean {
  if (NEVER_STARTED.has(nameOf(terminated.reason) ?? '')) return false;
  return !madeUp || nameOf(step.imageID) !== undefined || nameOf(terminated.containerID) !== undefined;
}

/** Waiting reasons of a container that will not start as things are. */
const STUCK = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'ErrImagePull',
  'ErrImageNeverPull',
  'ImageInspectError',
  'ImagePullBackOff',
  'InvalidImageName',
  'RegistryUnavailable',
]);

/**
 * The step that failed: the first with a non-zero exit code, killed for memory, or ended by Tekton, that was neither
 * skipped because an earlier one failed nor allowed to fail (steps after it also report exit code 1 and `Error`). If
 * none has ended so, the first whose container could not be started.
 */
export const failedStepOf = (steps: readonly Step[]): Step | undefined =>
  steps.find(hasFailed) ?? steps.find(({ reason }) => STUCK.has(reason));

function hasFailed({ exitCode, reason, terminationReason = '' }: Step): boolean {
  if (terminationReason === 'Skipped' || terminationReason === 'Continued') return false;
  return (exitCode ?? 0) !== 0 || reason === 'OOMKilled' || terminationReason.startsWith('TaskRun');
}

export const observedStep = ({ name, exitCode, reason, terminationReason, imageId }: Step): StepObservation =>
  present({ name, exitCode, reason, terminationReason, imageId });
