import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  ConcurrencyError,
  CorruptionError,
  InvalidEventError,
  LimitError,
  OutcomeUnknownError,
  UnavailableError,
} from '#event-store';
import { PROBLEMS } from '../../src/http/problem-table.ts';
import { ask, created, each, serve, specOf } from './served.ts';
import { until } from '../support/until.ts';
import type { Answer, Served } from './served.ts';

const PATIENCE_MS = 300;
let served: Served;
beforeAll(async () => {
  served = await serve({
    WFE_HTTP_BODY_PATIENCE: `${PATIENCE_MS}ms`,
    WFE_CONTROLLER_WATCHED_NAMESPACES: 'default,shop',
  });
});
afterAll(() => served.close());
afterEach(() => {
  served.service.fault = undefined;
  served.service.gate = undefined;
});

const post = (body: unknown) => ask(served, 'POST', '/v1/executions', { body });
const UNKNOWN = '00000000-0000-4000-8000-000000000000';

/** Every problem is RFC 9457, with the status and title of its code, and an id that is in the answer's header too. */
function expectProblem(answer: Answer, code: keyof typeof PROBLEMS): void {
  expect(answer.body.code).toBe(code);
  expect(answer.status).toBe(PROBLEMS[code].status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    type: `urn:workflow-execution:problem:${code}`,
    title: PROBLEMS[code].title,
    status: answer.status,
    detail: expect.any(String),
    instance: expect.stringMatching(/^\//),
    requestId: answer.headers.get('x-request-id'),
  });
}

