import type { FailureReason, RunOutcome } from '#execution';

/** What a person who knows Tekton says of a recorded run, read off the recorded objects by hand. */
export interface Row {
  readonly outcome?: RunOutcome;
  readonly reason?: FailureReason;
  /** Where: pipeline task, task run, place in childReferences, step, exit code; as far as they are known. */
  readonly task?: string;
  readonly taskRun?: string;
  readonly index?: number;
  readonly step?: string;
  readonly exitCode?: number;
  /** `wasExecutionFailure`. */
  readonly ran?: boolean;
  /** Tasks of the resolved pipeline. */
  readonly total?: number;
  /** `task state[#attempt]`, in the run's order. */
  readonly tasks?: readonly string[];
  /** Which field, with which value, decides. */
  readonly because: string;
  /** What Tekton leaves open. */
  readonly open?: string;
}

type Where = Pick<Row, 'task' | 'taskRun' | 'index' | 'step' | 'exitCode'>;

const at = (task: string, taskRun: string, step?: string, exitCode?: number): Where => ({
  task,
  taskRun,
  index: 0,
  ...(step !== undefined && { step }),
  ...(exitCode !== undefined && { exitCode }),
});
const failed = (reason: FailureReason, where: Where, ran: boolean, tasks: readonly string[], because: string): Row => ({
  outcome: 'Failed',
  reason,
  ...where,
  ran,
  total: 1,
  tasks,
  because,
});
/** Ended by the run's own reason before any task run existed. */
const refused = (reason: FailureReason, because: string, more: Pick<Row, 'total' | 'open'> = {}): Row => ({
  outcome: 'Failed',
  reason,
  ran: false,
  because,
  ...more,
});
const cancelled = (because: string, more: Partial<Row> = {}): Row => ({
  outcome: 'Cancelled',
  reason: 'Cancelled',
  ran: false,
  because,
  ...more,
});

const RESOLUTION_OPEN =
  'an unknown resolver, a wrong resolver parameter, a stopped resolver and a registry that hangs all end in this one message';

const REFUSED: Readonly<Record<string, Row>> = {
  'bad-taskrunspec': refused(
    'ConfigurationError',
    'condition reason InvalidTaskRunSpecs; childReferences is absent, so no step can have run',
    { total: 1 },
  ),
  'bundle-21-layers': refused(
    'ConfigurationError',
    'CouldntGetPipeline, and the message is about what the bundle holds ("contained more than the maximum 20"), not about fetching it',
  ),
  'bundle-bad-cache': refused(
    'ConfigurationError',
    'CouldntGetPipeline, "resolution took longer than global timeout": spec.pipelineRef.params has cache=sometimes, which is wrong',
    { open: RESOLUTION_OPEN },
  ),
  'bundle-invalid-pipeline': refused(
    'ConfigurationError',
    'condition reason PipelineValidationFailed, no childReferences',
  ),
  'bundle-kind-default': refused(
    'ConfigurationError',
    'CouldntGetPipeline, "could not find object in image": the bundle was fetched and has no such object',
  ),
  'bundle-no-annotation': refused(
    'ConfigurationError',
    'CouldntGetPipeline, "invalid tekton bundle": fetched, and malformed',
  ),
  'bundle-no-such-object': refused(
    'ConfigurationError',
    'CouldntGetPipeline, "could not find object in image": the bundle was fetched and has no such object',
  ),
  'bundle-no-such-tag': refused(
    'ImagePullBackOff',
    'CouldntGetPipeline, "cannot retrieve the oci image … MANIFEST_UNKNOWN": the bundle itself could not be fetched',
  ),
  'bundle-not-tekton': refused(
    'ConfigurationError',
    'CouldntGetPipeline, "not of a supported type": fetched, and no Tekton object',
  ),
  'bundle-param-missing': refused(
    'ConfigurationError',
    'CouldntGetPipeline, "invalid resource request": the reference lacks parameter bundle',
  ),
  'bundle-task-as-pipeline': refused(
    'ConfigurationError',
    'CouldntGetPipeline, "resource is not a pipeline": fetched, wrong kind',
  ),
  'bundle-unknown-field': refused(
    'ConfigurationError',
    'CouldntGetPipeline, "strict decoding error: unknown field": fetched, and not understood',
  ),
  'bundle-upper-kind': refused(
    'ConfigurationError',
    'CouldntGetPipeline, "invalid tekton bundle": fetched, and malformed',
  ),
  'cancelfinally-resolving': refused(
    'ConfigurationError',
    'CouldntGetPipeline although spec.status is CancelledRunFinally: that does nothing before the pipeline is resolved; resolver "nosuch" is unknown',
    { open: RESOLUTION_OPEN },
  ),
  'inline-param-missing': refused('ConfigurationError', 'condition reason ParameterMissing, no childReferences', {
    total: 1,
  }),
  'param-missing': refused('ConfigurationError', 'condition reason ParameterMissing, no childReferences', { total: 1 }),
  'pipeline-not-found': refused('ConfigurationError', 'CouldntGetPipeline, "pipelines.tekton.dev "nope" not found"'),
  'resolver-unknown': refused(
    'ConfigurationError',
    'CouldntGetPipeline, "resolution took longer than global timeout": spec.pipelineRef.resolver "nosuch" is installed nowhere',
    { open: RESOLUTION_OPEN },
  ),
  'task-not-found': refused('ConfigurationError', 'condition reason CouldntGetTask, no childReferences', { total: 1 }),
};

