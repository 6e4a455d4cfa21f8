import type { FailureReason } from '#execution';
import type { Condition } from './read.ts';
import type { TaskRun } from './task-run.ts';

/** Reasons of a run that failed by itself, not through one of its tasks (facts: the run's message is the cause). */
const RUN_REASONS: Readonly<Record<string, FailureReason>> = {
  CouldntGetTask: 'ConfigurationError',
  PipelineValidationFailed: 'ConfigurationError',
  ParameterMissing: 'ConfigurationError',
  ParameterTypeMismatch: 'ConfigurationError',
  ObjectParameterMissKeys: 'ConfigurationError',
  ParamArrayIndexingInvalid: 'ConfigurationError',
  InvalidParamValue: 'ConfigurationError',
  InvalidMatrixParameterTypes: 'ConfigurationError',
  InvalidWorkspaceBindings: 'ConfigurationError',
  RequiredWorkspaceMarkedOptional: 'ConfigurationError',
  InvalidTaskRunSpecs: 'ConfigurationError',
  PipelineInvalidGraph: 'ConfigurationError',
  InvalidTaskResultReference: 'ConfigurationError',
  InvalidPipelineResultReference: 'ConfigurationError',
  CELEvaluationFailed: 'ConfigurationError',
  InvalidPipelineResourceBindings: 'ConfigurationError',
  /** Every task succeeded; the pipeline promises a result that none of them gave. The bundle is wrong, no task failed. */
  CouldntGetPipelineResult: 'ConfigurationError',
  CreateRunFailed: 'ConfigurationError',
  ResourceVerificationFailed: 'Forbidden',
};

/** Reasons of a task run that say the cause by themselves. `Failed` and `StepFailed` say nothing beyond the steps. */
const TASK_REASONS: Readonly<Record<string, FailureReason>> = {
  StepOOM: 'OOMKilled',
  SidecarOOM: 'OOMKilled',
  InitContainerOOM: 'OOMKilled',
  PodEvicted: 'ResourceExhausted',
  TaskRunTimeout: 'DeadlineExceeded',
  TaskRunCancelled: 'Cancelled',
  TaskRunImagePullFailed: 'ImagePullBackOff',
  CreateContainerConfigError: 'ConfigurationError',
  PodAdmissionFailed: 'Forbidden',
  TaskRunValidationFailed: 'ConfigurationError',
  TaskValidationFailed: 'ConfigurationError',
  InvalidParamValue: 'ConfigurationError',
  ResourceVerificationFailed: 'Forbidden',
  SidecarFailed: 'TaskFailed',
  InitContainerFailed: 'TaskFailed',
  TaskRunResultLargerThanAllowedLimit: 'TaskFailed',
};

/** Where the reason covers several causes and only the message tells them apart. */
const UNPULLABLE = /\bcannot retrieve the oci image\b/;
const QUOTA = /\bexceeded quota\b/i;
const FORBIDDEN = /\b(?:is )?forbidden\b/i;
const WEBHOOK_DOWN = /\bfailed calling webhook\b/i;
/** The kubelet's words, before v1.12 gave evictions a reason of their own. */
const EVICTED = /\bnode was low on resource\b|\bpod was evicted\b/i;
const STORAGE = new Set([
  'CouldntCreateWorkspacePVC',
  'ReasonCouldntCreateOrUpdateAffinityAssistantStatefulSet',
  'CouldntCreateOrUpdateAffinityAssistantStatefulSet',
]);

/** The cause of a failed run in which no task is to blame. */
export function reasonOfRun({ reason, message }: Condition): FailureReason {
  if (reason === 'CouldntGetPipeline') return reasonOfReference(message);
  if (STORAGE.has(reason)) return reasonOfObjectCreation(message);
  return RUN_REASONS[reason] ?? 'Unknown';
}

/** The cause of a run whose failure came through this task run: steps first, since their words never changed. */
export function reasonOfTask(task: TaskRun): FailureReason {
  const { failedStep, condition } = task;
  if (failedStep?.reason === 'OOMKilled') return 'OOMKilled';
  if (failedStep?.terminationReason === 'TimeoutExceeded') return 'DeadlineExceeded';
  if (condition?.reason === 'TaskRunTimeout') return blockingReason(task) ?? 'DeadlineExceeded';
  if (condition?.reason === 'TaskRunResolutionFailed') return reasonOfReference(condition.message);
  if (condition?.reason === 'PodCreationFailed' || STORAGE.has(condition?.reason ?? '')) {
    return reasonOfObjectCreation(condition?.message ?? '');
  }
  if (condition?.reason === 'Failed' && EVICTED.test(condition.message)) return 'ResourceExhausted';
  return TASK_REASONS[condition?.reason ?? ''] ?? (task.mayHaveRun ? 'TaskFailed' : 'Unknown');
}

const BLOCKED: Readonly<Record<string, FailureReason>> = {
  ExceededResourceQuota: 'ResourceExhausted',
  ExceededNodeResources: 'ResourceExhausted',
  PullImageFailed: 'ImagePullBackOff',
};
const PREVIOUS_STATUS = /^Previous status: \[(\w+)\]/m;

/** What kept a task from ever starting until time was up: Tekton keeps it in the second line of the message. */
export function blockingReason({ mayHaveRun, condition }: TaskRun): FailureReason | undefined {
  const [, previous] = PREVIOUS_STATUS.exec(condition?.message ?? '') ?? [];
  return mayHaveRun ? undefined : BLOCKED[previous ?? ''];
}

/**
 * A bundle that cannot be fetched (no such tag, registry down, no access) is to the run what an image that cannot be
 * pulled is to a pod; one that was fetched and is not what the run asks for is a wrong configuration.
 */
const reasonOfReference = (message: string): FailureReason =>
  UNPULLABLE.test(message) ? 'ImagePullBackOff' : 'ConfigurationError';

function reasonOfObjectCreation(message: string): FailureReason {
  if (QUOTA.test(message)) return 'ResourceExhausted';
  if (WEBHOOK_DOWN.test(message)) return 'Unknown';
  return FORBIDDEN.test(message) ? 'Forbidden' : 'ConfigurationError';
}
