import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectServiceProxy, type ServiceProxy } from '../src/client/service-proxy.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An API server that notes what it is sent, and answers with what it is told to. */
describe('a Service through the API server', () => {
  const seen: Seen[] = [];
  let answer = { status: 200, headers: {} as Record<string, string>, body: '{}' };
  let server: Server;
  let folder = '';
  let proxy: ServiceProxy | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wfe-proxy-'));
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ method: request.method, url: request.url, headers: request.headers, body });
        response.writeHead(answer.status, answer.headers).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    seen.length = 0;
    answer = { status: 200, headers: {}, body: '{}' };
    await proxy?.close();
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const open = (user: object, context: object = {}): ServiceProxy => {
    const kubeconfig = join(folder, 'kubeconfig');
    const config = {
      clusters: [
        { name: 'c', cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/` } },
      ],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', ...context } }],
      'current-context': 'x',
    };
    writeFileSync(kubeconfig, JSON.stringify(config)); // JSON is YAML
    proxy = connectServiceProxy({ kubeconfig, service: { namespace: 'ops', name: 'wfe', port: 8080 } });
    return proxy;
  };
  const asked = (path: string, init: RequestInit = {}): Request => new Request(`${proxy?.url}${path}`, init);

  test('requests go below the proxy path of the Service, with method, query, headers and body', async () => {
    const { url, fetch } = open({ token: 'T' });
    expect(new URL(url).pathname).toBe('/base/api/v1/namespaces/ops/services/http:wfe:8080/proxy');
    const body = JSON.stringify({ spec: 'ü' });
    await fetch(asked('/v1/executions?a=b%2Fc', { method: 'POST', body, headers: { 'idempotency-key': 'k' } }));
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/base/api/v1/namespaces/ops/services/http:wfe:8080/proxy/v1/executions?a=b%2Fc',
        headers: { 'idempotency-key': 'k' },
        body,
      },
    ]);
  });

  test('the credentials are the kubeconfig’s, whatever the request brings', async () => {
    const { fetch } = open({ token: 'of-kubeconfig' });
    await fetch(asked('/x', { headers: { authorization: 'Bearer of-request' } }));
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer of-kubeconfig']);
  });

  test('a refusal of the API server is an answer like any other', async () => {
    answer = { status: 403, headers: { 'content-type': 'application/json' }, body: '{"kind":"Status"}' };
    const response = await open({}).fetch(asked('/x'));
    expect([response.status, await response.text()]).toEqual([403, '{"kind":"Status"}']);
  });

  test('a redirect is not followed: credentials go nowhere else', async () => {
    answer = { status: 302, headers: { location: '/elsewhere' }, body: '' };
    expect((await open({ token: 'T' }).fetch(asked('/x'))).status).toBe(302);
    expect(seen).toHaveLength(1);
  });

  test('the namespace of the context is told, and none when there is none', async () => {
    expect(open({}, { namespace: 'team' }).namespace).toBe('team');
    await proxy?.close();
    expect(open({}).namespace).toBeUndefined();
  });

  test('the request’s signal ends it', async () => {
    const { fetch } = open({});
    await expect(fetch(asked('/x', { signal: AbortSignal.abort() }))).rejects.toThrow(/abort/i);
  });
});
