import type { ExecutionSpec, ExecutionStatus } from '#execution';

/** Every field of T and of what it holds, none optional. Maps with free keys stay as they are. */
type DeepRequired<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer Item)[]
    ? readonly DeepRequired<Item>[]
    : string extends keyof T
      ? T
      : { readonly [Key in keyof T]-?: DeepRequired<NonNullable<T[Key]>> };

/**
 * A spec with every field the type knows: the compiler refuses it when one is missing or unknown. One workspace has
 * all sources at once, which no real one may: here it stands for all of them.
 */
export const WHOLE_SPEC: DeepRequired<ExecutionSpec> = {
  remediationRequestRef: {
    apiVersion: 'kubernaut.ai/v1',
    kind: 'RemediationRequest',
    namespace: 'default',
    name: 'rr-1',
    uid: 'uid-1',
    resourceVersion: '12',
    fieldPath: 'spec',
  },
  workflowRef: {
    workflowId: 'restart',
    version: '1.0.0',
    containerImage: 'registry.example.test/restart:1',
    containerDigest: `sha256:${'0'.repeat(64)}`,
  },
  targetResource: 'payment/deployment/payment-api',
  parameters: { MESSAGE: 'hello' },
  confidence: 0.9,
  rationale: 'the pods ran out of memory',
  executionConfig: {
    serviceAccountName: 'runner',
    timeout: '15m',
    onConflict: 'Wait',
    workspaces: [
      {
        name: 'scratch',
        subPath: 'a',
        emptyDir: {},
        secret: { secretName: 's' },
        configMap: { name: 'c' },
        persistentVolumeClaim: { claimName: 'p' },
        volumeClaimTemplate: { spec: {} },
        projected: { sources: [] },
        csi: { driver: 'd' },
      },
    ],
  },
  cancel: 'Graceful',
};

const TIME = '2026-01-01T00:00:00Z';

const HOLDER: DeepRequired<NonNullable<NonNullable<ExecutionStatus['lock']>['holder']>> = {
  namespace: 'default',
  name: 'other',
  executionId: 'id-2',
  workflowId: 'restart',
};

/** A status with every field the type knows. No execution shows all of them at once. */
export const WHOLE_STATUS: DeepRequired<ExecutionStatus> = {
  phase: 'Failed',
  outcome: 'Failed',
  message: 'TaskFailed: exit code 1',
  observedGeneration: 1,
  startTime: TIME,
  completionTime: TIME,
  duration: '1m3s',
  pipelineRunRef: {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    namespace: 'kubernaut-workflows',
    name: 'wfe-cf0cc089293b1165',
    uid: 'uid-3',
  },
  pipelineRunStatus: { status: 'False', reason: 'Failed', message: 'm', completedTasks: 1, totalTasks: 2 },
  failureDetails: {
    reason: 'TaskFailed',
    message: 'exit code 1',
    failedTaskName: 'work',
    failedTaskRunName: 'wfe-cf0cc089293b1165-work',
    failedTaskIndex: 0,
    failedStepName: 'step',
    exitCode: 1,
    failedAt: TIME,
    executionTimeBeforeFailure: '1m3s',
    wasExecutionFailure: true,
    naturalLanguageSummary: 'Workflow restart failed.',
  },
  skipDetails: { reason: 'ResourceBusy', message: 'm', skippedAt: TIME, holder: HOLDER, until: TIME },
  lock: { state: 'Held', holder: HOLDER, until: TIME },
  execution: { id: 'id-1', lastEvent: { revision: 3, type: 'ExecutionFailed', hash: 'a'.repeat(64) } },
  conditions: [
    {
      type: 'Succeeded',
      status: 'False',
      reason: 'TaskFailed',
      message: 'exit code 1',
      lastTransitionTime: TIME,
      observedGeneration: 1,
    },
  ],
};
