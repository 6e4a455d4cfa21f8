/** One execution, told the same way in every example of the API's document. */
export const SPEC_EXAMPLE = {
  remediationRequestRef: { name: 'rr-payment-api-oom', namespace: 'kubernaut-system' },
  workflowRef: {
    workflowId: 'restart-deployment',
    version: '1.4.0',
    containerImage: 'registry.example.test/workflows/restart-deployment:1.4.0',
  },
  targetResource: 'payment/deployment/payment-api',
  parameters: { REPLICAS: '3' },
  confidence: 0.92,
  rationale: 'The pods were killed for memory three times in ten minutes.',
  executionConfig: { timeout: '15m', onConflict: 'Wait' },
};

export const CREATE_EXAMPLE = { namespace: 'payment', name: 'restart-payment-api', spec: SPEC_EXAMPLE };

const ID = '0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21';
const RESOURCE = { namespace: 'payment', name: 'restart-payment-api' };
const RUN = {
  namespace: 'kubernaut-workflows',
  name: 'wfe-cf0cc089293b1165',
  uid: '5d0a1f6e-3a3b-4f7d-8a55-0c9d1a3f2b11',
};
const HASH = '9f2c4e6a8b0d1f3e5a7c9b1d3f5e7a9c0b2d4f6e8a1c3e5b7d9f0a2c4e6b8d1f';

export const CREATED_EXAMPLE = { executionId: ID, resource: RESOURCE, revision: 0, position: '0198f6c26f0e:17' };

export const ACCEPTED_EXAMPLE = {
  ...CREATED_EXAMPLE,
  revision: 4,
  position: '0198f6c26f0e:23',
  recorded: ['CancellationRequested'],
};

export const STATUS_EXAMPLE = {
  phase: 'Running',
  message: 'PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165 is running',
  observedGeneration: 1,
  startTime: '2026-11-20T10:15:02Z',
  pipelineRunRef: { apiVersion: 'tekton.dev/v1', kind: 'PipelineRun', ...RUN },
  pipelineRunStatus: {
    status: 'Unknown',
    reason: 'Running',
    message: 'Tasks Completed: 1 (Failed: 0, Cancelled 0), Incomplete: 1, Skipped: 0',
    completedTasks: 1,
    totalTasks: 2,
  },
  lock: { state: 'Held' },
  execution: { id: ID, lastEvent: { revision: 3, type: 'TaskStarted', hash: HASH } },
  conditions: [
    {
      type: 'Succeeded',
      status: 'Unknown',
      reason: 'Running',
      message: 'the run has not ended',
      lastTransitionTime: '2026-11-20T10:15:02Z',
    },
  ],
};

export const EXECUTION_EXAMPLE = {
  executionId: ID,
  entry: 'rest',
  resource: RESOURCE,
  spec: SPEC_EXAMPLE,
  settings: {
    executionNamespace: 'kubernaut-workflows',
    pipelineName: 'workflow',
    serviceAccountName: 'kubernaut-workflow-runner',
    timeoutMs: 900_000,
    onConflict: 'Wait',
    cooldownMs: 300_000,
  },
  runName: RUN.name,
  createdAt: '2026-11-20T10:15:01.204Z',
  updatedAt: '2026-11-20T10:15:04.118Z',
  revision: 3,
  position: '0198f6c26f0e:22',
  status: STATUS_EXAMPLE,
};

export const PAGE_EXAMPLE = {
  items: [
    {
      executionId: ID,
      resource: RESOURCE,
      phase: 'Running',
      target: SPEC_EXAMPLE.targetResource,
      workflowId: SPEC_EXAMPLE.workflowRef.workflowId,
      workflowVersion: SPEC_EXAMPLE.workflowRef.version,
      remediationRequest: SPEC_EXAMPLE.remediationRequestRef.name,
      run: { namespace: RUN.namespace, name: RUN.name },
      lock: { state: 'Held' },
      createdAt: '2026-11-20T10:15:01.204Z',
      updatedAt: '2026-11-20T10:15:04.118Z',
      startTime: '2026-11-20T10:15:02Z',
      revision: 3,
    },
  ],
  next: 'eyJjIjoiMjAyNi0xMS0yMFQxMDoxNTowMS4yMDRaIn0',
};

export const EVENTS_EXAMPLE = {
  items: [
    {
      id: '7c9e6679-7425-50de-944b-e07fc1f90ae7',
      stream: `workflowexecution-${ID}`,
      revision: 1,
      position: '0198f6c26f0e:18',
      type: 'PipelineRunCreated',
      schemaVersion: 1,
      data: { run: { ...RUN, createdAt: '2026-11-20T10:15:02Z' }, adopted: false },
      metadata: {
        time: '2026-11-20T10:15:02.006Z',
        actor: { user: 'workflow-execution-service' },
        source: 'driver',
        commandId: '0198f6c2-71f6-7d2e-8a0c-55b1c2d3e4f5',
        correlationId: 'rr-payment-api-oom',
        causationId: '6fa459ea-ee8a-5ca4-894e-db77e160355e',
      },
      previousHash: '0'.repeat(64),
      hash: HASH,
    },
  ],
  next: 1,
};
