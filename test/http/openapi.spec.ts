import { Ajv2020 } from 'ajv/dist/2020.js';
import { UnavailableError } from '#event-store';
import { PROBLEMS } from '../../src/http/problem-table.ts';
import { METHOD_ORDER, OUTLINE } from './openapi-outline.ts';
import { ROUTES } from '../../src/http/routes.ts';
import { ask, created, serve, specOf } from './served.ts';
import type { Answer, Served } from './served.ts';

/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-return -- a document is plain JSON */
type Json = any;

let served: Served;
let document: Json;
let ajv: Ajv2020;
beforeAll(async () => {
  served = await serve();
  document = (await ask(served, 'GET', '/openapi.json')).body;
  ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'document', ...closed(document) });
});
afterAll(() => served.close());

/** The document says what is there now and leaves room for more; here nothing may be there that it does not say. */
function closed(value: Json): Json {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, closed(item)]));
  const isOpen =
    copy['type'] === 'object' && copy['properties'] !== undefined && copy['additionalProperties'] === undefined;
  return isOpen ? { ...copy, additionalProperties: false } : copy;
}

/** Every object in the document, with the path to it. */
function* objects(value: Json, path = '#'): Generator<[string, Json]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [path, value];
  for (const [key, item] of Object.entries(value)) yield* objects(item, `${path}/${key}`);
}

const operations = (): { path: string; method: string; operation: Json }[] =>
  Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

/** Why a value does not fit a schema of the document; empty when it does. */
function complaints(schema: Json, value: unknown): string[] {
  const local = JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"document#/')) as object;
  const validate = ajv.compile(local);
  return validate(value)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
}

/** Why an answer is not one the document speaks of. */
function conformity(method: string, template: string, answer: Answer): string[] {
  const response = document.paths[template]?.[method.toLowerCase()]?.responses[answer.status];
  if (response === undefined) return [`${method} ${template} does not say that it answers ${answer.status}`];
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const content = response.content?.[type];
  if (content === undefined) return [`${answer.status} is not said to be ${type}`];
  const isSpokenOf = answer.status < 400 || Object.hasOwn(content.examples as object, String(answer.body.code));
  return [...complaints(content.schema, answer.body), ...(isSpokenOf ? [] : [`${answer.body.code} is not spoken of`])];
}

test('the document has the structure of OpenAPI 3.1', () => {
  const validate = ajv.compile(OUTLINE);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
  expect(document.openapi).toMatch(/^3\.1\./);
});

test('every reference leads somewhere', () => {
  const references = [...objects(document)].filter(([, value]) => typeof value.$ref === 'string');
  expect(references.length).toBeGreaterThan(10);
  for (const [path, { $ref }] of references) {
    const target = String($ref)
      .split('/')
      .slice(1)
      .reduce<Json>((value, key) => value?.[key], document);
    expect([path, $ref, typeof target]).toEqual([path, $ref, 'object']);
  }
});

test('every schema is valid JSON Schema 2020-12, and keeps no keyword of OpenAPI 3.0', () => {
  for (const [name, schema] of Object.entries<Json>(document.components.schemas)) {
    expect([name, ajv.validateSchema(schema)]).toEqual([name, true]);
    const old = [...objects(schema)].filter(
      ([, value]) => 'nullable' in value || typeof value.exclusiveMinimum === 'boolean',
    );
    expect(old).toEqual([]);
  }
});

test('every route is in the document, in the table of routes and in Nest’s router, with the same methods', () => {
  const ofTable = Object.entries(ROUTES).filter(([template]) => template.startsWith('/v1/'));
  const ofDocument = Object.entries<object>(document.paths).map(([path, item]) => [path, sorted(Object.keys(item))]);
  expect(sorted(ofDocument)).toEqual(
    sorted(ofTable.map(([path, methods]) => [path, sorted(methods.map((method) => method.toLowerCase()))])),
  );
  const layers: Json[] = (served.app.getHttpAdapter().getInstance() as Json).router.stack;
  const ofRouter = layers
    .filter(({ route }) => route !== undefined && String(route.path).startsWith('/v1'))
    .flatMap(({ route }) =>
      Object.keys(route.methods).map((method) => `${method} ${String(route.path).replace(/:(\w+)/g, '{$1}')}`),
    );
  const wanted = operations().map(({ path, method }) => `${method.toLowerCase()} ${path}`);
  expect(sorted(ofRouter)).toEqual(sorted(wanted));
});

