import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { connectCluster, type ConnectOptions } from '../src/client/connect.ts';
import type { ClusterConnection, RequestRecord } from '../src/client/connection.ts';
import type { KubeObject } from '../src/cluster.ts';
import { until } from '../../../test/support/until.ts';
import { within } from '../../../test/support/within.ts';
import { FakeApiServer, statusObject, WIDGETS, type Fault } from './support/fake-api-server.ts';

const run = promisify(execFile);
const AT = { namespace: 'default', name: 'a' };
const widget: KubeObject = { apiVersion: 'contract.test/v1', kind: 'Widget', metadata: AT };

class Stage implements AsyncDisposable {
  readonly requests: RequestRecord[] = [];

  private constructor(
    readonly server: FakeApiServer,
    readonly cluster: ClusterConnection,
    requests: RequestRecord[],
  ) {
    this.requests = requests;
  }

  static async of(options: ConnectOptions = {}): Promise<Stage> {
    const server = new FakeApiServer();
    const url = await server.start();
    const requests: RequestRecord[] = [];
    const onRequest = (request: RequestRecord): number => requests.push(request);
    return new Stage(server, connectCluster({ server: url, onRequest, ...options }), requests);
  }

  plan(answer: Fault, times = 1): void {
    this.server.plan('any', answer, times);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.close();
    await this.server.stop();
  }
}

