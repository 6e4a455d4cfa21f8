import { execution } from './differential/steps.ts';
import { TestServer, WFES } from './support/server.ts';
import { TestWatch, brief } from './support/watch.ts';
import { Late } from '../../../test/support/within.ts';

describe('watches', () => {
  let server: TestServer;
  beforeEach(async () => (server = await new TestServer({ bookmarkIntervalMs: 20 }).start()));
  afterEach(() => server.api.dispose());

  const all = (query: string) => `${WFES}/namespaces/w/workflowexecutions?watch=true&${query}`;
  const one = (name: string) => `${WFES}/namespaces/w/workflowexecutions/${name}`;
  const cancel = { spec: { cancel: 'Graceful' } };

  test('a watch from a resourceVersion shows what came after it, old and new, in order', async () => {
    const { metadata } = await server.create('w', execution('a'));
    await server.create('w', execution('b'));
    const watch = await TestWatch.open(server, all(`resourceVersion=${metadata.resourceVersion}`));
    await server.merge(one('a'), cancel);
    await server.ask('DELETE', one('b'));
    expect((await watch.take(3)).map(brief)).toEqual(['ADDED b', 'MODIFIED a', 'DELETED b']);
    watch.close();
  });

  test('without a resourceVersion it begins with what exists', async () => {
    await server.create('w', execution('a'));
    const watch = await TestWatch.open(server, all(''));
    await server.create('w', execution('b'));
    expect((await watch.take(2)).map(brief)).toEqual(['ADDED a', 'ADDED b']);
    watch.close();
  });

  test('a deleted object is shown as it last was, under the resourceVersion of its deletion', async () => {
    const created = await server.create('w', execution('a'));
    const watch = await TestWatch.open(server, all(`resourceVersion=${created.metadata.resourceVersion}`));
    await server.ask('DELETE', one('a'));
    const { object } = await watch.next();
    expect(object.spec).toEqual(created.spec);
    expect(Number(object.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
    watch.close();
  });

  test('an object that leaves the selection is DELETED as it was in it, and ADDED when it comes back', async () => {
    const { metadata } = await server.create('w', execution('a', {}, { labels: { app: 'x' } }));
    const watch = await TestWatch.open(
      server,
      all(`labelSelector=app%3Dx&resourceVersion=${metadata.resourceVersion}`),
    );
    const left = await server.merge(one('a'), { metadata: { labels: { app: 'y' } } });
    await server.merge(one('a'), { metadata: { labels: { app: 'x' } } });
    const events = await watch.take(2);
    expect(events.map(brief)).toEqual(['DELETED a', 'ADDED a']);
    expect(events[0]?.object.metadata.labels).toEqual({ app: 'x' });
    expect(events[0]?.object.metadata.resourceVersion).toBe(left.metadata.resourceVersion);
    watch.close();
  });

  test('selectable fields select in a watch', async () => {
    await server.create('w', execution('a'));
    const watch = await TestWatch.open(server, all('fieldSelector=status.phase%3DRunning'));
    await server.create('w', execution('b'));
    await server.merge(`${one('a')}/status`, { status: { phase: 'Running' } });
    expect(brief(await watch.next())).toBe('ADDED a');
    watch.close();
  });

  test('a watch from before the compaction is told 410 in its only event', async () => {
    const { metadata } = await server.create('w', execution('a'));
    await server.create('w', execution('b'));
    server.api.compact();
    const watch = await TestWatch.open(server, all(`resourceVersion=${metadata.resourceVersion}`));
    const { type, object } = await watch.next();
    expect([type, object.kind, object.code, object.reason]).toEqual(['ERROR', 'Status', 410, 'Expired']);
    expect(await watch.nextOrEnd()).toBeUndefined();
  });

  test('a watch from the compacted resourceVersion itself goes on', async () => {
    const { metadata } = await server.create('w', execution('a'));
    server.api.compact();
    const watch = await TestWatch.open(server, all(`resourceVersion=${metadata.resourceVersion}`));
    await server.create('w', execution('b'));
    expect(brief(await watch.next())).toBe('ADDED b');
    watch.close();
  });

  test('history has a limit, and what is beyond it is compacted by itself', async () => {
    const small = await new TestServer({ historyLimit: 5 }).start();
    const { metadata } = await small.create('w', execution('first'));
    for (let count = 0; count < 20; count += 1) await small.create('w', execution(`x${count}`));
    const watch = await TestWatch.open(small, all(`resourceVersion=${metadata.resourceVersion}`));
    expect((await watch.next()).object.code).toBe(410);
    await small.api.dispose();
  });

  test('bookmarks come when allowed, and carry the latest resourceVersion', async () => {
    const watch = await TestWatch.open(server, all('allowWatchBookmarks=true&resourceVersion=1000000'));
    const { type, object } = await watch.next();
    expect([type, object.kind, object.metadata]).toEqual([
      'BOOKMARK',
      'WorkflowExecution',
      { resourceVersion: String(server.api.store.revision) },
    ]);
    watch.close();
    const without = await TestWatch.open(server, all('resourceVersion=1000000'));
    await expect(without.next(100)).rejects.toThrow(Late);
    without.close();
  });

  test('sendInitialEvents ends what exists with a marked bookmark', async () => {
    await server.create('w', execution('a'));
    const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watch = await TestWatch.open(server, all(query));
    const [added, bookmark] = await watch.take(2);
    expect([added?.type, bookmark?.type]).toEqual(['ADDED', 'BOOKMARK']);
    expect(bookmark?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    watch.close();
  });

  test('timeoutSeconds ends a watch cleanly', async () => {
    const watch = await TestWatch.open(server, all('timeoutSeconds=1'));
    expect(await watch.nextOrEnd()).toBeUndefined();
  });

  test('as a table it sends one row for each event, and the columns once', async () => {
    await server.create('w', execution('a'));
    const watch = await TestWatch.open(server, all(''), { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    const first = await watch.next();
    expect(first.object.rows[0]?.cells.slice(0, 4)).toEqual(['a', null, null, 'payment/deployment/payment-api']);
    await server.merge(`${one('a')}/status`, { status: { phase: 'Running' } });
    const second = await watch.next();
    expect([second.object.columnDefinitions, second.object.rows[0]?.cells[1]]).toEqual([null, 'Running']);
    watch.close();
  });

  test('a watch of another type hears nothing of it', async () => {
    const watch = await TestWatch.open(server, '/apis/probe.example.com/v1/probes?watch=true');
    await server.create('w', execution('a'));
    await expect(watch.next(100)).rejects.toThrow(Late);
    watch.close();
  });
});