describe('a field that is not as expected is 400 with its path', () => {
  const good = specOf();
  test.each<[string, unknown, string[]]>([
    ['nothing at all', {}, ['spec']],
    ['an empty spec', { spec: {} }, ['spec.remediationRequestRef', 'spec.workflowRef', 'spec.targetResource']],
    ['a wrong type', { spec: { ...good, targetResource: 5 } }, ['spec.targetResource']],
    ['a field nobody knows', { spec: good, specs: 1 }, ['specs']],
    [
      'a field nobody knows, deep inside',
      { spec: { ...good, workflowRef: { ...good.workflowRef, tag: 'x' } } },
      ['spec.workflowRef.tag'],
    ],
    ['cancel, which is a command', { spec: { ...good, cancel: 'Graceful' } }, ['spec.cancel']],
    ['a namespace that is no DNS label', { namespace: 'Shop', spec: good }, ['namespace']],
    ['a name that is no DNS subdomain', { name: 'a..b', spec: good }, ['name']],
    ['a name that is too long', { name: 'a'.repeat(254), spec: good }, ['name']],
    [
      'an empty workflow id',
      { spec: { ...good, workflowRef: { ...good.workflowRef, workflowId: '' } } },
      ['spec.workflowRef.workflowId'],
    ],
    ['a parameter’s name', { spec: { ...good, parameters: { '1A': 'x' } } }, ['spec.parameters.1A']],
    [
      'a parameter’s name that is too long',
      { spec: { ...good, parameters: { ['A'.repeat(129)]: '' } } },
      [`spec.parameters.${'A'.repeat(129)}`],
    ],
    ['a parameter that is no text', { spec: { ...good, parameters: { A: 1 } } }, ['spec.parameters.A']],
    ['a parameter over 8 KiB', { spec: { ...good, parameters: { A: 'é'.repeat(4097) } } }, ['spec.parameters.A']],
    [
      '101 parameters',
      { spec: { ...good, parameters: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`P${n}`, ''])) } },
      ['spec.parameters'],
    ],
    ['confidence over 1', { spec: { ...good, confidence: 1.1 } }, ['spec.confidence']],
    ['a rationale over 8 KiB', { spec: { ...good, rationale: 'r'.repeat(8193) } }, ['spec.rationale']],
    [
      'a policy nobody knows',
      { spec: { ...good, executionConfig: { onConflict: 'Retry' } } },
      ['spec.executionConfig.onConflict'],
    ],
    [
      'a workspace without a binding',
      { spec: { ...good, executionConfig: { workspaces: [{ name: 'w' }] } } },
      ['spec.executionConfig.workspaces[0]'],
    ],
    [
      'a workspace with two',
      { spec: { ...good, executionConfig: { workspaces: [{ name: 'w', emptyDir: {}, secret: {} }] } } },
      ['spec.executionConfig.workspaces[0]'],
    ],
    [
      '33 workspaces',
      {
        spec: {
          ...good,
          executionConfig: { workspaces: Array.from({ length: 33 }, (_, n) => ({ name: `w${n}`, emptyDir: {} })) },
        },
      },
      ['spec.executionConfig.workspaces'],
    ],
    [
      'a spec over 128 KiB',
      {
        spec: {
          ...good,
          parameters: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`P${n}`, 'v'.repeat(8000)])),
        },
      },
      ['spec'],
    ],
    ['half a surrogate pair', { spec: { ...good, parameters: { A: '\ud800' } } }, ['spec.parameters.A']],
    ['a body that is a list', [], ['']],
  ])('%s', async (_, body, paths) => {
    const before = served.service.eventCount;
    const answer = await post(body);
    expectProblem(answer, 'validation-failed');
    expect(each(answer.body.errors, 'path')).toEqual(paths);
    expect(served.service.eventCount).toBe(before);
  });

  test('a name that JavaScript takes for the prototype is refused, not dropped', async () => {
    const raw = JSON.stringify({ spec: { ...good, parameters: {} } }).replace(
      '"parameters":{}',
      '"parameters":{"__proto__":"x"}',
    );
    const answer = await ask(served, 'POST', '/v1/executions', { raw });
    expectProblem(answer, 'validation-failed');
    expect(answer.body.errors[0].path).toBe('spec.parameters.__proto__');
  });

  test('nesting without end', async () => {
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    const raw = JSON.stringify({ spec: { ...good, executionConfig: { workspaces: [{ name: 'w', emptyDir: 0 }] } } });
    expectProblem(
      await ask(served, 'POST', '/v1/executions', { raw: raw.replace('"emptyDir":0', `"emptyDir":${deep}`) }),
      'validation-failed',
    );
  });

  test('a value is never repeated in the answer where it may be a secret', async () => {
    const answer = await post({ spec: { ...good, parameters: { TOKEN: `hush${'x'.repeat(9000)}` } } });
    expect(JSON.stringify(answer.body)).not.toContain('hush');
  });

  test.each([
    ['/v1/executions/NOT-A-UUID', 'id'],
    [`/v1/executions/${UNKNOWN.toUpperCase().replace('0', 'A')}`, 'id'],
    [`/v1/executions/${UNKNOWN}?at=yesterday`, 'at'],
    [`/v1/executions/${UNKNOWN}?revision=1`, 'revision'],
    [`/v1/executions/${UNKNOWN}/events?limit=0`, 'limit'],
    [`/v1/executions/${UNKNOWN}/events?after=-2`, 'after'],
    [`/v1/executions/${UNKNOWN}/history?after=-2`, 'after'],
    [`/v1/executions/${UNKNOWN}/history?at=-1`, 'at'],
    [`/v1/executions/${UNKNOWN}/diff?from=x`, 'from'],
    [`/v1/executions/${UNKNOWN}/diff?to=2026-11-20`, 'to'],
    [`/v1/executions/${UNKNOWN}/causes?revision=-1`, 'revision'],
    [`/v1/executions/${UNKNOWN}/why?at=`, 'at'],
    ['/v1/executions?at=3', 'at'],
    ['/v1/executions?at=2026-11-20T00:00:00Z&from=2026-11-20T00:00:00Z', 'from'],
    ['/v1/targets?locked=no', 'locked'],
    ['/v1/targets?limit=101', 'limit'],
    ['/v1/targets/node/n1?at=3', 'at'],
    [`/v1/targets/${'x'.repeat(601)}`, 'target'],
    ['/v1/executions?limit=501', 'limit'],
    ['/v1/executions?limit=ten', 'limit'],
    ['/v1/executions?limit=1&limit=2', 'limit'],
    ['/v1/executions?phase=Done', 'phase'],
    ['/v1/executions?from=2026-02-30T00:00:00Z', 'from'],
    ['/v1/executions?colour=red', 'colour'],
  ])('GET %s names %s', async (path, field) => {
    const answer = await ask(served, 'GET', path);
    expectProblem(answer, 'validation-failed');
    expect(answer.body.errors[0].path).toBe(field);
  });

  test('an Idempotency-Key that is none', async () => {
    const answer = await ask(served, 'POST', '/v1/executions', {
      body: { spec: good },
      headers: { 'idempotency-key': 'a b' },
    });
    expectProblem(answer, 'validation-failed');
    expect(answer.body.errors[0].path).toBe('Idempotency-Key');
  });

  test.each([
    ['cancel', { mode: 'Now', reason: 'x' }, 'mode'],
    ['cancel', { mode: 'Graceful' }, 'reason'],
    ['release', { reason: '' }, 'reason'],
    ['release', { reason: 'r'.repeat(1025) }, 'reason'],
    ['sync', { force: true }, 'force'],
  ])('%s with %j names %s', async (command, body, field) => {
    const answer = await ask(served, 'POST', `/v1/executions/${UNKNOWN}/${command}`, { body });
    expectProblem(answer, 'validation-failed');
    expect(answer.body.errors[0].path).toBe(field);
  });
});

