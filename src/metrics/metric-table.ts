import type { Command, ExecutionStatus, FailureReason, Outcome, RefusalCode, SkipDetails } from '#execution';
import { SEAL_SCHEMA_VERSIONS } from '#event-store';
import { DAMAGE_KINDS } from '#audit';
import { SCHEMA_VERSIONS } from '#execution';
import type { ClusterErrorCode } from '#kubernetes';
import type { AnswerCode, HeadPlace, WebhookResult } from '#runtime';

/** One metric: what Prometheus is told, and what docs/operations/metrics.md says. */
export interface Metric {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  /** Without the prefix. */
  readonly name: string;
  readonly help: string;
  /** Every label with the values it may take. A value that is not listed is counted as `other`. */
  readonly labels: Readonly<Record<string, readonly string[] | 'route' | 'build'>>;
  /** Upper bounds of a histogram, in the metric's unit. */
  readonly buckets?: readonly number[];
}

export const METRIC_PREFIX = 'workflowexecution_';

/** Every value of a closed union: the compiler finds the one that was forgotten, and the one that is gone. */
const everyOf = <Value extends string>(values: Readonly<Record<Value, true>>): readonly string[] => Object.keys(values);

const PHASES = everyOf<ExecutionStatus['phase']>({
  Pending: true,
  Running: true,
  Completed: true,
  Failed: true,
  Skipped: true,
});
const OUTCOMES = everyOf<Outcome>({ Success: true, Failed: true, Cancelled: true, Skipped: true });
const SKIP_REASONS = everyOf<SkipDetails['reason']>({ ResourceBusy: true, RecentlyRemediated: true });
const COMMANDS = everyOf<Command['type']>({
  CreateExecution: true,
  SyncExecution: true,
  CancelExecution: true,
  ReleaseExecution: true,
  ArchiveExecution: true,
});
const REFUSALS = everyOf<AnswerCode | RefusalCode>({
  ExecutionUnknown: true,
  SpecChanged: true,
  RunUnfinished: true,
  CooldownNotOver: true,
  ExecutionFinished: true,
  ExecutionOpen: true,
  IdempotencyKeyReused: true,
  ResourceExists: true,
});
const FAILURES = everyOf<FailureReason>({
  OOMKilled: true,
  DeadlineExceeded: true,
  Forbidden: true,
  ResourceExhausted: true,
  ConfigurationError: true,
  ImagePullBackOff: true,
  TaskFailed: true,
  Cancelled: true,
  PipelineRunDeleted: true,
  ExecutionRaceCondition: true,
  Unknown: true,
});
const FAULTS = [
  'cluster',
  'store',
  'watch',
  'projector',
  'subscription',
  'scheduler',
  'archiver',
  'status-pruned',
  'notices',
  'sealer',
  'webhooks',
  'bug',
];
const CLUSTER_ERRORS = everyOf<ClusterErrorCode>({
  conflict: true,
  'already-exists': true,
  'not-found': true,
  gone: true,
  unauthorized: true,
  forbidden: true,
  'bad-request': true,
  invalid: true,
  'too-large': true,
  'unsupported-media-type': true,
  'too-many-requests': true,
  'server-error': true,
  unavailable: true,
  timeout: true,
});
const HEAD_PLACES = everyOf<HeadPlace>({ file: true, configmap: true, log: true });
const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'];

const STREAMS = ['events', 'export', 'verification', 'replay-check'];

const FAST = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const LONG = [1, 5, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200];

const counter = (name: string, help: string, labels: Metric['labels'] = {}) =>
  ({ kind: 'counter', name, help, labels }) as const;
const gauge = (name: string, help: string, labels: Metric['labels'] = {}) =>
  ({ kind: 'gauge', name, help, labels }) as const;
const histogram = (name: string, help: string, buckets: readonly number[], labels: Metric['labels'] = {}) =>
  ({ kind: 'histogram', name, help, labels, buckets }) as const;