const CANCELLED: Readonly<Record<string, Row>> = {
  'born-cancelled': cancelled('condition reason Cancelled and no childReferences: nothing was started'),
  'cancel-resolving': cancelled('condition reason Cancelled while it was being resolved: no childReferences'),
  'pending-cancelled': cancelled('condition reason Cancelled on a run that was PipelineRunPending: no childReferences'),
  cancelled: cancelled(
    'condition reason Cancelled; steps ended with terminationReason TaskRunCancelled (exit code 1 is made up) but have an imageID, so they had started',
    { ...at('work', 'cancelled-work', 'main'), ran: true, total: 2, tasks: ['work Cancelled'] },
  ),
  'cancelled-run-finally': cancelled(
    'condition reason Cancelled; work has TaskRunCancelled with imageID, and the finally task ran to its end',
    {
      ...at('work', 'cancelled-run-finally-work', 'main'),
      ran: true,
      total: 2,
      tasks: ['work Cancelled', 'cleanup Succeeded'],
    },
  ),
  'stopped-run-finally': cancelled(
    'condition reason Cancelled although every task run that exists succeeded: no task is to blame; terminated steps ran',
    { ran: true, total: 3, tasks: ['work Succeeded', 'cleanup Succeeded'] },
  ),
  'v1.9-cancelled': cancelled('the same fields as in cancelled', {
    ...at('work', 'cancel-work', 'main'),
    ran: true,
    total: 1,
    tasks: ['work Cancelled'],
  }),
};

const BY_TASK: Readonly<Record<string, Row>> = {
  'cancelfinally-after-failure': {
    ...failed(
      'TaskFailed',
      at('a', 'cancelfinally-after-failure-a', 'main', 2),
      true,
      ['a Failed', 'b Cancelled', 'fin Succeeded'],
      'condition reason Failed; a has StepFailed and exit code 2 and ended a second before b was cancelled, so the run was failing already',
    ),
    total: 4,
  },
  'fail-exit1-bundle': {
    ...failed(
      'TaskFailed',
      at('work', 'fail-exit1-bundle-work', 'main', 3),
      true,
      ['work Failed', 'cleanup Succeeded'],
      'StepFailed; prepare ended with 0, main is the first step with another exit code, terminationReason Error',
    ),
    total: 3,
  },
  'fail-exit1': {
    ...failed(
      'TaskFailed',
      at('work', 'fail-exit1-work', 'prepare', 1),
      true,
      ['work Failed', 'cleanup Succeeded'],
      'StepFailed; main has exit code 1 too, but terminationReason Skipped: the failed step is prepare',
    ),
    total: 3,
  },
  'fail-oom': failed(
    'OOMKilled',
    at('work', 'fail-oom-work', 'main', 137),
    true,
    ['work Failed'],
    'main has terminated.reason OOMKilled; post still shows as running, it only waits',
  ),
  'image-pull': failed(
    'ImagePullBackOff',
    at('work', 'image-pull-work', 'main'),
    false,
    ['work Failed'],
    'TaskRunImagePullFailed; the exit codes are made up (terminationReason TaskRunImagePullFailed), and no imageID or containerID: nothing started',
  ),
  'pod-deleted': {
    ...failed(
      'TaskFailed',
      at('work', 'pod-deleted-work'),
      true,
      ['work Running'],
      'the run is Failed ("Failed: 1") and its only task run is Running: it was revived with a new pod; its steps are running',
    ),
    open: 'how the first pod ended (exit code, step, who deleted it) is in no object any more: the revived task run has overwritten it',
  },
  'timeout-task': failed(
    'DeadlineExceeded',
    at('work', 'timeout-task-work', 'main'),
    true,
    ['work Failed'],
    'the run is plainly Failed, the task run has TaskRunTimeout; steps ended by Tekton (no exit code of their own) with an imageID',
  ),
  'v1.9-config-error': failed(
    'ConfigurationError',
    at('work', 'config-error-work', 'main'),
    false,
    ['work Failed'],
    'CreateContainerConfigError; main is waiting with that reason and never started; waiting.message names the missing secret',
  ),
  'v1.9-fail-evicted': failed(
    'ResourceExhausted',
    at('work', 'fail-evicted-work', 'main', 137),
    true,
    ['work Failed'],
    'plain Failed with the words of the kubelet ("The node was low on resource"); terminated steps with a containerID had started',
  ),
  'v1.9-fail-exit1': failed(
    'TaskFailed',
    at('work', 'fail-exit1-work', 'main', 1),
    true,
    ['work Failed'],
    'plain Failed; main is the first step with exit code 1, post has terminationReason Skipped',
  ),
  'v1.9-pod-deleted': {
    ...failed(
      'TaskFailed',
      at('work', 'pod-deleted-work', 'main', 137),
      true,
      ['work Failed'],
      'plain Failed; main has exit code 137, reason Error and no terminationReason: the container was killed from outside',
    ),
    open: 'a deleted pod, a drain, a preemption and a kill by signal 9 leave the same fields',
  },
};

