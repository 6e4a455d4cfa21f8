import { execution } from './differential/steps.ts';
import { TestServer, WFES } from './support/server.ts';
import { TestWatch, brief } from './support/watch.ts';
import { Late } from '../../../test/support/within.ts';

describe('faults on order', () => {
  let server: TestServer;
  beforeEach(async () => (server = await new TestServer().start()));
  afterEach(() => server.api.dispose());

  const collection = `${WFES}/namespaces/f/workflowexecutions`;
  const create = (name: string) => server.ask('POST', collection, execution(name));

  test('an answer is given once, to the first request that matches', async () => {
    server.api.faults.next(
      { verb: 'create', plural: 'workflowexecutions' },
      { kind: 'respond', code: 429, retryAfterSeconds: 2 },
    );
    expect((await server.ask('GET', collection)).code).toBe(200);
    const refused = await create('a');
    expect([refused.code, refused.body.reason, refused.headers.get('retry-after')]).toEqual([
      429,
      'TooManyRequests',
      '2',
    ]);
    expect((await create('a')).code).toBe(201);
    expect(server.api.faults.pending).toBe(0);
  });

  test('a request can be carried out and its answer replaced', async () => {
    server.api.faults.next({ verb: 'create' }, { kind: 'respond', code: 504, applied: true });
    expect((await create('a')).code).toBe(504);
    expect((await create('a')).body.reason).toBe('AlreadyExists');
  });

  test('a connection breaks before a request is carried out, or after', async () => {
    server.api.faults.next({ verb: 'create' }, { kind: 'drop', when: 'before' });
    await expect(create('a')).rejects.toThrow();
    server.api.faults.next({ verb: 'create' }, { kind: 'drop', when: 'after' });
    await expect(create('b')).rejects.toThrow();
    const { items } = await server.expect('GET', collection);
    expect(items.map(({ metadata }) => metadata.name)).toEqual(['b']);
  });

  test('a delayed request is overtaken by the next one', async () => {
    server.api.faults.next({ verb: 'create' }, { kind: 'delay', ms: 60 });
    const slow = create('a');
    const fast = await create('a');
    expect([fast.code, (await slow).code]).toEqual([201, 409]);
  });

  test('cut watches break in mid-stream; frozen ones stay open and silent', async () => {
    const cut = await TestWatch.open(server, `${collection}?watch=true`);
    expect(server.api.cutWatches({ plural: 'workflowexecutions' })).toBe(1);
    await expect(cut.next()).rejects.toThrow(/terminated|other side/);
    const frozen = await TestWatch.open(server, `${collection}?watch=true`);
    expect(server.api.freezeWatches()).toBe(1);
    await create('a');
    await expect(frozen.next(100)).rejects.toThrow(Late);
    frozen.close();
  });

  test('after a restart the objects are there, connections are not, and old resourceVersions are gone', async () => {
    const { body } = await create('a');
    await create('b');
    const watch = await TestWatch.open(server, `${collection}?watch=true&resourceVersion=${server.api.store.revision}`);
    const port = Number(new URL(server.url).port);
    await server.api.close();
    await expect(watch.next()).rejects.toThrow(/terminated|other side/);
    await server.api.listen(port);
    const old = await TestWatch.open(
      server,
      `${collection}?watch=true&resourceVersion=${body.metadata.resourceVersion}`,
    );
    expect(brief(await old.next())).toBe('ERROR 410');
    const now = await TestWatch.open(server, `${collection}?watch=true&resourceVersion=${server.api.store.revision}`);
    await create('c');
    expect(brief(await now.next())).toBe('ADDED c');
    now.close();
  });
});