describe('connections', () => {
  test('a hundred requests one after the other use one or two connections', async () => {
    await using stage = await Stage.of();
    for (let i = 0; i < 100; i += 1) await stage.cluster.list(WIDGETS);
    expect(stage.server.connections).toBeLessThanOrEqual(2); // the next request may start before the last has left its own
  });

  test('many requests at once use no more connections than allowed, and all are answered', async () => {
    await using stage = await Stage.of({ maxConnections: 5 });
    await within('all are answered', Promise.all(Array.from({ length: 60 }, () => stage.cluster.list(WIDGETS))));
    expect(stage.server.requests).toHaveLength(60);
    expect(stage.server.connections).toBeLessThanOrEqual(5);
  });

  test('a watch that ends gives its connection back, one that is left closes it', async () => {
    await using stage = await Stage.of();
    const watch = (signal: AbortSignal) =>
      stage.cluster.watch(WIDGETS, { resourceVersion: '1', timeoutSeconds: 60, signal });
    const ended = (async () => {
      for await (const message of watch(new AbortController().signal)) expect(message).toBeUndefined();
    })();
    await until('the watch is open', () => stage.server.openWatches === 1);
    stage.server.endWatches();
    await within('the watch ends', ended);
    for (let i = 0; i < 20; i += 1) await stage.cluster.list(WIDGETS);
    expect(stage.server.connections).toBeLessThanOrEqual(2);

    stage.server.put('a');
    for await (const message of watch(new AbortController().signal)) {
      expect(message.type).toBe('ADDED');
      break;
    }
    await until('the watch is closed', () => stage.server.openWatches === 0);
  });

  test('aborting the signal of a watch ends it normally and closes it', async () => {
    await using stage = await Stage.of();
    const stop = new AbortController();
    const watching = (async () => {
      const options = { resourceVersion: '1', timeoutSeconds: 60, signal: stop.signal };
      for await (const message of stage.cluster.watch(WIDGETS, options)) expect(message).toBeUndefined();
    })();
    await until('the watch is open', () => stage.server.openWatches === 1);
    stop.abort();
    await within('the watch ends', watching);
    await until('the watch is closed', () => stage.server.openWatches === 0);
  });

  test('close ends what runs, closes every socket, and refuses what comes after', async () => {
    await using stage = await Stage.of();
    stage.plan('silence');
    const hanging = stage.cluster.get(WIDGETS, AT);
    await until('it hangs', () => stage.server.requests.length === 1);
    const watching = (async () => {
      const options = { resourceVersion: '1', timeoutSeconds: 60, signal: new AbortController().signal };
      for await (const message of stage.cluster.watch(WIDGETS, options)) expect(message).toBeUndefined();
    })();
    await stage.cluster.list(WIDGETS); // leaves an idle connection
    await until('all are there', () => stage.server.requests.length === 3);
    expect(stage.server.openSockets).toBe(3);
    const outcomes = Promise.allSettled([hanging, watching]);
    await stage.cluster.close();
    for (const outcome of await within('both end', outcomes))
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    await until('no socket is open', () => stage.server.openSockets === 0);
    await expect(stage.cluster.get(WIDGETS, AT)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('a process that has closed its connection ends by itself', async () => {
    await using stage = await Stage.of();
    const front = new URL('../src/index.js', import.meta.url).href;
    const program = `
      const { connectCluster, Informer, systemClock } = await import(${JSON.stringify(front)});
      const cluster = connectCluster({ server: ${JSON.stringify(stage.server.url)} });
      const stop = new AbortController();
      const type = ${JSON.stringify(WIDGETS)};
      const informer = new Informer(cluster, systemClock, { type, onChange: () => undefined });
      const ended = informer.run(stop.signal);
      await informer.synced();
      stop.abort();
      await ended;
      await cluster.close();`;
    const args = ['--input-type=module', '--eval', program];
    await run(process.execPath, args, { timeout: 20_000 }); // rejects when it had to be killed
  });
});

describe('requests', () => {
  test('an answer that does not come in time is a timeout, whose outcome is unknown for a write', async () => {
    await using stage = await Stage.of({ requestTimeoutMs: 60 });
    stage.plan('silence', 2);
    await expect(stage.cluster.create(WIDGETS, widget)).rejects.toMatchObject({
      code: 'timeout',
      details: { outcomeUnknown: true },
    });
    await expect(stage.cluster.get(WIDGETS, AT)).rejects.toMatchObject({ code: 'timeout', details: {} });
  });

  test('an answer that falls silent in its middle is a timeout', async () => {
    await using stage = await Stage.of({ requestTimeoutMs: 60 });
    stage.plan('half');
    const hanging = within('it gives up', stage.cluster.list(WIDGETS));
    await expect(hanging).rejects.toMatchObject({ code: 'timeout' });
  });

  test('a reset leaves the outcome of a write unknown; a refused connection does not', async () => {
    await using stage = await Stage.of();
    stage.plan('reset');
    await expect(stage.cluster.create(WIDGETS, widget)).rejects.toMatchObject({
      code: 'unavailable',
      details: { outcomeUnknown: true },
    });
    await stage.server.stop();
    const refused = await stage.cluster.create(WIDGETS, widget).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'unavailable' });
    expect(refused).not.toHaveProperty('details.outcomeUnknown');
  });

  test('nothing is tried twice', async () => {
    await using stage = await Stage.of();
    stage.plan('reset');
    await expect(stage.cluster.get(WIDGETS, AT)).rejects.toMatchObject({ code: 'unavailable' });
    stage.plan({ status: 503 });
    await expect(stage.cluster.get(WIDGETS, AT)).rejects.toMatchObject({ code: 'unavailable' });
    expect(stage.server.requests).toHaveLength(2);
  });

  test('an answer over the limit is too-large', async () => {
    await using stage = await Stage.of({ maxAnswerBytes: 1_000 });
    stage.server.put('a', { note: 'x'.repeat(2_000) });
    await expect(stage.cluster.list(WIDGETS)).rejects.toMatchObject({ code: 'too-large' });
  });

  test('an answer that is no Kubernetes object is a server error', async () => {
    await using stage = await Stage.of();
    for (const body of ['<html>', 'null', '{}', '{"items":[]}']) {
      stage.plan({ status: 200, body });
      await expect(stage.cluster.list(WIDGETS)).rejects.toMatchObject({ code: 'server-error' });
      stage.plan({ status: 200, body });
      await expect(stage.cluster.get(WIDGETS, AT)).rejects.toMatchObject({ code: 'server-error' });
    }
  });

  test('a watch that shows nonsense is a server error', async () => {
    await using stage = await Stage.of();
    const options = { resourceVersion: '1', timeoutSeconds: 60, signal: new AbortController().signal };
    for (const body of ['<html>\n', '[]\n', '{"type":"ADDED"}\n', '{"type":"NEWS","object":{"metadata":{}}}\n']) {
      stage.plan({ status: 200, body });
      await expect(stage.cluster.watch(WIDGETS, options)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        code: 'server-error',
      });
    }
  });

  test('a watch that ends in the middle of a message broke, whatever HTTP says', async () => {
    await using stage = await Stage.of();
    const options = { resourceVersion: '1', timeoutSeconds: 60, signal: new AbortController().signal };
    stage.plan({ status: 200, body: '{"type":"ADDED","object":{"meta' });
    await expect(stage.cluster.watch(WIDGETS, options)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  test('a message split over many chunks is one message', async () => {
    await using stage = await Stage.of();
    stage.server.put('a', { note: 'ü€😀'.repeat(60_000) });
    const options = { resourceVersion: '1', timeoutSeconds: 60, signal: AbortSignal.timeout(10_000) };
    for await (const message of stage.cluster.watch(WIDGETS, options)) {
      expect(message).toMatchObject({ type: 'ADDED', object: { spec: { note: 'ü€😀'.repeat(60_000) } } });
      break;
    }
  });

  test('names cannot leave their place in the path', async () => {
    await using stage = await Stage.of();
    for (const name of ['', '.', '..', 'a/b', '%2e%2e'])
      await expect(stage.cluster.get(WIDGETS, { namespace: 'default', name })).rejects.toMatchObject({
        code: 'bad-request',
      });
    expect(stage.server.requests).toEqual([]);
  });

  test('a create is strict, an apply names its manager, a delete its uid and propagation', async () => {
    await using stage = await Stage.of();
    stage.plan({ status: 200, body: widget }, 3);
    await stage.cluster.create(WIDGETS, widget);
    await stage.cluster.patchStatus(WIDGETS, AT, { type: 'apply', body: {}, fieldManager: 'me', force: true });
    await stage.cluster.delete(WIDGETS, AT, { uid: 'u', propagation: 'Foreground' });
    const collection = '/apis/contract.test/v1/namespaces/default/widgets';
    expect(stage.server.requests).toEqual([
      `POST ${collection}?fieldValidation=Strict`,
      `PATCH ${collection}/a/status?fieldManager=me&force=true`,
      `DELETE ${collection}/a`,
    ]);
    expect(stage.server.headers[1]?.['content-type']).toBe('application/apply-patch+yaml');
  });

  test('every request is recorded with its verb, type and status, or without one', async () => {
    await using stage = await Stage.of();
    await stage.cluster.list(WIDGETS);
    stage.plan({ status: 409, body: statusObject(409, 'AlreadyExists', 'is there') });
    await stage.cluster.create(WIDGETS, widget).catch(() => undefined);
    stage.plan('reset');
    await stage.cluster.patchStatus(WIDGETS, AT, { type: 'merge', body: {} }).catch(() => undefined);
    expect(stage.requests).toMatchObject([
      { verb: 'list', type: WIDGETS, isWrite: false, status: 200 },
      { verb: 'create', isWrite: true, status: 409 },
      { verb: 'patch-status', isWrite: true },
    ]);
    expect(stage.requests[2]).not.toHaveProperty('status');
  });

  test('items of a list say what they are, as those of built-in types do not', async () => {
    await using stage = await Stage.of();
    stage.plan({ status: 200, body: { metadata: { resourceVersion: '7' }, items: [{ metadata: AT }] } });
    const page = await stage.cluster.list(WIDGETS);
    expect(page.items).toEqual([widget]);
    expect(page.resourceVersion).toBe('7');
  });
});

describe('an API server that has just started answers 404 without a Status about types it will serve', () => {
  const PAGE: Fault = { status: 404, body: '404 page not found\n' };
  const patch = { type: 'merge', body: {} } as const;
  const ABOUT_ONE: readonly [string, (cluster: ClusterConnection) => Promise<unknown>][] = [
    ['get', (cluster) => cluster.get(WIDGETS, AT)],
    ['create', (cluster) => cluster.create(WIDGETS, widget)],
    ['patch', (cluster) => cluster.patch(WIDGETS, AT, patch)],
    ['patch of the status', (cluster) => cluster.patchStatus(WIDGETS, AT, patch)],
    ['replace', (cluster) => cluster.replace(WIDGETS, widget)],
    ['replace of the status', (cluster) => cluster.replaceStatus(WIDGETS, widget)],
    ['delete', (cluster) => cluster.delete(WIDGETS, AT)],
  ];

  test.each(ABOUT_ONE)('a %s is to be tried again: nothing was said about the object', async (_, request) => {
    await using stage = await Stage.of();
    stage.plan(PAGE);
    await expect(request(stage.cluster)).rejects.toMatchObject({ code: 'unavailable', isTransient: true });
    stage.plan({ status: 404, body: statusObject(404, 'NotFound', 'widgets.contract.test "a" not found') });
    await expect(request(stage.cluster)).rejects.toMatchObject({ code: 'not-found', isTransient: false });
  });

  test('a list says that the type is not served', async () => {
    await using stage = await Stage.of();
    stage.plan(PAGE);
    await expect(stage.cluster.list(WIDGETS)).rejects.toMatchObject({ code: 'not-found' });
  });
});