const OUT_OF_TIME: Readonly<Record<string, Row>> = {
  quota: {
    outcome: 'TimedOut',
    reason: 'ResourceExhausted',
    ...at('work', 'quota-work'),
    ran: false,
    total: 1,
    tasks: ['work Cancelled'],
    because:
      'PipelineRunTimeout, but the task run says "Previous status: [ExceededResourceQuota]", podName is empty and its steps have no state: it never started',
  },
  'timeout-pipeline': {
    outcome: 'TimedOut',
    reason: 'DeadlineExceeded',
    ...at('work', 'timeout-pipeline-work', 'main'),
    ran: true,
    total: 1,
    tasks: ['work Cancelled'],
    because:
      'PipelineRunTimeout; the task run is TaskRunCancelled by it, its steps have an imageID, so they had started',
  },
  'v1.9-timeout-pipeline': {
    outcome: 'TimedOut',
    reason: 'DeadlineExceeded',
    ...at('work', 'timeout-pipeline-work', 'main'),
    ran: true,
    total: 1,
    tasks: ['work Cancelled'],
    because: 'the same fields as in timeout-pipeline',
  },
};

const RESULTS_MISSING =
  'CouldntGetPipelineResult with every task run True: the promised pipeline result is missing, the steps ran; the bad reference itself was ignored by Tekton';

const UNUSUAL: Readonly<Record<string, Row>> = {
  'bundle-bad-sa': {
    ...refused('ConfigurationError', RESULTS_MISSING, { total: 3 }),
    ran: true,
    tasks: ['work Succeeded', 'cleanup Succeeded'],
  },
  'bundle-bad-secret': {
    ...refused('ConfigurationError', RESULTS_MISSING, { total: 3 }),
    ran: true,
    tasks: ['work Succeeded', 'cleanup Succeeded'],
  },
  'deleted-running': {
    total: 1,
    tasks: ['work Running'],
    because: 'the last object a watcher sees is Unknown/Running: a deleted run has no end of its own',
    open: 'who deleted the run and how far its steps had come: Tekton writes no end',
  },
  'managed-elsewhere': {
    because: 'no condition at all: spec.managedBy names another controller, so nobody picks it up',
  },
};

const ended = (because: string, total: number, ...tasks: readonly string[]): Row => ({
  outcome: 'Succeeded',
  total,
  tasks,
  because,
});
const ALL_TRUE = 'condition True; every task run True';
const one = (because = ALL_TRUE): Row => ended(because, 1, 'work Succeeded');
const three = (because = ALL_TRUE): Row => ended(because, 3, 'work Succeeded', 'report Succeeded', 'cleanup Succeeded');

const SUCCEEDED: Readonly<Record<string, Row>> = {
  'bundle-raw-layer': one(),
  'cluster-resolver': one(),
  'hook-down-live': one('condition True; it was only written late, when the webhook was back'),
  'long-name': ended(ALL_TRUE, 1, 'work-with-a-rather-long-task-name Succeeded'),
  'name-reuse': one('condition True, and the task run has this run for its controller owner'),
  'no-timeout': one(),
  'ok-bundle-cached': three(),
  'ok-bundle-digest': three(),
  'ok-bundle-tag': three(),
  'ok-inline': three(),
  'onerror-step': one('condition True; the step with exit code 5 has terminationReason Continued'),
  'param-extra': three('condition True; an undeclared parameter is ignored'),
  pending: one('condition True after spec.status was cleared'),
  'privileged-allowed': one(),
  'retries-ok': ended(
    'condition True; retriesStatus has two failed attempts, the third is True',
    1,
    'work Succeeded#3',
  ),
  sidecar: one('condition True; the sidecar ended with exit code 0'),
  'substitution-ok': one(),
  'taskref-bundle': ended(ALL_TRUE, 2, 'a Succeeded', 'b Succeeded'),
  'timeouts-pipeline-2h': one(),
  'timeouts-tasks-2h': one(),
  'v1.9-ok-bundle': one(),
  'v1.9-timeouts-tasks-2h': one(),
  'volume-claim': one(),
  'workspace-extra': one(),
};

export const ROWS: Readonly<Record<string, Row>> = {
  ...REFUSED,
  ...CANCELLED,
  ...BY_TASK,
  ...OUT_OF_TIME,
  ...UNUSUAL,
  ...SUCCEEDED,
};
