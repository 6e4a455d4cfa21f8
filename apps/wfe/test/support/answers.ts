/** Answers of the API as tests need them. */
export const ID = '0198f6c2-6f0e-7c3a-9d55-3f1f0a6b7c21';
export const OTHER = '0198f6c2-6f0e-7c3a-aaaa-3f1f0a6b7c22';

/** So many seconds after the minute in which everything here happens. */
const second = (number: number): string => new Date(Date.parse('2026-11-20T11:58Z') + number * 1000).toISOString();

export const row = (more: object = {}) => ({
  executionId: ID,
  resource: { namespace: 'payment', name: 'restart' },
  phase: 'Running',
  target: 'payment/deployment/payment-api',
  workflowId: 'restart-deployment',
  workflowVersion: '1.4.0',
  remediationRequest: 'rr-oom',
  run: { namespace: 'kubernaut-workflows', name: 'wfe-cf0cc089293b1165' },
  lock: { state: 'Held' },
  createdAt: '2026-11-20T11:58:00.000Z',
  updatedAt: '2026-11-20T11:58:03.000Z',
  startTime: '2026-11-20T11:58:30Z',
  revision: 3,
  ...more,
});

export const execution = (more: object = {}, status: object = {}) => ({
  executionId: ID,
  entry: 'rest',
  resource: { namespace: 'payment', name: 'restart' },
  spec: {
    remediationRequestRef: { name: 'rr-oom' },
    workflowRef: {
      workflowId: 'restart-deployment',
      version: '1.4.0',
      containerImage: 'registry.example.test/restart:1',
    },
    targetResource: 'payment/deployment/payment-api',
    parameters: { REPLICAS: '3' },
  },
  settings: {
    ...{ executionNamespace: 'kubernaut-workflows', pipelineName: 'workflow', serviceAccountName: 'runner' },
    ...{ timeoutMs: 1_800_000, onConflict: 'Fail', cooldownMs: 300_000 },
  },
  runName: 'wfe-cf0cc089293b1165',
  createdAt: '2026-11-20T11:58:00.000Z',
  updatedAt: '2026-11-20T11:58:03.000Z',
  revision: 3,
  position: 's1:000000000000:4',
  status: {
    phase: 'Running',
    message: 'it runs',
    lock: { state: 'Held' },
    execution: { id: ID, lastEvent: { revision: 3, type: 'TaskStarted', hash: '0' } },
    conditions: [],
    ...status,
  },
  ...more,
});

export const entry = (revision: number, type: string) => ({
  revision,
  position: `s1:000000000000:${revision + 1}`,
  time: second(revision),
  type,
  actor: { user: 'workflow-execution-service' },
  source: 'driver',
  sentence: `What ${type} means.`,
  cause: revision === 0 ? { kind: 'command', commandId: 'c' } : { kind: 'event', revision: revision - 1, type: 'X' },
  sinceStartMs: revision * 1000,
  sincePreviousMs: revision === 0 ? 0 : 1000,
});

export const logEvent = (number: number, type = 'TaskStarted') => ({
  id: `e-${number}`,
  stream: `workflowexecution-${ID}`,
  revision: number - 1,
  position: `s1:000000000000:${number}`,
  type,
  schemaVersion: 1,
  data: {},
  metadata: {
    time: second(number),
    actor: { user: 'anonymous' },
    source: 'rest',
    commandId: 'c',
    correlationId: 'rr-oom',
    causationId: 'c',
  },
  previousHash: '0',
  hash: '1',
});

/** An event of an execution, as it stands in its history. */
export const recorded = (revision: number, type: string, told: object) => ({
  ...logEvent(revision + 1, type),
  data: told,
});
