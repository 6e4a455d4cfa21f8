import { TestServer } from './support/server.ts';
import { anEvent } from './support/event.ts';

describe('built-in types', () => {
  let server: TestServer;
  beforeAll(async () => (server = await new TestServer().start()));
  afterAll(() => server.api.dispose());

  const leases = '/apis/coordination.k8s.io/v1/namespaces/b/leases';
  const events = '/apis/events.k8s.io/v1/namespaces/b/events';
  const lease = (spec: object) => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'l' },
    spec,
  });

  test('a lease takes micro times of exactly six digits', async () => {
    const bad = await server.ask('POST', leases, lease({ renewTime: '2026-01-01T00:00:00.123Z' }));
    expect([bad.code, bad.body.reason, bad.body.message]).toEqual([
      400,
      'BadRequest',
      expect.stringContaining('parsing time'),
    ]);
    const good = await server.ask('POST', leases, lease({ renewTime: '2026-01-01T00:00:00.123456Z' }));
    expect([good.code, good.body.metadata.generation]).toEqual([201, undefined]);
  });

  test('a lease may be replaced without a resourceVersion, a custom resource may not', async () => {
    const { code } = await server.ask('PUT', `${leases}/l`, lease({ holderIdentity: 'me' }));
    expect(code).toBe(200);
  });

  test('an event of events.k8s.io is the same object in core v1, in its words', async () => {
    await server.expect('POST', events, anEvent());
    const core = '/api/v1/namespaces/b/events';
    const { items } = await server.expect(
      'GET',
      `${core}?fieldSelector=involvedObject.uid%3Du-1,involvedObject.name%3Da`,
    );
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      apiVersion: 'v1',
      message: 'it runs',
      reportingComponent: 'wfe',
      involvedObject: { name: 'a' },
      source: {},
      firstTimestamp: null,
    });
    const older = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'old' },
      involvedObject: { name: 'a' },
      message: 'm',
      count: 2,
    };
    await server.expect('POST', core, older);
    expect(await server.expect('GET', `${events}/old`)).toMatchObject({
      apiVersion: 'events.k8s.io/v1',
      note: 'm',
      deprecatedCount: 2,
      regarding: { name: 'a' },
    });
  });

  test('an event must say who reports what, and no novel', async () => {
    const bad = await server.ask(
      'POST',
      events,
      anEvent({ metadata: { name: 'f' }, reason: undefined, note: 'x'.repeat(2000) }),
    );
    expect([bad.code, bad.body.details.causes.map(({ field }) => field).sort()]).toEqual([422, ['note', 'reason']]);
  });

  test('a strategic merge patch merges finalizers of a built-in type', async () => {
    const path = '/api/v1/namespaces/default';
    const strategic = { 'content-type': 'application/strategic-merge-patch+json' };
    await server.expect('PATCH', path, { metadata: { finalizers: ['a.example.com/x'] } }, strategic);
    const both = await server.expect('PATCH', path, { metadata: { finalizers: ['a.example.com/y'] } }, strategic);
    expect(both.metadata.finalizers).toEqual(['a.example.com/x', 'a.example.com/y']);
    const one = await server.expect(
      'PATCH',
      path,
      { metadata: { '$deleteFromPrimitiveList/finalizers': ['a.example.com/x'] } },
      strategic,
    );
    expect(one.metadata.finalizers).toEqual(['a.example.com/y']);
  });

  test('a definition of a type that is built in is stored and changes nothing', async () => {
    const stand = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'leases.coordination.k8s.io' },
      spec: {
        group: 'coordination.k8s.io',
        scope: 'Namespaced',
        names: { plural: 'leases', kind: 'Lease' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    };
    await server.expect('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', stand);
    const bad = await server.ask('POST', leases, { ...lease({ renewTime: 'soon' }), metadata: { name: 'm' } });
    expect(bad.code).toBe(400);
  });

  describe('ConfigMaps and Secrets', () => {
    const configMaps = '/api/v1/namespaces/b/configmaps';
    const secrets = '/api/v1/namespaces/b/secrets';
    const configMap = (name: string, rest: object) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      ...rest,
    });
    const secret = (name: string, rest: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, ...rest });
    const fieldsOf = (causes: readonly { readonly field: string }[]) => causes.map(({ field }) => field);

    test('hold values by name, and a Secret takes some in clear', async () => {
      expect(await server.expect('POST', configMaps, configMap('c', { data: { 'head.json': '{}' } }))).toMatchObject({
        data: { 'head.json': '{}' },
      });
      const given = secret('s', { data: { a: 'AQ==' }, stringData: { b: 'x' } });
      const stored = await server.expect('POST', secrets, given);
      expect(stored).toMatchObject({ type: 'Opaque', data: { a: 'AQ==', b: 'eA==' } });
      expect(stored).not.toHaveProperty('stringData');
      const added = await server.merge(`${secrets}/s`, { data: { c: 'Ag==' } });
      expect(added).toMatchObject({ data: { a: 'AQ==', b: 'eA==', c: 'Ag==' } });
    });

    test('take no other names and no more than a megabyte', async () => {
      const named = await server.ask('POST', configMaps, configMap('n', { data: { 'a b': 'x', '..': 'x' } }));
      expect([named.code, fieldsOf(named.body.details.causes)]).toEqual([422, ['data[a b]', 'data[..]']]);
      const large = await server.ask('POST', configMaps, configMap('l', { data: { a: 'x'.repeat(1_048_577) } }));
      expect([large.code, large.body.message]).toEqual([422, expect.stringContaining('may not be more than 1048576')]);
    });

    test('that are immutable stay as they are', async () => {
      await server.expect('POST', configMaps, configMap('i', { data: { a: 'x' }, immutable: true }));
      const changed = { data: { a: 'y' }, immutable: false };
      const answer = await server.ask('PATCH', `${configMaps}/i`, changed, {
        'content-type': 'application/merge-patch+json',
      });
      expect([answer.code, fieldsOf(answer.body.details.causes)]).toEqual([422, ['immutable', 'data']]);
    });

    test('a Secret keeps its type, and its values are base64', async () => {
      await server.expect('POST', secrets, secret('t', { type: 'example.com/key' }));
      const typed = await server.ask(
        'PATCH',
        `${secrets}/t`,
        { type: 'Opaque' },
        { 'content-type': 'application/merge-patch+json' },
      );
      expect([typed.code, fieldsOf(typed.body.details.causes)]).toEqual([422, ['type']]);
      const bad = await server.ask('POST', secrets, secret('u', { data: { a: '?' } }));
      expect([bad.code, bad.body.message]).toEqual([400, expect.stringContaining('illegal base64 data')]);
    });
  });
});