describe('a number in a query is digits alone', () => {
  const paths = [
    '/v1/executions?limit=',
    '/v1/events?limit=',
    '/v1/targets?limit=',
    '/v1/audit/seals?limit=',
    `/v1/executions/${UNKNOWN}/events?after=`,
    `/v1/executions/${UNKNOWN}/history?after=`,
    `/v1/executions/${UNKNOWN}/causes?revision=`,
  ];
  test.each(['', '0x10', '1e2', '%201', '1.0', '+1', '007', '9'.repeat(16)])('and never %j', async (text) => {
    for (const path of paths) {
      const answer = await ask(served, 'GET', `${path}${text}`);
      expect([path, answer.status, answer.body.code]).toEqual([path, 400, 'validation-failed']);
    }
  });
});

describe('an object in the wrong place is not shown', () => {
  const hidden = { TOKEN: 'hunter2' };
  test.each<[string, object]>([
    ['for a text', { spec: { ...specOf(), targetResource: hidden } }],
    ['for a name', { name: hidden, spec: specOf() }],
    ['in a list, for a namespace', { namespace: [hidden], spec: specOf() }],
    ['for a parameter', { spec: { ...specOf(), parameters: { A: hidden } } }],
  ])('%s', async (_, body) => {
    const answer = await post(body);
    expectProblem(answer, 'validation-failed');
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
  });

  test('nor is an Idempotency-Key that is none', async () => {
    const answer = await ask(served, 'POST', '/v1/executions', {
      headers: { 'idempotency-key': 'my hunter2' },
      body: { spec: specOf() },
    });
    expectProblem(answer, 'validation-failed');
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
  });
});