/** Every metric of the service. Registered and documented from here, and from nowhere else. */
export const METRICS = {
  executions: counter('total', 'Executions that ended, by outcome.', { outcome: OUTCOMES }),
  phaseTransitions: counter('phase_transitions_total', 'Phases entered.', { phase: PHASES }),
  phaseDuration: histogram('phase_duration_seconds', 'How long a phase lasted, when it was left.', LONG, {
    phase: ['Pending', 'Running'],
  }),
  skips: counter('skip_total', 'Executions skipped because the target was locked.', { reason: SKIP_REASONS }),
  failures: counter('failures_total', 'Executions that failed or were cancelled, by reason.', { reason: FAILURES }),
  errors: counter('errors_total', 'Faults the machinery met and will try again, by part.', { category: FAULTS }),
  runCreation: histogram(
    'pipelinerun_creation_duration_seconds',
    'Creating a PipelineRun, the first attempt to the answer.',
    FAST,
    {
      result: ['created', 'adopted', 'refused', 'failed'],
    },
  ),
  runCreationErrors: counter(
    'pipelinerun_creation_errors_total',
    'PipelineRuns that could not be created, by reason.',
    {
      reason: CLUSTER_ERRORS,
    },
  ),
  commands: histogram('command_duration_seconds', 'Handling a command, until its events are durable.', FAST, {
    command: COMMANDS,
    outcome: ['recorded', 'nothing', 'refused', 'failed'],
  }),
  refusals: counter('command_refusals_total', 'Commands refused, by code.', { command: COMMANDS, code: REFUSALS }),
  events: counter('events_recorded_total', 'Events recorded, by type.', {
    type: [...Object.keys(SCHEMA_VERSIONS), ...Object.keys(SEAL_SCHEMA_VERSIONS)],
  }),
  append: histogram('append_duration_seconds', 'Appending to the event log, until durable.', FAST),
  appendedEvents: counter('appended_events_total', 'Events appended to the log.'),
  appendConflicts: counter('append_conflicts_total', 'Appends that met a newer revision and were decided again.'),
  projectionLagEvents: gauge('projection_lag_events', 'Events the read model has not taken in yet.'),
  projectionLagSeconds: gauge('projection_lag_seconds', 'Age of the oldest event the read model has not taken in yet.'),
  rebuilding: gauge('projection_rebuilding', '1 while the read model is rebuilt beside the one that answers.'),
  rebuildEvents: gauge('projection_rebuild_events', 'Events the new read model has taken in; 0 when none is built.'),
  rebuildOf: gauge('projection_rebuild_of_events', 'Events it has to take in; 0 when none is built.'),
  archivedExecutions: counter('archived_executions_total', 'Histories moved from the log to archive files.'),
  archivedEvents: counter('archived_events_total', 'Events moved from the log to archive files.'),
  watchAge: gauge('watch_age_seconds', 'Time since a watch was last heard of.', {
    type: ['workflowexecutions', 'pipelineruns', 'taskruns', 'all'],
  }),
  queueDepth: gauge('queue_depth', 'Executions waiting for a worker.'),
  queueWait: histogram('queue_wait_seconds', 'How long an execution waited for a worker.', FAST),
  clusterRequests: histogram('cluster_request_duration_seconds', 'Requests to the Kubernetes API.', FAST, {
    verb: ['get', 'list', 'watch', 'create', 'patch', 'patch-status', 'replace', 'replace-status', 'delete', 'raw'],
    type: ['workflowexecutions', 'pipelineruns', 'taskruns', 'leases', 'events', 'configmaps', 'secrets'],
    status: [...STATUS_CLASSES, 'none'],
  }),
  sealNumber: gauge('seal_number', 'Number of the newest seal of the log, counted from 0.'),
  publishedSealNumber: gauge('published_seal_number', 'Number of the newest seal shown outside the store, by place.', {
    where: HEAD_PLACES,
  }),
  sealPublishErrors: counter('seal_publish_errors_total', 'Attempts to show the newest seal that failed, by place.', {
    where: HEAD_PLACES,
  }),
  unsealedEvents: gauge('unsealed_events', 'Events that no seal covers yet.'),
  sealAge: gauge(
    'seal_age_seconds',
    'How long the oldest event that needs a seal has been waiting for it; 0 when none does.',
  ),
  http: histogram(
    'http_request_duration_seconds',
    'REST requests, until the answer was sent or the client left.',
    FAST,
    {
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      route: 'route',
      status: STATUS_CLASSES,
    },
  ),
  streamsOpen: gauge('streams_open', 'Long answers being sent, by kind.', { kind: STREAMS }),
  streams: counter('streams_total', 'Long answers that ended, or were refused because too many were open.', {
    kind: STREAMS,
    end: ['finished', 'client-left', 'too-slow', 'stopped', 'failed', 'refused'],
  }),
  verifyOk: gauge('audit_verify_ok', '1 when the last verification of the log found no damage.'),
  verifyEvents: gauge('audit_verify_events', 'Events the last verification found good.'),
  verifySeals: gauge('audit_verify_seals', 'Seals the last verification found good.'),
  verifySeconds: gauge('audit_verify_duration_seconds', 'How long the last verification took.'),
  verifiedAt: gauge('audit_verify_timestamp_seconds', 'When the last verification ended, in seconds since 1970.'),
  verifyDamages: counter(
    'audit_verify_damages_total',
    'Verifications that found damage, by the kind of the first one.',
    {
      kind: DAMAGE_KINDS,
    },
  ),
  webhookAttempts: histogram('webhook_attempt_duration_seconds', 'Attempts to deliver an event to a webhook.', FAST, {
    result: everyOf<WebhookResult>({ Delivered: true, Failed: true, Gone: true }),
  }),
  webhookLag: gauge('webhook_lag_seconds', 'Age of the oldest event that some webhook was not sent yet.'),
  leader: gauge('leader', '1 while this replica acts.'),
  buildInfo: gauge('build_info', 'Always 1; the labels say what is running.', { version: 'build', commit: 'build' }),
} satisfies Record<string, Metric>;

export type MetricKey = keyof typeof METRICS;
