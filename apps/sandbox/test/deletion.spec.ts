import { execution, probe } from './differential/steps.ts';
import { until } from '../../../test/support/until.ts';
import { PROBES, TestServer, WFES, ownedBy } from './support/server.ts';
import type { Json } from './support/server.ts';
import { TestWatch, brief } from './support/watch.ts';

describe('deletion', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await new TestServer().start();
    server.api.controllers.pause();
  });
  afterEach(() => server.api.dispose());

  const owner = `${WFES}/namespaces/d/workflowexecutions/owner`;
  const dependent = (name: string) => `${PROBES}/namespaces/d/probes/${name}`;
  const exists = async (path: string) => (await server.ask('GET', path)).code === 200;
  const owned = (name: string, by: Json, metadata: object = {}, blocks = true) =>
    server.create('d', { ...probe(name), metadata: { name, ownerReferences: [ownedBy(by, blocks)], ...metadata } });

  test('in the foreground: first marked, then the blocking dependents, then the owner', async () => {
    const root = await server.create('d', execution('owner'));
    await owned('child', root);
    const from = server.api.store.revision;
    const wfes = await TestWatch.open(server, `${WFES}/workflowexecutions?watch=true&resourceVersion=${from}`);
    const probes = await TestWatch.open(server, `${PROBES}/probes?watch=true&resourceVersion=${from}`);
    const marked = await server.expect('DELETE', owner, { propagationPolicy: 'Foreground' });
    expect(marked.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect([await exists(owner), await exists(dependent('child'))]).toEqual([true, true]);
    server.api.controllers.resume();
    const events = [...(await wfes.take(2)), await probes.next()];
    expect(events.map(brief)).toEqual(['MODIFIED owner', 'DELETED owner', 'DELETED child']);
    const [, gone, childGone] = events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(childGone).toBeLessThan(gone ?? 0);
    wfes.close();
    probes.close();
  });

  test('in the foreground: a dependent held by a finalizer holds its owner', async () => {
    const root = await server.create('d', execution('owner'));
    await owned('child', root, { finalizers: ['example.com/hold'] });
    await server.expect('DELETE', owner, { propagationPolicy: 'Foreground' });
    server.api.controllers.run();
    expect((await server.expect('GET', dependent('child'))).metadata.deletionTimestamp).toBeDefined();
    expect(await exists(owner)).toBe(true);
    await server.merge(dependent('child'), { metadata: { finalizers: null } });
    server.api.controllers.run();
    expect([await exists(owner), await exists(dependent('child'))]).toEqual([false, false]);
  });

  test('in the foreground: a dependent that does not block does not hold its owner', async () => {
    const root = await server.create('d', execution('owner'));
    await owned('child', root, { finalizers: ['example.com/hold'] }, false);
    await server.expect('DELETE', owner, { propagationPolicy: 'Foreground' });
    server.api.controllers.run();
    expect([await exists(owner), await exists(dependent('child'))]).toEqual([false, true]);
  });

  test('in the foreground: grandchildren go before children', async () => {
    const root = await server.create('d', execution('owner'));
    const child = await owned('child', root);
    await owned('grandchild', child, { finalizers: ['example.com/hold'] });
    await server.expect('DELETE', owner, { propagationPolicy: 'Foreground' });
    server.api.controllers.run();
    expect([await exists(owner), await exists(dependent('child'))]).toEqual([true, true]);
    await server.merge(dependent('grandchild'), { metadata: { finalizers: null } });
    server.api.controllers.run();
    expect([await exists(owner), await exists(dependent('child'))]).toEqual([false, false]);
  });

  test('in the background: the owner goes at once, its dependents when the collector comes round', async () => {
    const root = await server.create('d', execution('owner'));
    await owned('child', root);
    await server.expect('DELETE', owner);
    expect([await exists(owner), await exists(dependent('child'))]).toEqual([false, true]);
    server.api.controllers.resume();
    await until('the dependent is collected', async () => !(await exists(dependent('child'))));
  });

  test('a dependent of a former owner of the same name goes too', async () => {
    const root = await server.create('d', execution('owner'));
    await owned('child', root);
    await server.expect('DELETE', owner);
    await server.create('d', execution('owner'));
    server.api.controllers.run();
    expect([await exists(owner), await exists(dependent('child'))]).toEqual([true, false]);
  });

  test('orphaned dependents stay, without the reference', async () => {
    const root = await server.create('d', execution('owner'));
    await owned('child', root);
    await server.expect('DELETE', owner, { propagationPolicy: 'Orphan' });
    server.api.controllers.run();
    expect(await exists(owner)).toBe(false);
    expect((await server.expect('GET', dependent('child'))).metadata.ownerReferences).toBeUndefined();
  });

  test('a dependent with an owner left only loses the other reference', async () => {
    const [root, other] = [await server.create('d', execution('owner')), await server.create('d', execution('other'))];
    const references = [ownedBy(root), { ...ownedBy(other), controller: false }];
    await server.create('d', { ...probe('child'), metadata: { name: 'child', ownerReferences: references } });
    await server.expect('DELETE', owner);
    server.api.controllers.run();
    const { metadata } = await server.expect('GET', dependent('child'));
    expect(metadata.ownerReferences.map(({ name }) => name)).toEqual(['other']);
  });

  test('a namespace takes what is in it along, and takes nothing new meanwhile', async () => {
    await server.expect('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'd' } });
    await server.create('d', execution('owner', {}, { finalizers: ['example.com/hold'] }));
    await server.create('d', probe('child'));
    const going = await server.expect('DELETE', '/api/v1/namespaces/d');
    expect(going.status.phase).toBe('Terminating');
    const late = await server.ask('POST', `${PROBES}/namespaces/d/probes`, probe('late'));
    expect([late.code, late.body.message]).toEqual([403, expect.stringContaining('being terminated')]);
    server.api.controllers.run();
    expect([await exists('/api/v1/namespaces/d'), await exists(dependent('child'))]).toEqual([true, false]);
    await server.merge(owner, { metadata: { finalizers: null } });
    server.api.controllers.run();
    expect(await exists('/api/v1/namespaces/d')).toBe(false);
  });

  test('a definition takes its objects along, and its type is served no more', async () => {
    await server.create('d', probe('child'));
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/probes.probe.example.com';
    await server.expect('DELETE', path);
    server.api.controllers.run();
    expect(await exists(path)).toBe(false);
    expect((await server.ask('GET', `${PROBES}/probes`)).code).toBe(404);
    expect(server.api.store.list('probe.example.com/probes')).toEqual([]);
  });
});
