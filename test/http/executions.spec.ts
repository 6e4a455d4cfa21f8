import { STORE_LIMITS } from '#event-store';
import { ask, created, each, serve, specOf } from './served.ts';
import type { Served } from './served.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served.close());

const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  ask(served, 'POST', path, { ...(body !== undefined && { body }), headers });
const get = (path: string) => ask(served, 'GET', path);

/** Plays a run of the execution from its creation to success. */
function playRun(executionId: string): void {
  const ref = {
    namespace: 'kubernaut-workflows',
    name: 'wfe-1',
    uid: crypto.randomUUID(),
    createdAt: '2026-11-20T10:00:00Z',
  };
  const run = { ref, executionId, deletionRequested: false, tasks: [], skippedTasks: [], results: [] };
  served.service.observe(executionId, { kind: 'RunObserved', how: 'created', run });
  const condition = { status: 'True', reason: 'Succeeded', message: 'done' } as const;
  const times = { startTime: '2026-11-20T10:00:01Z', completionTime: new Date().toISOString() };
  served.service.observe(executionId, {
    kind: 'RunObserved',
    how: 'watched',
    run: { ...run, ...times, condition, outcome: 'Succeeded', totalTasks: 1 },
  });
}

describe('Create', () => {
  test('answers 201 with the place of what was recorded, and where to look', async () => {
    const answer = await post('/v1/executions', { namespace: 'shop', name: 'restart-app', spec: specOf() });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      executionId: expect.any(String),
      resource: { namespace: 'shop', name: 'restart-app' },
      revision: 0,
      position: expect.any(String),
    });
    expect(answer.headers.get('location')).toBe(`/v1/executions/${answer.body.executionId}`);
    expect((await get(answer.headers.get('location')!)).status).toBe(200);
  });

  test('puts the resource into the configured namespace when none is named', async () => {
    expect((await post('/v1/executions', { spec: specOf() })).body.resource.namespace).toBe('default');
  });

  test('passes parameters byte for byte', async () => {
    const parameters = { A: '', B: ' ü\n\u0000\t"$HOME" 🙂', _c: '{"x":1}', 'd.e-f': '0' };
    const { body } = await post('/v1/executions', { spec: { ...specOf(), parameters } });
    expect((await get(`/v1/executions/${body.executionId}`)).body.spec.parameters).toEqual(parameters);
  });

  test('takes a spec at its limits', async () => {
    const names = Array.from({ length: 100 }, (_, n) => [`P${n}`, 'v'.repeat(1200)]);
    const workspaces = Array.from({ length: 32 }, (_, n) => ({ name: `w${n}`, emptyDir: {} }));
    const spec = { ...specOf(), parameters: Object.fromEntries(names), executionConfig: { workspaces } };
    expect((await post('/v1/executions', { spec })).status).toBe(201);
    const long = { ...specOf(), parameters: { ['N'.repeat(128)]: 'é'.repeat(4096) }, rationale: 'r'.repeat(8192) };
    expect((await post('/v1/executions', { spec: long })).status).toBe(201);
  });

  test('with the same Idempotency-Key and body gives the first answer again, as 200', async () => {
    const body = { spec: specOf() };
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const first = await post('/v1/executions', body, headers);
    const before = served.service.eventCount;
    const second = await post('/v1/executions', body, headers);
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(served.service.eventCount).toBe(before);
  });

  test('with the same Idempotency-Key and another body is 422', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    await post('/v1/executions', { spec: specOf() }, headers);
    const answer = await post('/v1/executions', { spec: specOf() }, headers);
    expect([answer.status, answer.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  test('believes no header that claims a name, and keeps a valid traceparent', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await post(
      '/v1/executions',
      { spec: specOf() },
      { 'x-remote-user': 'admin', authorization: 'Bearer x', traceparent },
    );
    expect(served.service.contexts.at(-1)).toEqual({ actor: { user: 'anonymous' }, source: 'rest', traceparent });
    await post('/v1/executions', { spec: specOf() }, { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` });
    expect(served.service.contexts.at(-1)).toEqual({ actor: { user: 'anonymous' }, source: 'rest' });
  });
});

describe('state', () => {
  test('is what the log says now', async () => {
    const id = await created(served, { name: 'state-now' });
    playRun(id);
    const { status, body } = await get(`/v1/executions/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      executionId: id,
      entry: 'rest',
      resource: { namespace: 'default', name: 'state-now' },
      runName: expect.stringMatching(/^wfe-[0-9a-f]{16}$/),
      status: { phase: 'Completed', outcome: 'Success', lock: { state: 'Held' } },
    });
    expect(body.status.execution).toEqual({ id, lastEvent: expect.objectContaining({ revision: body.revision }) });
  });

  test('is what the log said at a revision, or at a time in any zone', async () => {
    const id = await created(served);
    const { updatedAt } = (await get(`/v1/executions/${id}`)).body;
    playRun(id);
    expect((await get(`/v1/executions/${id}?at=0`)).body).toMatchObject({ revision: 0, status: { phase: 'Pending' } });
    expect((await get(`/v1/executions/${id}?at=1`)).body).toMatchObject({ revision: 1, status: { phase: 'Running' } });
    const later = new Date(Date.parse(updatedAt) + 3_600_000 + 60_000).toISOString().replace('Z', '+01:00');
    expect((await get(`/v1/executions/${id}?at=${encodeURIComponent(later)}`)).body.status.phase).toBe('Completed');
  });

  test('before it was created is 404', async () => {
    const id = await created(served);
    const answer = await get(`/v1/executions/${id}?at=2020-01-01T00:00:00Z`);
    expect([answer.status, answer.body.code]).toEqual([404, 'execution-unknown']);
  });
});

