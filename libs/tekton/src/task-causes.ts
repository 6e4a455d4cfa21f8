import type { Cause } from './cause.ts';
import { cause, wrongPipeline } from './cause.ts';
import {
  causeOfReference,
  causeOfRefusedObject,
  causeOfWords,
  EVICTED_CAUSE,
  INIT_CAUSE,
  oomOf,
  QUOTA_CAUSE,
} from './message-causes.ts';
import { NEVER_STARTED } from './steps.ts';
import type { TaskRun } from './task-run.ts';

type CauseIn = (task: TaskRun) => Cause;
const always =
  (found: Cause): CauseIn =>
  () =>
    found;
const messageOf = ({ condition }: TaskRun): string => condition?.message ?? '';

export const IMAGE_CAUSE = cause(
  'ImagePullBackOff',
  "check that the step's image, which the message names, exists and that its registry works with the pull secrets of the run's service account.",
);

const outOfMemory: CauseIn = (task) => causeOfWords(messageOf(task)) ?? oomOf('the container that the message names');

/** Reasons of a failed task run. What is not here is decided by its steps alone. */
export const TASK_CAUSES: Readonly<Record<string, CauseIn>> = {
  StepFailed: stepFailed,
  StepOOM: outOfMemory,
  SidecarFailed: always(
    cause('TaskFailed', "read the sidecar's log; its steps ended well, so look at what they did to the target."),
  ),
  SidecarOOM: outOfMemory,
  InitContainerFailed: always(INIT_CAUSE),
  InitContainerOOM: outOfMemory,
  PodEvicted: always(EVICTED_CAUSE),
  Failed: unclassified,
  TaskRunTimeout: (task) => blockingCause(task) ?? taskTimeout(task),
  TaskRunCancelled: always(cause('Cancelled')),
  TaskRunImagePullFailed: always(IMAGE_CAUSE),
  CreateContainerConfigError: always(
    cause(
      'ConfigurationError',
      'create the secret or config map that the message names, or correct the step that asks for it.',
    ),
  ),
  PodCreationFailed: (task) => causeOfRefusedObject(messageOf(task)),
  PodAdmissionFailed: (task) => ({ ...causeOfRefusedObject(messageOf(task)), reason: 'Forbidden' }),
  TaskRunResolutionFailed: (task) => causeOfReference(messageOf(task)),
  TaskRunValidationFailed: always(wrongPipeline('the task as the message says')),
  TaskValidationFailed: always(wrongPipeline('the task as the message says')),
  TaskRunResultLargerThanAllowedLimit: always(
    cause(
      'TaskFailed',
      'write less into task results (about 4 KiB in all); the step had done its work by then, so look at the target.',
    ),
  ),
  InvalidParamValue: always(
    cause('ConfigurationError', 'give the parameter one of the values that the workflow allows.'),
  ),
  ResourceVerificationFailed: always(
    cause(
      'Forbidden',
      "sign the task with a key that the cluster's verification policies trust, or correct the policies.",
    ),
  ),
  /** The steps are done by then, and Tekton does not say what kept it from stopping the sidecar. */
  TaskRunStopSidecarFailed: always(
    cause('Unknown', "look at Tekton's own log: it could not stop a sidecar after the steps had ended."),
  ),
  CouldntCreateWorkspacePVC: (task) => causeOfRefusedObject(messageOf(task)),
};

/** The cause of a run whose failure came through this task run: steps first, since their words never changed. */
export function causeOfTask(task: TaskRun): Cause {
  const { failedStep, condition } = task;
  if (failedStep?.reason === 'OOMKilled') return oomOf(`step ${failedStep.name}`);
  if (failedStep?.terminationReason === 'TimeoutExceeded') return stepTimeout(failedStep.name);
  if (failedStep !== undefined && NEVER_STARTED.has(failedStep.reason)) return NOT_STARTABLE;
  const reason = condition?.reason ?? '';
  return (Object.hasOwn(TASK_CAUSES, reason) ? TASK_CAUSES[reason]?.(task) : undefined) ?? unclassified(task);
}

/** `Failed` was the reason of everything that happens in a pod before Tekton 1.12, and may be of anything later. */
function unclassified(task: TaskRun): Cause {
  const worded = causeOfWords(messageOf(task));
  if (worded !== undefined) return worded;
  const killed = task.failedStep ? undefined : task.endedSidecars.find(({ reason }) => reason === 'OOMKilled');
  if (killed !== undefined) return oomOf(`sidecar ${killed.name}`);
  return task.mayHaveRun ? stepFailed(task) : cause('Unknown');
}

const NOT_STARTABLE = wrongPipeline('the image or the working folder of the step: its container could not be started');
const SIGKILL_EXIT = 137;

function stepFailed({ failedStep, podName }: TaskRun): Cause {
  if (failedStep?.container === undefined || podName === undefined) return cause('TaskFailed');
  const { container, exitCode, reason, terminationReason, name } = failedStep;
  // Tekton's entrypoint always leaves a word; without one it was killed itself.
  if (exitCode === SIGKILL_EXIT && reason === 'Error' && terminationReason === undefined) {
    const next = `find out what killed pod ${podName} (deletion, drain, preemption or signal 9: Tekton cannot tell them apart), and how far step ${name} had come.`;
    return cause('TaskFailed', next);
  }
  const next = `read the log of step ${name} while the run exists (kubectl logs ${podName} -c ${container} in the run's namespace), and look at the target.`;
  return cause('TaskFailed', next);
}

const stepTimeout = (step: string): Cause =>
  cause(
    'DeadlineExceeded',
    `raise the timeout of step ${step} in the workflow (spec.executionConfig.timeout does not change it), or find out what it waited for.`,
  );

function taskTimeout({ task }: TaskRun): Cause {
  const next = `raise the timeout of task ${task} in the workflow, or find out what it waited for. A task without a timeout of its own has Tekton's default (one hour), or the run's if that is longer.`;
  return cause('DeadlineExceeded', next);
}

const BLOCKED: Readonly<Record<string, Cause>> = {
  ExceededResourceQuota: QUOTA_CAUSE,
  ExceededNodeResources: cause(
    'ResourceExhausted',
    "add nodes, free the ones there are, or lower the requests of the task's steps: its pod never found a node.",
  ),
  PullImageFailed: IMAGE_CAUSE,
  Pending: cause(
    'DeadlineExceeded',
    "find out why the task's pod did not start (the message says what it waited for); more time alone will not help.",
  ),
};
const PREVIOUS_STATUS = /^Previous status: \[(\w+)\]/m;

/** What kept a task from ever starting until time was up: Tekton keeps it in the second line of the message. */
export function blockingCause(task: TaskRun): Cause | undefined {
  const [, previous = ''] = PREVIOUS_STATUS.exec(messageOf(task)) ?? [];
  return !task.mayHaveRun && Object.hasOwn(BLOCKED, previous) ? BLOCKED[previous] : undefined;
}