test('every operation has a name of its own, a summary, a good answer, and problems for what goes wrong', () => {
  const names = operations().map(({ operation }) => operation.operationId as string);
  expect(new Set(names).size).toBe(names.length);
  for (const { path, method, operation } of operations()) {
    const statuses = Object.keys(operation.responses).map(Number);
    expect([path, method, operation.summary, operation.description]).not.toContain(undefined);
    expect([
      path,
      method,
      statuses.some((status) => status < 300),
      statuses.includes(500),
      statuses.includes(503),
    ]).toEqual([path, method, true, true, true]);
    if (path.includes('{id}')) expect([path, method, statuses.includes(404)]).toEqual([path, method, true]);
    for (const status of statuses.filter((each) => each >= 400)) {
      const { content } = operation.responses[status];
      expect(content['application/problem+json'].schema).toEqual({ $ref: '#/components/schemas/Problem' });
    }
  }
});

test('every body and every good answer has an example, and every example fits its schema', () => {
  let examples = 0;
  const check = (where: string, schema: Json, example: unknown): void => {
    examples += 1;
    expect([where, complaints(schema, example)]).toEqual([where, []]);
  };
  for (const [where, value] of objects(document)) {
    if (value.schema !== undefined && 'example' in value) check(where, value.schema, value.example);
    for (const [name, { value: example }] of Object.entries<Json>(
      value.schema === undefined ? {} : (value.examples ?? {}),
    ))
      check(`${where}/${name}`, value.schema, example);
  }
  for (const [name, schema] of Object.entries<Json>(document.components.schemas))
    if ('example' in schema) check(name, schema, schema.example);
  expect(examples).toBeGreaterThan(60);
  for (const { path, method, operation } of operations()) {
    const good = Object.entries<Json>(operation.responses).filter(([status]) => Number(status) < 300);
    for (const [status, answer] of good)
      expect([path, method, status, 'example' in answer.content['application/json']]).toEqual([
        path,
        method,
        status,
        true,
      ]);
    const body = operation.requestBody?.content['application/json'].schema.$ref as string | undefined;
    if (body !== undefined) expect(document.components.schemas[body.split('/').at(-1)!]).toHaveProperty('example');
  }
});

test('every problem the service knows is spoken of, but for those that belong to no operation', () => {
  const text = JSON.stringify(document.paths);
  const unspoken = Object.keys(PROBLEMS).filter((code) => !text.includes(`"${code}":`));
  expect(unspoken).toEqual(['route-unknown', 'method-not-allowed']);
  expect(document.components.schemas.Problem.properties.code.enum).toEqual(Object.keys(PROBLEMS));
});

test('real answers, good and bad, are as the document says', async () => {
  const id = await created(served, { name: 'conforming' });
  const unknown = '00000000-0000-4000-8000-000000000000';
  const cancel = { mode: 'Graceful', reason: 'x' };
  const target = served.service;
  const ended = await created(served, { spec: specOf('node/worker-1') });
  target.observe(ended, {
    kind: 'RunRefused',
    refusal: { code: 'Forbidden', status: 403, reason: 'Forbidden', message: 'may not' },
  });
  const asked: [string, string, string, object?][] = [
    ['POST', '/v1/executions', '/v1/executions', { spec: specOf() }],
    ['POST', '/v1/executions', '/v1/executions', {}],
    ['POST', '/v1/executions', '/v1/executions', { spec: specOf('x') }],
    ['POST', '/v1/executions', '/v1/executions', { spec: specOf(), name: 'conforming' }],
    ['GET', '/v1/executions', '/v1/executions'],
    ['GET', '/v1/executions', '/v1/executions?limit=0'],
    ['GET', '/v1/executions', '/v1/executions?cursor=x'],
    ['GET', '/v1/executions/{id}', `/v1/executions/${id}`],
    ['GET', '/v1/executions/{id}', `/v1/executions/${ended}`],
    ['GET', '/v1/executions/{id}', `/v1/executions/${unknown}`],
    ['GET', '/v1/executions/{id}/events', `/v1/executions/${ended}/events`],
    ['GET', '/v1/executions/{id}/events', `/v1/executions/${unknown}/events`],
    ['POST', '/v1/executions/{id}/sync', `/v1/executions/${id}/sync`],
    ['POST', '/v1/executions/{id}/cancel', `/v1/executions/${id}/cancel`, cancel],
    ['GET', '/v1/executions/{id}', `/v1/executions/${id}`],
    ['POST', '/v1/executions/{id}/cancel', `/v1/executions/${ended}/cancel`, cancel],
    ['POST', '/v1/executions/{id}/release', `/v1/executions/${id}/release`, { reason: 'x' }],
    ['POST', '/v1/executions/{id}/release', `/v1/executions/${ended}/release`, { reason: 'x' }],
    ['POST', '/v1/executions/{id}/release', `/v1/executions/${unknown}/release`, { reason: 'x' }],
    ['GET', '/v1/events', '/v1/events?limit=2'],
    ['GET', '/v1/events', '/v1/events?order=desc'],
    ['GET', '/v1/events', '/v1/events?type=x'],
    ['GET', '/v1/events', '/v1/events?cursor=x'],
    ['GET', '/v1/events', '/v1/events?after=x'],
    ['GET', '/v1/audit/verify', '/v1/audit/verify'],
    ['GET', '/v1/audit/verify', '/v1/audit/verify?x=1'],
    ['POST', '/v1/audit/seal', '/v1/audit/seal'],
    ['POST', '/v1/audit/keys/rotate', '/v1/audit/keys/rotate', { reason: 'x' }],
    ['POST', '/v1/audit/keys/rotate', '/v1/audit/keys/rotate', {}],
    ['GET', '/v1/audit/keys', '/v1/audit/keys'],
    ['GET', '/v1/audit/seals', '/v1/audit/seals'],
    ['GET', '/v1/audit/seals', '/v1/audit/seals?cursor=x'],
    ['GET', '/v1/config', '/v1/config'],
  ];
  const statuses = new Set<number>();
  for (const [method, template, path, body] of asked) {
    const answer = await ask(served, method, path, { body });
    statuses.add(answer.status);
    expect([method, path, answer.status, conformity(method, template, answer)]).toEqual([
      method,
      path,
      answer.status,
      [],
    ]);
  }
  expect(sorted([...statuses])).toEqual([200, 201, 400, 404, 409, 422]);
});

