import { execution, probe } from './differential/steps.ts';
import { isLoopbackHost } from '../src/api/http/loopback.ts';
import { PROBES, TestServer, WFES } from './support/server.ts';

describe('objects', () => {
  let server: TestServer;
  beforeAll(async () => (server = await new TestServer().start()));
  afterAll(() => server.api.dispose());

  const wfe = (namespace: string, name: string) => `${WFES}/namespaces/${namespace}/workflowexecutions/${name}`;

  test('generation counts changes of the spec, not of metadata or status', async () => {
    await server.create('g', execution('a'));
    const labelled = await server.merge(wfe('g', 'a'), { metadata: { labels: { l: '1' } } });
    const reported = await server.merge(`${wfe('g', 'a')}/status`, { status: { phase: 'Running' } });
    const cancelled = await server.merge(wfe('g', 'a'), { spec: { cancel: 'Graceful' } });
    expect([labelled, reported, cancelled].map(({ metadata }) => metadata.generation)).toEqual([1, 1, 2]);
  });

  test('a write that changes nothing keeps the resourceVersion', async () => {
    const created = await server.create('n', execution('a'));
    const patched = await server.merge(wfe('n', 'a'), { metadata: { labels: null } });
    const replaced = await server.expect('PUT', wfe('n', 'a'), created);
    expect([patched, replaced].map(({ metadata }) => metadata.resourceVersion)).toEqual(
      [created, created].map(({ metadata }) => metadata.resourceVersion),
    );
  });

  test('resourceVersions of all types come from one counter', async () => {
    const first = await server.create('c', execution('a'));
    const second = await server.create('c', probe('a'));
    expect(Number(second.metadata.resourceVersion)).toBe(Number(first.metadata.resourceVersion) + 1);
  });

  test('generateName makes different names from one stem', async () => {
    const draft = { ...execution('x'), metadata: { generateName: 'run-' } };
    const names = [await server.create('m', draft), await server.create('m', draft)].map(
      ({ metadata }) => metadata.name,
    );
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^run-[a-z0-9]{5}$/);
  });

  test('uids, times and generated names can be given by the caller', async () => {
    const fixed = await new TestServer({
      clock: () => new Date('2026-01-02T03:04:05.678Z'),
      newUid: () => '00000000-0000-4000-8000-000000000001',
      newSuffix: () => 'abcde',
    }).start();
    const { metadata } = await fixed.create('f', { ...execution('x'), metadata: { generateName: 'run-' } });
    expect(metadata).toMatchObject({
      name: 'run-abcde',
      uid: '00000000-0000-4000-8000-000000000001',
      creationTimestamp: '2026-01-02T03:04:05Z',
    });
    await fixed.api.dispose();
  });

  test('a body over 3 MiB is 413, an object over 1.5 MiB is 500 as from etcd', async () => {
    const path = `${PROBES}/namespaces/big/probes`;
    const huge = await server.ask('POST', path, probe('a', { free: { text: 'x'.repeat(3_200_000) } }));
    expect([huge.code, huge.body.reason]).toEqual([413, 'RequestEntityTooLarge']);
    const large = await server.ask('POST', path, probe('a', { free: { text: 'x'.repeat(1_700_000) } }));
    expect([large.code, large.body.message]).toEqual([500, 'etcdserver: request is too large']);
    expect((await server.ask('GET', `${path}/a`)).code).toBe(404);
  });

  test('the same name in two namespaces is two objects', async () => {
    const [one, two] = [await server.create('one', execution('a')), await server.create('two', execution('a'))];
    expect(one.metadata.uid).not.toBe(two.metadata.uid);
    const all = await server.expect('GET', `${WFES}/workflowexecutions?fieldSelector=metadata.namespace=one`);
    expect(all.items.map(({ metadata }) => metadata.namespace)).toEqual(['one']);
  });

  test('of two writers with one resourceVersion the second is told of the conflict', async () => {
    const created = await server.create('v', execution('a'));
    const change = (cancel: string) => ({ ...created, spec: { ...created.spec, cancel } });
    expect((await server.ask('PUT', wfe('v', 'a'), change('Graceful'))).code).toBe(200);
    const second = await server.ask('PUT', wfe('v', 'a'), change('Immediate'));
    expect([second.code, second.body.reason]).toEqual([409, 'Conflict']);
  });

  test('every answer says that this is a simulation', async () => {
    for (const path of ['/version', '/healthz', `${WFES}/workflowexecutions`, '/nothing']) {
      expect((await server.ask('GET', path)).headers.get('x-sandbox')).toBe('simulates a cluster');
    }
    expect(JSON.stringify((await server.ask('GET', '/version')).body)).toMatch(/simulates a cluster/);
  });
});

describe('who is let in', () => {
  test('loopback is 127.0.0.0/8, ::1 and localhost, with or without a port', () => {
    const inside = ['127.0.0.1', '127.0.0.1:80', '127.1.2.3', 'localhost:8080', '::1', '[::1]:80'];
    const outside = [
      undefined,
      '',
      '0.0.0.0',
      '10.0.0.1:80',
      'localhost.example.com',
      '127.0.0.1.example.com',
      '[::2]:80',
    ];
    expect([...inside, ...outside].filter((host) => isLoopbackHost(host))).toEqual(inside);
  });

  test('it refuses to listen on anything but loopback', async () => {
    const server = new TestServer();
    await expect(server.api.listen(0, '0.0.0.0')).rejects.toThrow(/loopback only/);
    await server.api.dispose();
  });

  test('a port in use is named, with what to do', async () => {
    const [first, second] = [await new TestServer().start(), new TestServer()];
    const port = Number(new URL(first.url).port);
    await expect(second.api.listen(port)).rejects.toThrow(new RegExp(`:${port}, which is in use: stop`));
    await first.api.dispose();
    await second.api.dispose();
  });

  test('a request that names another host is forbidden', async () => {
    const server = await new TestServer().start();
    const { request } = await import('node:http');
    const code = await new Promise((resolve, reject) => {
      const asked = request(`${server.url}/version`, { headers: { host: 'rebound.example.com' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject);
      asked.end();
    });
    expect(code).toBe(403);
    await server.api.dispose();
  });
});
