import type {
  BoundResource,
  CancelExecution,
  CreateExecution,
  ExecutionSettings,
  ExecutionSpec,
  LockHolder,
  Observation,
  ReleaseExecution,
  RunObservation,
  RunRef,
  SyncExecution,
  TaskObservation,
} from '#execution';

/** Minute `n` of the day all examples play on. */
export const minute = (n: number): string => new Date(Date.UTC(2026, 2, 1, 10, 0, 0) + n * 60_000).toISOString();

export const ID = '0195a1b2-0000-7000-8000-000000000001';
export const TARGET = 'payment/deployment/payment-api';
export const RUN_NAME = 'wfe-cf0cc089293b1165';

export const SPEC: ExecutionSpec = {
  remediationRequestRef: { name: 'rr-7' },
  workflowRef: {
    workflowId: 'restart-pod',
    version: '1.2.0',
    containerImage: 'registry.example.test/wf/restart:1.2.0',
  },
  targetResource: TARGET,
  parameters: { REASON: 'high memory' },
};

export const SETTINGS: ExecutionSettings = {
  executionNamespace: 'kubernaut-workflows',
  pipelineName: 'workflow',
  serviceAccountName: 'kubernaut-workflow-runner',
  timeoutMs: 1_800_000,
  onConflict: 'Fail',
  cooldownMs: 300_000,
};

export const RESOURCE: BoundResource = { namespace: 'remediation', name: 'restart-payment', uid: 'res-1' };
export const RUN: RunRef = {
  namespace: 'kubernaut-workflows',
  name: RUN_NAME,
  uid: 'run-1',
  createdAt: '2026-03-01T10:01:00Z',
};
/** A run of the same name, created after `RUN`. */
export const LATER_RUN: RunRef = { ...RUN, uid: 'run-2', createdAt: '2026-03-01T10:09:00Z' };
/** A run of the same name, created before `RUN`. */
export const EARLIER_RUN: RunRef = { ...RUN, uid: 'run-0', createdAt: '2026-03-01T10:00:30Z' };

export const HOLDER: LockHolder = {
  namespace: 'remediation',
  name: 'other',
  executionId: 'other-id',
  workflowId: 'scale-up',
  runUid: 'other-run',
  state: 'Running',
};
export const COOLING_HOLDER: LockHolder = { ...HOLDER, state: 'Cooldown', until: minute(7) };

/** Commands are given at minute 60 unless a test says otherwise. */
const LATER = minute(60);

export const create = (change: Partial<CreateExecution> = {}): CreateExecution => ({
  type: 'CreateExecution',
  at: LATER,
  executionId: ID,
  entry: 'rest',
  resource: { namespace: RESOURCE.namespace, name: RESOURCE.name },
  spec: SPEC,
  settings: SETTINGS,
  ...change,
});

export const sync = (observation: Observation, at = LATER): SyncExecution => ({
  type: 'SyncExecution',
  at,
  observation,
});

export const cancel = (mode: CancelExecution['mode'], change: Partial<CancelExecution> = {}): CancelExecution => ({
  type: 'CancelExecution',
  at: LATER,
  mode,
  reason: 'asked by a test',
  ...change,
});

export const release = (cause: ReleaseExecution['cause'], at = LATER): ReleaseExecution => ({
  type: 'ReleaseExecution',
  at,
  cause,
  reason: 'asked by a test',
});

/** A run as created: Tekton has not picked it up. */
export const NEW_RUN: RunObservation = {
  ref: RUN,
  executionId: ID,
  deletionRequested: false,
  tasks: [],
  skippedTasks: [],
  results: [],
};

export const RUNNING: RunObservation = {
  ...NEW_RUN,
  condition: { status: 'Unknown', reason: 'Running', message: 'Tasks Completed: 0 (Failed: 0), Incomplete: 2' },
  startTime: minute(1),
  totalTasks: 2,
};

export const SUCCEEDED: RunObservation = {
  ...RUNNING,
  condition: { status: 'True', reason: 'Succeeded', message: 'Tasks Completed: 2 (Failed: 0)' },
  outcome: 'Succeeded',
  completionTime: minute(3),
  results: [{ name: 'restarted', value: '3' }],
  resolved: { digest: `sha256:${'a'.repeat(64)}` },
};

export const FAILED: RunObservation = {
  ...RUNNING,
  condition: { status: 'False', reason: 'Failed', message: 'Tasks Completed: 1 (Failed: 1)' },
  outcome: 'Failed',
  completionTime: minute(3),
  failure: {
    reason: 'OOMKilled',
    message: 'step restart was killed',
    failedTaskName: 'restart',
    failedTaskRunName: `${RUN_NAME}-restart`,
    failedTaskIndex: 0,
    failedStepName: 'restart',
    exitCode: 137,
    wasExecutionFailure: true,
  },
};

export const CANCELLED: RunObservation = {
  ...RUNNING,
  condition: { status: 'False', reason: 'Cancelled', message: 'PipelineRun was cancelled' },
  outcome: 'Cancelled',
  completionTime: minute(3),
  failure: { reason: 'Cancelled', message: 'PipelineRun was cancelled', wasExecutionFailure: true },
};

export const TIMED_OUT: RunObservation = {
  ...FAILED,
  condition: { status: 'False', reason: 'PipelineRunTimeout', message: 'failed to finish within 30m' },
  outcome: 'TimedOut',
  failure: { reason: 'DeadlineExceeded', message: 'failed to finish within 30m', wasExecutionFailure: true },
};

export const task = (change: Partial<TaskObservation> = {}): TaskObservation => ({
  pipelineTask: 'restart',
  taskRun: `${RUN_NAME}-restart`,
  uid: 'task-1',
  state: 'Running',
  reason: 'Running',
  message: '',
  attempt: 1,
  startTime: minute(1),
  steps: [],
  results: [],
  ...change,
});

export const runSeen = (run: RunObservation, how: 'created' | 'adopted' | 'watched' = 'watched'): Observation => ({
  kind: 'RunObserved',
  run,
  how,
});

export const resourceSeen = (change: { uid?: string; generation?: number; deleting?: boolean } = {}): Observation => ({
  kind: 'ResourceObserved',
  resource: { ...RESOURCE, uid: change.uid ?? RESOURCE.uid },
  ...(change.generation !== undefined && { generation: change.generation }),
  deletionRequested: change.deleting ?? false,
});

export const REFUSED_RUN: Observation = {
  kind: 'RunRefused',
  refusal: { code: 'forbidden', status: 403, reason: 'Forbidden', message: 'pipelineruns.tekton.dev is forbidden' },
};