test('so are answers in other forms than JSON, and the refusal of one nobody has', async () => {
  const id = await created(served);
  for (const [template, path] of [
    ['/v1/events', '/v1/events'],
    ['/v1/executions/{id}/events', `/v1/executions/${id}/events`],
  ] as const) {
    const batch = await ask(served, 'GET', path, { headers: { accept: 'application/cloudevents-batch+json' } });
    expect([path, batch.status, conformity('GET', template, batch)]).toEqual([path, 200, []]);
    const refused = await ask(served, 'GET', path, { headers: { accept: 'text/csv' } });
    expect([path, refused.status, conformity('GET', template, refused)]).toEqual([path, 406, []]);
  }
});

test('so are answers in lines', async () => {
  const lines = await ask(served, 'GET', '/v1/audit/verify', { headers: { accept: 'application/x-ndjson' } });
  expect([lines.status, conformity('GET', '/v1/audit/verify', lines)]).toEqual([200, []]);
});

test('so are answers while the event log fails', async () => {
  const id = '00000000-0000-4000-8000-000000000000';
  for (const { path, method, operation } of operations().filter((each) => each.path !== '/v1/config'))
    for (const fault of [new UnavailableError('gone'), new TypeError('bug')]) {
      served.service.fault = fault;
      const body = String(operation.requestBody?.content['application/json'].schema.$ref).split('/').at(-1)!;
      const example = document.components.schemas[body]?.example;
      const answer = await ask(served, method, path.replace('{id}', id), { body: example });
      expect([path, method, answer.status]).toEqual([path, method, fault instanceof TypeError ? 500 : 503]);
      expect([path, method, conformity(method, path, answer)]).toEqual([path, method, []]);
    }
  served.service.fault = undefined;
});

test('the check of answers would find a field that the document does not know', async () => {
  const answer = await ask(served, 'GET', '/v1/config');
  expect(conformity('GET', '/v1/config', { ...answer, body: { ...answer.body, more: 1 } })).not.toEqual([]);
});

describe('/docs', () => {
  test('loads everything from this server, and the browser is told to load nothing else', async () => {
    const page = await ask(served, 'GET', '/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    const loaded = [...(page.body as string).matchAll(/(?:src|href)="([^"#]+)"/g)].map(
      ([, address]) => address as string,
    );
    expect(loaded.length).toBeGreaterThanOrEqual(4);
    for (const address of loaded) {
      const url = new URL(address, `${served.url}/docs`);
      expect(url.origin).toBe(served.url);
      expect([address, (await fetch(url)).status]).toEqual([address, 200]);
    }
    expect(page.body).not.toMatch(/<script>/);
  });

  test('asks no validator on the network', async () => {
    const script = await ask(served, 'GET', '/docs/swagger-ui-init.js');
    expect(script.body).toContain('"validatorUrl": null');
    expect(script.body).toContain('"openapi": "3.1.0"');
  });
});

const sorted = <Item>(items: readonly Item[]): Item[] =>
  [...items].sort((a, b) => METHOD_ORDER.compare(JSON.stringify(a), JSON.stringify(b)));
