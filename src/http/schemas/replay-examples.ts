import { EVENTS_EXAMPLE, EXECUTION_EXAMPLE, PAGE_EXAMPLE } from './examples.ts';

const DRIVER = { actor: { user: 'system:workflow-execution-service' }, source: 'driver' };
const ASKED = { actor: { user: 'anonymous' }, source: 'rest' };
const CREATED = '2026-11-20T10:15:01.204Z';
const STARTED = '2026-11-20T10:15:02.006Z';
const ACCEPTED = 'Accepted workflow restart-deployment (version 1.4.0) for payment/deployment/payment-api';
const RAN =
  'Created PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165, which holds the lock on payment/deployment/payment-api';
const { executionId, resource } = EXECUTION_EXAMPLE;
const ROW = PAGE_EXAMPLE.items[0]!;

export const HISTORY = {
  items: [
    {
      revision: 1,
      position: EVENTS_EXAMPLE.items[0]!.position,
      time: STARTED,
      type: 'PipelineRunCreated',
      ...DRIVER,
      sentence: `${RAN}.`,
      cause: { kind: 'event', revision: 0, type: 'ExecutionCreated' },
      sinceStartMs: 802,
      sincePreviousMs: 802,
    },
  ],
  next: 1,
};

export const DIFF = {
  from: { revision: 0, time: CREATED },
  to: { revision: 1, time: STARTED },
  changes: [
    { path: 'lock.state', kind: 'changed', before: 'None', after: 'Held' },
    { path: 'lock.since', kind: 'added', after: STARTED },
  ],
};

export const CAUSES = {
  items: [
    {
      revision: 1,
      type: 'PipelineRunCreated',
      time: STARTED,
      ...DRIVER,
      sentence: `${RAN}. Seen or done by the service in the cluster.`,
    },
    {
      revision: 0,
      type: 'ExecutionCreated',
      time: CREATED,
      ...ASKED,
      sentence: `${ACCEPTED}. Asked for by anonymous through the REST API.`,
    },
    {
      type: 'CreateExecution',
      time: CREATED,
      ...ASKED,
      sentence:
        'Run workflow restart-deployment on payment/deployment/payment-api; asked for by anonymous through the REST API.',
    },
  ],
};

export const WHY = {
  phase: 'Running',
  sentences: [
    'Running: PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165 was created; Tekton has not picked it up yet.',
    `2026-11-20T10:15:01Z: ${ACCEPTED} (asked for by anonymous through the REST API).`,
    `2026-11-20T10:15:02Z: ${RAN} (seen or done by the service in the cluster).`,
    'Next: Tekton picks the run up; when it does not in time, the run is cancelled.',
  ],
  causes: [0, 1],
};

export const REPLAY_REPORT = {
  executions: 1204,
  differences: [{ executionId, where: 'status', path: 'conditions.Succeeded.status', log: 'Unknown', found: 'True' }],
  truncated: false,
};

const HOLDER = { executionId, resource, workflowId: ROW.workflowId };
const LOCK = { state: 'Held', holder: HOLDER, since: STARTED };

export const TARGETS = {
  items: [{ target: ROW.target, lock: LOCK, waiting: 1, last: ROW }],
  next: 'eyJ0IjoicGF5bWVudC9kZXBsb3ltZW50L3BheW1lbnQtYXBpIn0',
};

const WAITING = '0198f6c3-0b1e-7d44-8a01-5c2e9f7d1a60';

export const TARGET = {
  target: ROW.target,
  runName: ROW.run.name,
  at: '2026-11-20T10:16:00.000Z',
  lock: LOCK,
  waiting: [
    {
      executionId: WAITING,
      resource: { namespace: 'payment', name: 'scale-payment-api' },
      since: '2026-11-20T10:15:40.120Z',
    },
  ],
  history: [ROW],
};

export const PREFLIGHT_REQUEST = { targetResource: ROW.target, workflowId: ROW.workflowId };

export const PREFLIGHT = {
  allowed: false,
  reason: 'CooldownActive',
  message:
    'payment/restart-payment-api (workflow restart-deployment) has ended and keeps the lock until 2026-11-20T10:20:04Z',
  until: '2026-11-20T10:20:04.000Z',
  by: HOLDER,
  consecutiveFailures: 0,
};
