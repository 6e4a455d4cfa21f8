import { execution } from './differential/steps.ts';
import { TestServer, WFES } from './support/server.ts';

const TYPE = { group: 'workflowexecution.kubernaut.ai', plural: 'workflowexecutions' };

describe('admission hooks', () => {
  let server: TestServer;
  beforeEach(async () => (server = await new TestServer().start()));
  afterEach(() => server.api.dispose());

  const collection = `${WFES}/namespaces/a/workflowexecutions`;

  test('a mutating hook completes what is stored, before the schema is asked', async () => {
    server.api.admission.register(TYPE, {
      mutate: (object) => ({ ...object, spec: { ...(object.spec as object), rationale: 'by the hook' } }),
    });
    expect((await server.create('a', execution('x'))).spec.rationale).toBe('by the hook');
    server.api.admission.register(TYPE, { mutate: (object) => ({ ...object, spec: {} }) });
    expect((await server.ask('POST', collection, execution('y'))).code).toBe(422);
  });

  test('a validating hook refuses with its own code, reason and words, and nothing is stored', async () => {
    const message =
      'admission webhook "validation.webhook.pipeline.tekton.dev" denied the request: validation failed: no';
    server.api.admission.register(TYPE, { validate: () => ({ code: 400, reason: 'BadRequest', message }) });
    const { code, body } = await server.ask('POST', collection, execution('x'));
    expect([code, body.reason, body.message]).toEqual([400, 'BadRequest', message]);
    expect((await server.expect('GET', collection)).items).toEqual([]);
  });

  test('hooks are told the operation, the subresource and the object as it was', async () => {
    const seen: unknown[] = [];
    server.api.admission.register(TYPE, {
      validate: (_object, { operation, subresource, previous }) => {
        seen.push([operation, subresource, previous?.metadata.name]);
        return undefined;
      },
    });
    await server.create('a', execution('x'));
    await server.merge(`${collection}/x`, { spec: { cancel: 'Graceful' } });
    await server.merge(`${collection}/x/status`, { status: { phase: 'Running' } });
    await server.expect('DELETE', `${collection}/x`);
    expect(seen).toEqual([
      ['CREATE', undefined, undefined],
      ['UPDATE', undefined, 'x'],
      ['UPDATE', 'status', 'x'],
    ]);
  });

  test('hooks of one type are not asked about another', async () => {
    server.api.admission.register(
      { group: 'tekton.dev', plural: 'pipelineruns' },
      {
        validate: () => ({ code: 400, reason: 'BadRequest', message: 'never' }),
      },
    );
    expect((await server.ask('POST', collection, execution('x'))).code).toBe(201);
  });
});