describe('what cannot be read', () => {
  test('bytes that are no UTF-8 are malformed, and no other character is recorded in their place', async () => {
    const raw = Buffer.concat([Buffer.from('{"spec":{"targetResource":"'), Buffer.from([0xff]), Buffer.from('"}}')]);
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${served.url}/v1/executions`, { method: 'POST', headers, body: raw });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({
        code: 'malformed-json',
        detail: 'Expected a JSON object in UTF-8; found bytes that are none.',
      }),
    ]);
  });

  test.each(['{', '{"spec":', 'spec', '"text"', '5', '{"a":1}}'])('%s is malformed JSON', async (raw) => {
    expectProblem(await ask(served, 'POST', '/v1/executions', { raw }), 'malformed-json');
  });

  test.each(['{"TOKEN": hunter2}', 'hunter2', '"hunter2"', '{"TOKEN": "hunter2', '{"a":1} hunter2'])(
    '%s is told without a word of it: it may be a secret',
    async (raw) => {
      const { body } = await ask(served, 'POST', '/v1/executions', { raw });
      expect(body.code).toBe('malformed-json');
      expect(JSON.stringify(body)).not.toContain('hunter2');
    },
  );

  test('a body over the limit is 413, plain or unpacked', async () => {
    const raw = JSON.stringify({ spec: { rationale: 'x'.repeat(300_000) } });
    expectProblem(await ask(served, 'POST', '/v1/executions', { raw }), 'body-too-large');
    const headers = { 'content-encoding': 'gzip' };
    expectProblem(await ask(served, 'POST', '/v1/executions', { raw: gzipSync(raw), headers }), 'body-too-large');
  });

  test.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['application/yaml', {}],
    ['application/json; charset=iso-8859-1', {}],
    ['application/json', { 'content-encoding': 'zip' }],
  ])('%s %j is 415', async (type, more) => {
    const headers = { 'content-type': type, ...more };
    expectProblem(await ask(served, 'POST', '/v1/executions', { raw: '{}', headers }), 'unsupported-media-type');
  });

  test('a path with broken percent signs is 400', async () => {
    expectProblem(await ask(served, 'GET', '/v1/executions/%FF'), 'malformed-request');
  });
});

describe('what is not there', () => {
  test.each(['/', '/v1', '/v2/executions', '/v1/executions/a/b/c', '/metrics', '/healthz'])(
    'GET %s is 404',
    async (path) => {
      expectProblem(await ask(served, 'GET', path), 'route-unknown');
    },
  );

  test.each([
    ['PUT', '/v1/executions', 'GET, HEAD, POST'],
    ['DELETE', `/v1/executions/${UNKNOWN}`, 'GET, HEAD'],
    ['GET', `/v1/executions/${UNKNOWN}/cancel`, 'POST'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ])('%s %s is 405 and says what is allowed', async (method, path, allowed) => {
    const answer = await ask(served, method, path);
    expectProblem(answer, 'method-not-allowed');
    expect(answer.headers.get('allow')).toBe(allowed);
  });

  test.each([
    ['GET', '', undefined],
    ['GET', '/events', undefined],
    ['POST', '/sync', undefined],
    ['POST', '/cancel', { mode: 'Graceful', reason: 'x' }],
    ['POST', '/release', { reason: 'x' }],
  ])('%s on an unknown execution%s is 404', async (method, path, body) => {
    expectProblem(await ask(served, method, `/v1/executions/${UNKNOWN}${path}`, { body }), 'execution-unknown');
  });

  test('a cursor nobody gave is 400', async () => {
    expectProblem(await ask(served, 'GET', '/v1/executions?cursor=xyz'), 'cursor-invalid');
  });
});

describe('what cannot be done', () => {
  test('a spec that cannot be run is 422 with the field, and nothing is recorded', async () => {
    const before = served.service.eventCount;
    const answer = await post({ spec: { ...specOf('payment-api'), parameters: { A: '$(params.B)' } } });
    expectProblem(answer, 'spec-refused');
    expect(each(answer.body.errors, 'path')).toEqual(['spec.targetResource', 'spec.parameters.A']);
    expect(served.service.eventCount).toBe(before);
  });

  test('a namespace that is not served is 422', async () => {
    const answer = await post({ namespace: 'elsewhere', spec: specOf() });
    expectProblem(answer, 'namespace-not-watched');
    expect(answer.body.errors[0].path).toBe('namespace');
  });

  test('a resource that exists is 409', async () => {
    await created(served, { name: 'taken' });
    expectProblem(await post({ name: 'taken', spec: specOf() }), 'resource-exists');
  });
});

describe('when the event log fails', () => {
  test('503 for commands and questions, and nothing acts', async () => {
    const id = await created(served);
    const before = served.service.eventCount;
    served.service.fault = new UnavailableError('disk full at /var/lib/secret-place');
    for (const [method, path, body] of [
      ['POST', '/v1/executions', { spec: specOf() }],
      ['POST', `/v1/executions/${id}/sync`, undefined],
      ['POST', `/v1/executions/${id}/cancel`, { mode: 'Graceful', reason: 'x' }],
      ['GET', `/v1/executions/${id}`, undefined],
      ['GET', '/v1/executions', undefined],
      ['GET', `/v1/executions/${id}/events`, undefined],
    ] as const) {
      const answer = await ask(served, method, path, { body });
      expectProblem(answer, 'store-unavailable');
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(JSON.stringify(answer.body)).not.toContain('secret-place');
    }
    expect(served.service.eventCount).toBe(before);
  });

  test.each([
    ['a lost reply', new OutcomeUnknownError('timeout'), 'perhaps-applied'],
    ['conflict after conflict', new ConcurrencyError('s', 1, 2), 'too-contended'],
    ['an event over its limit', new LimitError('eventBytes', 10, 20, 's'), 'event-too-large'],
    ['too many events', new LimitError('appendEvents', 10, 20, 's'), 'limit-exceeded'],
    ['content that JSON cannot carry', new InvalidEventError('not JSON'), 'content-refused'],
    ['a log that was changed', new CorruptionError('hash differs in stream-secret'), 'internal-error'],
    ['a bug', new TypeError('cannot read properties of secret'), 'internal-error'],
  ] as const)('%s is told by its code, without internals', async (_, fault, code) => {
    served.service.fault = fault;
    const answer = await post({ spec: specOf() });
    expectProblem(answer, code);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  test('what is our fault is in the log under the id the client was told', async () => {
    served.service.fault = new TypeError('a bug, with its stack');
    const answer = await post({ spec: specOf() });
    const line = served.logged.find(({ requestId, level }) => requestId === answer.body.requestId && level === 'error');
    expect(line).toMatchObject({
      code: 'internal-error',
      err: { message: 'a bug, with its stack', stack: expect.any(String) },
    });
  });
});

describe('clients that misbehave', () => {
  /** Sends bytes, and collects what comes back until the connection is closed. */
  const raw = (bytes: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(served.port, '127.0.0.1', () => socket.write(bytes));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
  const HEAD = 'POST /v1/executions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

  test('one that sends its body too slowly gets 408 and is let go', async () => {
    const text = await raw(`${HEAD}Content-Length: 100\r\n\r\n{"spec"`);
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(text).toContain('"code":"request-timeout"');
  });

  test('one that sent its body in time may wait for the answer as long as it takes', async () => {
    const { entered } = served.service;
    let open = (): void => undefined;
    served.service.gate = new Promise((resolve) => (open = resolve));
    const answer = post({ spec: specOf() });
    await until('the call to come in', () => served.service.entered > entered);
    // Somebody who came later has run out of the same patience.
    expect(await raw(`${HEAD}Content-Length: 100\r\n\r\n{"spec"`)).toMatch(/^HTTP\/1\.1 408 /);
    open();
    expect((await answer).status).toBe(201);
  });

  test('one that leaves in the middle of its body changes nothing, and the next is served', async () => {
    const before = served.service.eventCount;
    await new Promise<void>((resolve) => {
      const socket = connect(served.port, '127.0.0.1', () =>
        socket.write(`${HEAD}Content-Length: 100\r\n\r\n{"spec"`, () => socket.destroy()),
      );
      socket.on('close', () => resolve());
    });
    expect((await post({ spec: specOf() })).status).toBe(201);
    expect(served.service.eventCount).toBe(before + 1);
  });

  test('one that leaves before the answer finds it done, and the log says that it left', async () => {
    const { entered, eventCount: before } = served.service;
    let open = (): void => undefined;
    served.service.gate = new Promise((resolve) => (open = resolve));
    const leaving = new AbortController();
    const body = JSON.stringify({ spec: specOf(), name: 'left-early' });
    const headers = { 'content-type': 'application/json', 'x-request-id': 'left-early' };
    const request = fetch(`${served.url}/v1/executions`, { method: 'POST', headers, body, signal: leaving.signal });
    const left = request.catch((error: Error) => error.name);
    await until('the call to come in', () => served.service.entered > entered);
    leaving.abort();
    expect(await left).toBe('AbortError');
    const isTold = (line: Record<string, unknown>) =>
      line['requestId'] === 'left-early' && /client left/.test(String(line['msg']));
    await until('the log to tell of it', () => served.logged.some(isTold));
    open();
    await until('the event', () => served.service.eventCount === before + 1);
  });

  test('requests on open connections are refused while the service stops', async () => {
    const stopped = await serve();
    stopped.stop();
    const answer = await ask(stopped, 'POST', '/v1/executions', { body: { spec: specOf() } });
    expectProblem(answer, 'shutting-down');
    expect(answer.headers.get('connection')).toBe('close');
    await stopped.close();
  });
});
