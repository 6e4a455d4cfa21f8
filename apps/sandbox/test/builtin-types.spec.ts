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
});
