import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { KubeObject } from '#kubernetes';
import { CONFIG_MAPS, SECRETS } from '#kubernetes';
import { Client, NAMESPACE } from '../e2e/client.ts';
import { specFor } from '../support/rest.ts';
import { LOG_KEPT, ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { LeakyCluster } from './leaky-cluster.ts';
import { Listeners } from './listeners.ts';
import { answered, clusterPlaces, filesOf, restPlaces } from './places.ts';
import type { Place } from './planted.ts';
import { placeOf, Planted, search } from './planted.ts';

const LIMIT_MS = 240_000;

const planted = new Map<string, Planted>();
/** The value that goes in by this door, the same each time it is asked for. */
function plant(door: string): string {
  const known = planted.get(door) ?? new Planted(door);
  planted.set(door, known);
  return known.value;
}

/** The workflow, and what the cluster does to its execution. */
const EXECUTIONS = [
  { name: 'quiet', scenario: 'echo', ends: 'ExecutionCompleted' },
  { name: 'printing', scenario: 'echo', ends: 'ExecutionCompleted' },
  { name: 'failing', scenario: 'fail', ends: 'ExecutionFailed' },
  {
    name: 'refused-422',
    scenario: 'quick',
    ends: 'ExecutionFailed',
    quote: { code: 422, reason: 'Invalid', times: 1 },
  },
  {
    name: 'refused-403',
    scenario: 'quick',
    ends: 'ExecutionFailed',
    quote: { code: 403, reason: 'Forbidden', times: 1 },
  },
  {
    name: 'delayed-500',
    scenario: 'quick',
    ends: 'ExecutionCompleted',
    quote: { code: 500, reason: 'InternalError', times: 5 },
  },
] as const;

let cluster: LeakyCluster;
let service: ServiceProcess;
let client: Client;
let listeners: Listeners;
const ids = new Map<string, string>();
const places: Place[] = [];
const runs = new Map<string, KubeObject>();

const target = (name: string): string => `secrets/deployment/${name}`;
const post = async (name: string, body: string, headers: Record<string, string> = {}) => {
  const answer = await answered(`${service.url}/v1/executions`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  places.push(placeOf(`answer to ${name}`, answer.text));
  return answer;
};
const specWith = (name: string, parameters: unknown) => specFor('quick', target(name), { parameters });

/** What every request of a kind is answered with, for each door by REST. */
async function knockByRest(round: string): Promise<void> {
  const at = (door: string): string => plant(`REST, ${door}, ${round}`);
  const clear = JSON.stringify({ spec: specWith('rest', { DB_PASSWORD: at('parameter'), A: 'b' }) });
  expect((await post('a sensitive parameter', clear)).status).toBe(422);
  for (const attempt of ['first', 'second'])
    expect((await post(`its ${attempt} try with a key`, clear, { 'idempotency-key': `key-${round}` })).status).toBe(
      422,
    );
  const cut = `{"spec": {"parameters": {"API_KEY": ${at('malformed body')}`;
  expect((await post('a malformed body', cut)).status).toBe(400);
  expect((await post('a body that is a text', at('body without braces'))).status).toBe(400);
  const wrong: readonly [string, unknown][] = [
    ['an object for a value', { spec: specWith('rest', { TOKEN: { inner: at('object for a value') } }) }],
    ['a text for all parameters', { spec: specWith('rest', at('text for all parameters')) }],
    [
      'parameters where a target belongs',
      { spec: { ...specWith('rest', {}), targetResource: { TOKEN: at('wrong place') } } },
    ],
    [
      'a field nobody knows',
      { spec: { ...specWith('rest', {}), password: at('unknown field') }, token: at('unknown field') },
    ],
    ['parameters for a name', { name: { TOKEN: at('object for a name') }, spec: specWith('rest', {}) }],
    ['a value too long', { spec: specWith('rest', { TOKEN: at('long value').repeat(1_000) }) }],
    ['a reference in a value', { spec: specWith('rest', { TOKEN: `$(params.${at('reference')})` }) }],
    ['a timeout', { spec: { ...specWith('rest', {}), executionConfig: { timeout: { secret: at('timeout') } } } }],
  ];
  for (const [name, body] of wrong) {
    const { status } = await post(name, JSON.stringify(body));
    expect([name, [400, 422].includes(status)]).toEqual([name, true]);
  }
  const headers = {
    authorization: `Bearer ${plainAt(`header, ${round}`)}`,
    'x-api-key': plainAt(`header, ${round}`),
    cookie: `token=${plainAt(`header, ${round}`)}`,
  };
  expect((await post('secret headers', JSON.stringify({ spec: specWith('rest-header', {}) }), headers)).status).toBe(
    201,
  );
}

/** Headers are ASCII. */
function plainAt(door: string): string {
  const known = planted.get(door) ?? new Planted(door, true);
  planted.set(door, known);
  return known.value;
}

const sensitiveSpec = (name: string, scenario: string) =>
  specFor(scenario, target(name), {
    workflowRef: { workflowId: name, version: '1.0.0', containerImage: `sandbox.local/${scenario}:1` },
    parameters: {
      DB_PASSWORD: plant(`resource, ${name}`),
      CONNECTION: `postgres://app:${plant(`resource, ${name}`)}@db/app`,
      MESSAGE: 'hello',
    },
    rationale: `log in with ${plant(`resource, ${name}`)}`,
  });

async function applyAll(): Promise<void> {
  for (const { name, scenario, ...more } of EXECUTIONS) {
    if ('quote' in more) cluster.quote(`CREATE run of ${name}`, more.quote);
    cluster.leak(name, {
      message: name === 'quiet' ? 'nothing' : plant(`resource, ${name}`),
      token: plant(`result, ${name}`),
    });
    const { metadata } = await client.apply(name, sensitiveSpec(name, scenario));
    ids.set(name, metadata.uid ?? '');
  }
}

async function endAll(): Promise<void> {
  for (const { name, ends } of EXECUTIONS) {
    const id = ids.get(name) ?? '';
    await client.recorded(id, ends);
    const [run] = await client.runs(id);
    if (run !== undefined) runs.set(name, run);
  }
}

async function lookAround(): Promise<void> {
  const targets = [...EXECUTIONS.map(({ name }) => target(name)), target('refused')];
  places.push(...(await restPlaces(service, [...ids.values()], targets)));
  places.push(...(await clusterPlaces(cluster.sandbox.connection)));
}

async function eventsOf(executionIds: Iterable<string>): Promise<readonly string[]> {
  const histories = await Promise.all([...executionIds].map((id) => client.history(id)));
  return histories.flat().map(({ id }) => id);
}

/** Ends the program in order, and reads all it has left, and all that was told. */
async function stopAndRead(round: string): Promise<void> {
  await listeners.heard(await eventsOf(ids.values()));
  expect(await service.stop()).toBe(0);
  expect(service.log.length).toBeLessThan(LOG_KEPT);
  places.push(placeOf(`output, ${round}`, service.log), ...filesOf(service), ...listeners.places());
  listeners.hangUp();
}

async function start(): Promise<void> {
  await service.start();
  await listeners.listen(service);
}

/** Lets go of the lock and of the resource, so that the history is closed and goes to a file. */
async function archived(id: string): Promise<void> {
  await client.post(id, 'release', { reason: 'to be archived' });
  await until(`${id} to be archived`, async () => (await client.types(id)).join() === 'ExecutionArchived');
}

/** A change of the configuration; everything is logged, and everything told. */
function configure(execution: Record<string, unknown>, retention: Record<string, unknown> = {}): void {
  const path = join(service.folder, 'config.yaml');
  const config = parse(readFileSync(path, 'utf8')) as { execution: object };
  const webhook = listeners.webhook(service, plainAt('webhook address'), plainAt('webhook key').repeat(2));
  writeFileSync(
    path,
    stringify({
      ...{ ...config, retention, log: { level: 'trace' }, execution: { ...config.execution, ...execution } },
      webhooks: { endpoints: [webhook] },
    }),
  );
}

beforeAll(async () => {
  cluster = await LeakyCluster.open();
  listeners = await Listeners.open();
  service = await ServiceProcess.prepare({ cluster: { server: cluster.sandbox.url }, audit: { keys: 'secret' } });
  client = new Client(service.url, cluster.sandbox.connection);
  configure({ sensitiveParameters: 'redact' });
  await start();
  cluster.quote('UPDATE run of quiet', { code: 500, reason: 'InternalError', times: 2 });
  cluster.quote('UPDATE spec of printing', { code: 403, reason: 'Forbidden', times: 2 });
  cluster.quote('UPDATE status of printing', { code: 422, reason: 'Invalid', times: 2 });
  cluster.quote('UPDATE status of refused', { code: 422, reason: 'Invalid', times: 2 });
  await knockByRest('redact');
  await applyAll();
  await endAll();
  await lookAround();
  await stopAndRead('redact');
  configure({ sensitiveParameters: 'refuse' });
  await start();
  await knockByRest('refuse');
  const { metadata } = await client.apply('refused', sensitiveSpec('refused', 'quick'));
  ids.set('refused', metadata.uid ?? '');
  await client.recorded(ids.get('refused') ?? '', 'ExecutionFailed');
  await client.shown('refused', 'Failed');
  await lookAround();
  await stopAndRead('refuse');
  configure({ ttlAfterFinished: '1s' }, { archiveAfter: '1s' });
  await start();
  for (const id of ids.values()) await archived(id);
  await lookAround();
  await stopAndRead('archive');
}, LIMIT_MS);

afterAll(async () => {
  await listeners?.close();
  await service?.remove();
  await cluster?.close();
});

test('every door was tried, and every place was looked at', () => {
  expect(planted.size).toBeGreaterThan(30);
  expect(cluster.hasQuotedAll).toBe(true);
  const names = places.map(({ name }) => name);
  for (const each of ['events.sqlite', 'read-model.sqlite', 'output, redact', 'GET /metrics', 'GET /v1/config'])
    expect(names).toContain(each);
  for (const each of ['GET /v1/executions', `GET /v1/executions/${ids.get('quiet')}/events`])
    expect(names).toContain(each);
  for (const kind of ['Event ', 'ConfigMap ', 'Secret ', 'WorkflowExecution ', 'PipelineRun ', 'rows of', 'unpacked '])
    expect([kind, names.some((name) => name.startsWith(kind))]).toEqual([kind, true]);
});

test('whoever is told, and every archive, has a hash where a value was', () => {
  for (const each of ['webhook', 'stream, json', 'stream, cloudevents', 'unpacked ']) {
    const [place] = places.filter(({ name }) => name.startsWith(each)).slice(-1);
    expect([each, place?.bytes.includes('hmac-sha256:')]).toEqual([each, true]);
  }
});

test('the runs got the true values', () => {
  for (const name of ['quiet', 'printing', 'failing', 'delayed-500'])
    expect((runs.get(name)?.spec as { params: unknown }).params).toEqual(
      expect.arrayContaining([
        { name: 'DB_PASSWORD', value: plant(`resource, ${name}`) },
        { name: 'CONNECTION', value: `postgres://app:${plant(`resource, ${name}`)}@db/app` },
      ]),
    );
});

test('nowhere is a planted value, in whatever form', () => {
  expect(search(places, [...planted.values()])).toEqual([]);
});

test('nowhere is the hash of a request with one', () => {
  const spec = specWith('rest', { DB_PASSWORD: plant('REST, parameter, redact'), A: 'b' });
  const hash = createHash('sha256')
    .update(JSON.stringify(sorted({ spec, namespace: NAMESPACE })))
    .digest('hex');
  expect(places.filter(({ bytes }) => bytes.includes(hash)).map(({ name }) => name)).toEqual([]);
});

test('what was hidden is told as hidden: in errors, messages and results', () => {
  const all = Buffer.concat(places.map(({ bytes }) => bytes)).toString();
  const hidden = [
    'denied the request: [redacted',
    '(printed [redacted DB_PASSWORD] and [redacted token])',
    '"name":"token","value":"[redacted]"',
    'made with [redacted DB_PASSWORD]',
    'hmac-sha256:',
  ];
  expect(hidden.filter((text) => !all.includes(text))).toEqual([]);
});

test(
  'the search would find one, in each of them: a workflow prints a parameter of an innocent name',
  async () => {
    await start();
    const found = new Planted('innocent');
    const id = await client.accepted(specFor('echo', target('innocent'), { parameters: { MESSAGE: found.value } }));
    await client.recorded(id, 'ExecutionCompleted');
    const targets = [target('innocent')];
    const seen = [...(await restPlaces(service, [id], targets)), ...(await clusterPlaces(cluster.sandbox.connection))];
    await listeners.heard(await eventsOf([id]));
    await archived(id);
    expect(await service.stop()).toBe(0);
    const findings = search([...seen, ...filesOf(service), ...listeners.places()], [found]);
    for (const where of ['events.sqlite', `GET /v1/executions/${id}`, `GET /v1/executions/${id}/events`])
      expect(findings).toContain(`innocent: plain in ${where}`);
    for (const where of ['webhook', 'stream, json', 'stream, cloudevents', 'rows of', 'unpacked'])
      expect([where, findings.some((finding) => finding.includes(`plain in ${where}`))]).toEqual([where, true]);
  },
  LIMIT_MS,
);

test('and in objects that the service keeps in the cluster', async () => {
  const { connection } = cluster.sandbox;
  const found = new Planted('innocent');
  const metadata = { namespace: NAMESPACE, name: 'innocent' };
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { text: found.value } };
  const packed = { text: Buffer.from(found.value).toString('base64') };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: packed };
  await connection.create(CONFIG_MAPS, map);
  await connection.create(SECRETS, secret);
  const findings = search(await clusterPlaces(connection), [found]);
  expect(findings).toContain('innocent: plain in ConfigMap innocent');
  expect(findings.some((finding) => /in base64 at \d in Secret innocent/.test(finding))).toBe(true);
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