describe('the list', () => {
  test('is filtered by every field, newest first', async () => {
    const target = `payment/deployment/list-${crypto.randomUUID().slice(0, 8)}`;
    const first = await created(served, { namespace: 'payment', spec: specOf(target) });
    const second = await created(served, { namespace: 'payment', spec: specOf(target) });
    playRun(second);
    const ids = async (query: string) =>
      each((await get(`/v1/executions?target=${target}&${query}`)).body.items, 'executionId');
    expect(await ids('')).toEqual([second, first]);
    expect(await ids('phase=Completed&outcome=Success')).toEqual([second]);
    expect(await ids('phase=Pending&namespace=payment&workflowId=restart&remediationRequest=rr-1')).toEqual([first]);
    expect(await ids('from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z')).toEqual([]);
    expect(await ids('namespace=elsewhere')).toEqual([]);
  });

  test('comes in pages that lose and repeat nothing', async () => {
    const target = `payment/deployment/page-${crypto.randomUUID().slice(0, 8)}`;
    const ids = [];
    for (let n = 0; n < 5; n++) ids.unshift(await created(served, { spec: specOf(target) }));
    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 10; page++) {
      const { body } = await get(`/v1/executions?target=${target}&limit=2${cursor}`);
      seen.push(...(each(body.items, 'executionId') as string[]));
      if (body.next === undefined) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(seen).toEqual(ids);
  });
});

