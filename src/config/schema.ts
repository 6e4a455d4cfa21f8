import { isIP } from 'node:net';
import { z } from 'zod';
import { SEALED_EVENTS_LIMIT } from '#event-store';
import { SENSITIVE_NAMES } from '#execution';
import {
  choice,
  duration,
  hashes,
  integer,
  isLoopbackUrl,
  label,
  labels,
  names,
  optionalHash,
  optionalWords,
  subdomain,
  text,
  words,
} from './leaf.ts';
import { endpoints } from './webhooks.ts';

const address = (description: string) =>
  text(
    z.union([z.string().refine((value) => isIP(value) !== 0), z.literal('localhost')]).default('0.0.0.0'),
    description,
    {
      expected: 'an IP address to listen on, or localhost',
    },
  );

const execution = z.strictObject({
  namespace: label('kubernaut-workflows', 'Namespace in which PipelineRuns are created.'),
  defaultNamespace: label('default', 'Namespace of the WorkflowExecution resource when a REST request names none.'),
  serviceAccountName: words('kubernaut-workflow-runner', 'Service account of the runs, unless the spec names another.'),
  pipelineName: words('workflow', 'Name of the pipeline inside a bundle.'),
  cooldown: duration('5m', '0s', '168h', 'How long the lock on a target is kept after its run ended.'),
  timeout: duration('30m', '1s', '168h', 'Limit of a run, unless the spec sets another.'),
  onConflict: choice(
    ['Fail', 'Skip', 'Wait'],
    'Fail',
    'What happens when the target is locked, unless the spec says otherwise.',
  ),
  pickUpDeadline: duration('2m', '1s', '24h', 'How long Tekton may leave a run untouched before it is cancelled.'),
  endGrace: duration('2m', '1s', '24h', 'How long after its limit a run may take to end before it is cancelled.'),
  cancellationDeadline: duration(
    '5m',
    '1s',
    '24h',
    'How long a cancelled run may take to end before the execution ends without it; its run is then removed with the lock.',
  ),
  deletionPatience: duration(
    '15m',
    '1s',
    '168h',
    'How long a deleted resource is kept until its run is gone; then the finalizer is dropped all the same.',
  ),
  ttlAfterFinished: duration(
    '0s',
    '0s',
    '8760h',
    'How long after its end, and once the lock is free, the resource of an execution is kept before it is deleted; 0s keeps it for good. The history always stays.',
  ),
  creationPatience: duration(
    '10m',
    '1s',
    '24h',
    'How long creating a run is tried again through transient trouble before the execution fails.',
  ),
  sensitiveNames: names(
    SENSITIVE_NAMES,
    'Words by which the name of a parameter or result looks sensitive, as whole words of it and in any way of writing: `api key` is in `API_KEY` and `myApiKeys`. Replaces the default.',
  ),
  sensitiveParameters: choice(
    ['refuse', 'redact'],
    'refuse',
    'What happens to an execution that enters by resource with such a parameter: it fails, or the history holds a keyed hash and the value is read from the resource when the run is created. By REST it is always refused.',
  ),
});

const controller = z.strictObject({
  resync: duration('10m', '10s', '24h', 'How often every open execution is compared with the cluster, changed or not.'),
  watchedNamespaces: labels('Namespaces whose WorkflowExecutions are served; empty means all.'),
  workers: integer(8, 1, 64, 'Executions worked on at the same time.'),
  leaderElection: choice(
    ['on', 'off'],
    'off',
    'Whether replicas elect the one that acts, by a Lease. The embedded store can be opened by one process only, which then needs no election.',
  ),
  leaseNamespace: optionalWords('Namespace of the Lease; without it that of the runs.', 'the name of a namespace'),
});

const store = z.strictObject({
  kind: choice(['sqlite'], 'sqlite', 'Where the event log is kept.'),
  dataFolder: words('./data', 'Folder of the event log and the read model.', 'a path to a folder that can be written'),
});

/** Said in place of a name to have none. */
export const OFF = 'off';

const audit = z.strictObject({
  sealInterval: duration('1m', '1s', '24h', 'How long recorded events stay unsealed at most, while this replica acts.'),
  sealEvents: integer(1_000, 1, SEALED_EVENTS_LIMIT, 'Unsealed events after which a seal is made before its time.'),
  keys: choice(
    ['file', 'secret'],
    'file',
    'Where keys are kept: files in audit.keyFolder, or a Secret. With several replicas it must be a Secret.',
  ),
  keyFolder: optionalWords(
    'Folder of the key files; without it `keys` inside store.dataFolder. On another disk, whoever can write the log cannot sign.',
    'a path to a folder that can be written',
  ),
  keySecret: subdomain('workflow-execution-keys', 'Name of the Secret with the keys; made when it is not there.'),
  namespace: optionalWords(
    'Namespace of audit.keySecret and audit.headConfigMap; without it that of the runs.',
    'the name of a namespace',
  ),
  headFile: words(
    'head.json',
    'File with the newest seal, by which a log that was cut or rolled back is found: a path from store.dataFolder, or an absolute one, best on another disk. `off` for none.',
    'a path to a file in a folder that can be written, or off',
  ),
  headConfigMap: subdomain(
    'workflow-execution-head',
    'ConfigMap with the newest seal, for the same purpose; made when it is not there. `off` for none.',
  ),
  acceptHeads: hashes(
    'sealHash of published heads that the log does not bear out, to start all the same, as after a backup was restored. It is recorded.',
  ),
  acceptLostKey: optionalHash(
    'Id of a seal key that is lost for good, to go on with a new one for which nobody vouches. It is recorded.',
  ),
});

