import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeconfigAccess, openAccess } from '../src/client/access.ts';
import { connectCluster } from '../src/client/connect.ts';
import { VirtualClock } from '../src/clock.ts';
import { FakeApiServer, WIDGETS } from './support/fake-api-server.ts';

describe('access to a cluster', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'wfe-kubeconfig-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const kubeconfig = (server: string, user: object): string => {
    const path = join(folder, 'kubeconfig');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    };
    writeFileSync(path, JSON.stringify(config)); // JSON is YAML
    return path;
  };
  const authorization = async (path: string): Promise<string | undefined> =>
    (await new KubeconfigAccess({ kubeconfig: path }, new VirtualClock()).current()).headers['Authorization'];

  test('a token, a password and the answer of an exec plugin become the Authorization header', async () => {
    const server = 'https://cluster.example:6443';
    expect(await authorization(kubeconfig(server, { token: 'T' }))).toBe('Bearer T');
    expect(await authorization(kubeconfig(server, { username: 'me', password: 'pw' }))).toBe('Basic bWU6cHc=');
    const credential = JSON.stringify({ kind: 'ExecCredential', status: { token: 'from-plugin' } });
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: 'printf', args: ['%s', credential] };
    expect(await authorization(kubeconfig(server, { exec }))).toBe('Bearer from-plugin');
  });

  test('client certificate and key become TLS material, and new ones another connection pool', async () => {
    const clock = new VirtualClock();
    const [certificate, key] = [join(folder, 'crt'), join(folder, 'key')];
    writeFileSync(certificate, 'CERT');
    writeFileSync(key, 'KEY');
    const path = kubeconfig('https://cluster.example', { 'client-certificate': certificate, 'client-key': key });
    const access = new KubeconfigAccess({ kubeconfig: path }, clock);
    const first = await access.current();
    expect([String(first.tls.cert), String(first.tls.key)]).toEqual(['CERT', 'KEY']);
    writeFileSync(certificate, 'NEW');
    expect(await access.current()).toBe(first);
    await clock.advance(10_000);
    const second = await access.current();
    expect(String(second.tls.cert)).toBe('NEW');
    expect(second.tlsFingerprint).not.toBe(first.tlsFingerprint);
  });

  test('after a 401 the kubeconfig is read anew, but not at every one', async () => {
    const clock = new VirtualClock();
    const path = kubeconfig('https://cluster.example', { token: 'old' });
    const access = new KubeconfigAccess({ kubeconfig: path }, clock);
    expect((await access.current()).headers['Authorization']).toBe('Bearer old');
    kubeconfig('https://cluster.example', { token: 'new' });
    access.refused();
    expect((await access.current()).headers['Authorization']).toBe('Bearer old'); // just loaded
    await clock.advance(5_000);
    access.refused();
    expect((await access.current()).headers['Authorization']).toBe('Bearer new');
  });

  test('a connection sends the token, and a failing plugin does not show its output', async () => {
    const server = new FakeApiServer();
    const url = await server.start();
    const cluster = connectCluster({ kubeconfig: kubeconfig(url, { token: 'T' }) });
    await cluster.list(WIDGETS);
    expect(server.headers[0]?.authorization).toBe('Bearer T');
    await cluster.close();

    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: 'sh',
      args: ['-c', 'echo SECRET >&2; exit 1'],
    };
    const failing = connectCluster({ kubeconfig: kubeconfig(url, { exec }) });
    const error = await failing.list(WIDGETS).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unauthorized' });
    expect(String(error)).not.toContain('SECRET');
    await failing.close();
    await server.stop();
  });

  test('what names no usable cluster is said at once, with what to do', () => {
    const read = (path: string, context?: string) => () =>
      new KubeconfigAccess({ kubeconfig: path, ...(context ? { context } : {}) }, new VirtualClock());
    expect(read(join(folder, 'missing'))).toThrow('could not be read (ENOENT)');
    expect(read(kubeconfig('http://cluster.example', {}))).toThrow('plain http outside loopback');
    expect(read(kubeconfig('https://cluster.example', {}), 'other')).toThrow(
      'no cluster for context "other"; its contexts: x',
    );
    expect(() => openAccess('http://cluster.example')).toThrow('expected a plain http address on loopback');
    expect(() => openAccess('https://127.0.0.1:1')).toThrow('expected a plain http address on loopback');
    expect(() => openAccess('nonsense')).toThrow('to be an http or https URL');
    expect(openAccess('http://[::1]:8080').server.port).toBe('8080');
  });
});