describe('the history', () => {
  test('is every event with its whole envelope, in order', async () => {
    const id = await created(served);
    playRun(id);
    const { body } = await get(`/v1/executions/${id}/events`);
    expect(each(body.items, 'type')).toEqual(['ExecutionCreated', 'PipelineRunCreated', 'ExecutionCompleted']);
    expect(body.items[0]).toEqual({
      id: expect.any(String),
      stream: `workflowexecution-${id}`,
      revision: 0,
      position: expect.any(String),
      type: 'ExecutionCreated',
      schemaVersion: 1,
      data: expect.objectContaining({ executionId: id }),
      metadata: expect.objectContaining({ actor: { user: 'anonymous' }, source: 'rest', correlationId: 'rr-1' }),
      previousHash: '0'.repeat(64),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(body.next).toBeUndefined();
  });

  test('goes on after a revision, and says when something is left', async () => {
    const id = await created(served);
    playRun(id);
    const first = (await get(`/v1/executions/${id}/events?limit=2`)).body;
    expect([first.items.length, first.next]).toEqual([2, 1]);
    const second = (await get(`/v1/executions/${id}/events?limit=2&after=${first.next}`)).body;
    expect(each(second.items, 'revision')).toEqual([2]);
    expect(second.next).toBeUndefined();
  });

  test('never asks the store for more than it gives', async () => {
    expect(500 + 1).toBeLessThanOrEqual(STORE_LIMITS.readLimit);
    const id = await created(served);
    expect((await get(`/v1/executions/${id}/events?limit=500`)).status).toBe(200);
  });
});

describe('commands', () => {
  test('Cancel is recorded once, however often it is asked for', async () => {
    const id = await created(served);
    const body = { mode: 'Graceful', reason: 'the alert has cleared' };
    const first = await post(`/v1/executions/${id}/cancel`, body);
    const second = await post(`/v1/executions/${id}/cancel`, body);
    expect([first.status, first.body.recorded]).toEqual([200, ['CancellationRequested']]);
    expect([second.status, second.body.recorded]).toEqual([200, []]);
    expect(second.body.revision).toBe(first.body.revision);
    expect((await get(`/v1/executions/${id}`)).body.cancellation).toMatchObject({
      mode: 'Graceful',
      reason: body.reason,
    });
  });

  test('Release gives the lock back after the end, and is refused before', async () => {
    const id = await created(served);
    const body = { reason: 'the target was replaced' };
    const early = await post(`/v1/executions/${id}/release`, body);
    expect([early.status, early.body.code]).toEqual([409, 'run-unfinished']);
    playRun(id);
    const answer = await post(`/v1/executions/${id}/release`, body);
    expect([answer.status, answer.body.recorded]).toEqual([200, ['ReleaseRequested']]);
  });

  test('Cancel after the end is refused', async () => {
    const id = await created(served);
    playRun(id);
    const answer = await post(`/v1/executions/${id}/cancel`, { mode: 'Immediate', reason: 'late' });
    expect([answer.status, answer.body.code]).toEqual([409, 'execution-finished']);
  });

  test('Sync needs no body; an empty object is as good', async () => {
    const id = await created(served);
    expect((await post(`/v1/executions/${id}/sync`)).body.recorded).toEqual([]);
    expect((await post(`/v1/executions/${id}/sync`, {})).status).toBe(200);
  });
});

describe('the configuration', () => {
  test('is shown as it is in force, with what is running', async () => {
    const { status, body } = await get('/v1/config');
    expect(status).toBe(200);
    expect(body).toMatchObject({ version: '0.0.1', commit: 'abc123', config: { execution: { cooldown: '5m' } } });
  });
});

describe('every request', () => {
  test('has an id: the client’s own when it is one, a new one otherwise', async () => {
    const own = await ask(served, 'GET', '/v1/config', { headers: { 'x-request-id': 'abc-1.2_3' } });
    expect(own.headers.get('x-request-id')).toBe('abc-1.2_3');
    const forged = await ask(served, 'GET', '/v1/config', { headers: { 'x-request-id': 'a b{}' } });
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('leaves one line in the log, without body, query and headers', async () => {
    const id = 'log-line-1';
    const spec = { ...specOf(), parameters: { PASSWORD: 'hush-hush' } };
    await post('/v1/executions', { spec }, { 'x-request-id': id, authorization: 'Bearer hush-hush' });
    await ask(served, 'GET', '/v1/executions?target=hush-hush', { headers: { 'x-request-id': id } });
    const lines = served.logged.filter((line) => line['requestId'] === id);
    expect(lines).toEqual([
      expect.objectContaining({ method: 'POST', path: '/v1/executions', status: 201 }),
      expect.objectContaining({ method: 'GET', path: '/v1/executions', status: 200 }),
    ]);
    expect(JSON.stringify(served.logged)).not.toContain('hush-hush');
  });

  test('is measured by route template and status class', async () => {
    await get(`/v1/executions/${crypto.randomUUID()}`);
    await get('/no/such/route');
    const text = await served.telemetry.registry.metrics();
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/v1\/executions\/\{id\}",status="4xx"\} \d/,
    );
    expect(text).toMatch(/http_request_duration_seconds_count\{method="GET",route="other",status="4xx"\} \d/);
  });

  test('is answered for nobody to keep', async () => {
    const { headers } = await get('/v1/config');
    expect([headers.get('cache-control'), headers.get('x-content-type-options'), headers.get('x-powered-by')]).toEqual([
      'no-store',
      'nosniff',
      null,
    ]);
  });
});