const retention = z.strictObject({
  archiveAfter: duration(
    '0s',
    '0s',
    '87600h',
    'How long after the last event of a closed execution (it ended, its lock is free and its resource is gone) its history is moved to an archive file. The log keeps the hashes. 0s: never.',
  ),
  folder: words(
    'archives',
    'Folder of the archive files: a path from store.dataFolder, or an absolute one. To be backed up like the log: what was archived is nowhere else.',
    'a path to a folder that can be written',
  ),
});

const events = z.strictObject({
  source: text(
    z
      .string()
      .max(1024)
      .refine((value) => URL.canParse(value))
      .optional(),
    '`source` of CloudEvents; without it `urn:uuid:` and the identity of the log. A change makes another source of it for every reader.',
    { expected: 'an absolute URI' },
  ),
});

const webhooks = z.strictObject({ endpoints });

const http = z.strictObject({
  host: address('Address the REST API listens on.'),
  port: integer(8080, 0, 65_535, 'Port of the REST API; 0 takes a free one.'),
  bodyLimitBytes: integer(262_144, 1_024, 1_048_576, 'Largest request body.'),
  bodyPatience: duration('30s', '100ms', '10m', 'How long a client may take to send a request body.'),
  readPatience: duration(
    '30s',
    '100ms',
    '10m',
    'How long a client of a long answer (a stream of events, an export) may take nothing before it is cut off.',
  ),
});

const health = z.strictObject({
  host: address('Address of /healthz and /readyz.'),
  port: integer(8081, 0, 65_535, 'Port of /healthz and /readyz; 0 takes a free one.'),
});

const metrics = z.strictObject({
  host: address('Address of /metrics.'),
  port: integer(9090, 0, 65_535, 'Port of /metrics; 0 takes a free one.'),
});

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const log = z.strictObject({ level: choice(LEVELS, 'info', 'Least severe messages that are logged.') });

const cluster = z.strictObject({
  kubeconfig: optionalWords(
    'Kubeconfig file. Without it: KUBECONFIG, ~/.kube/config, or the service account inside a cluster.',
    'a path to a kubeconfig file',
  ),
  context: optionalWords('Context of the kubeconfig; without it the current one.'),
  server: text(
    z.string().refine(isLoopbackUrl).optional(),
    'Plain HTTP address of a Kubernetes API on this machine, for the sandbox; in place of a kubeconfig.',
    { expected: 'an http:// URL of this machine (localhost, 127.0.0.1 or [::1]) without credentials' },
  ),
});

const shutdown = z.strictObject({
  graceSeconds: integer(
    30,
    1,
    600,
    'Seconds from SIGTERM in which requests in flight are finished and everything is closed.',
  ),
});

/** Every section is there, with its defaults, when the configuration says nothing of it. */
const sections = z.strictObject({
  execution: execution.prefault({}),
  controller: controller.prefault({}),
  store: store.prefault({}),
  audit: audit.prefault({}),
  retention: retention.prefault({}),
  events: events.prefault({}),
  webhooks: webhooks.prefault({}),
  http: http.prefault({}),
  health: health.prefault({}),
  metrics: metrics.prefault({}),
  log: log.prefault({}),
  cluster: cluster.prefault({}),
  shutdown: shutdown.prefault({}),
});

type Sections = z.output<typeof sections>;

interface Rule {
  readonly path: readonly [string, string];
  readonly expected: string;
  /** Sections and values may be missing or wrong here: those problems are told beside this one. */
  readonly holds: (config: { readonly [Section in keyof Sections]?: Partial<Sections[Section]> }) => boolean;
}

const differ = (a: number | undefined, b: number | undefined): boolean => a === undefined || a === 0 || a !== b;

/** What no key can be asked alone. */
const RULES: readonly Rule[] = [
  {
    path: ['cluster', 'server'],
    expected: 'either cluster.server, or cluster.kubeconfig and cluster.context',
    holds: ({ cluster }) => cluster?.server === undefined || (cluster.kubeconfig ?? cluster.context) === undefined,
  },
  {
    path: ['health', 'port'],
    expected: 'another port than http.port',
    holds: (config) => differ(config.health?.port, config.http?.port),
  },
  {
    path: ['metrics', 'port'],
    expected: 'another port than http.port and health.port',
    holds: ({ metrics, http, health }) => differ(metrics?.port, http?.port) && differ(metrics?.port, health?.port),
  },
];

export const configSchema = RULES.reduce(
  (schema, { path, expected, holds }) =>
    schema.refine(holds, { path: [...path], params: { expected }, when: () => true }),
  sections,
);

/** What the service is told, checked and frozen. Durations are Go durations; `milliseconds()` turns them into numbers. */
export type Config = DeepReadonly<z.output<typeof configSchema>>;

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends string | number | boolean | undefined
    ? T
    : { readonly [Key in keyof T]: DeepReadonly<T[Key]> };
