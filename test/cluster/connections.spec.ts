import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectCluster, Informer, systemClock } from '#kubernetes';
import { WIDGETS } from './contract/scene.ts';
import { until } from '../support/until.ts';
import { WIDGETS_CRD } from './support/files.ts';
import { lab } from './support/lab.ts';

const MAX_CONNECTIONS = 6;

/** TCP sockets of this process. */
function sockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;
}

describe('connections to the real API server, over TLS', () => {
  const server = lab();
  beforeAll(() => server.applyYaml(WIDGETS_CRD));

  test('many requests and a watch share few connections, and close leaves none', async () => {
    const before = sockets();
    const statuses: (number | undefined)[] = [];
    const cluster = server.connect({
      maxConnections: MAX_CONNECTIONS,
      onRequest: ({ status }) => statuses.push(status),
    });
    const stop = new AbortController();
    const informer = new Informer(cluster, systemClock, { type: WIDGETS, onChange: () => undefined });
    const running = informer.run(stop.signal);
    await informer.synced();
    for (let i = 0; i < 100; i += 1) await cluster.list(WIDGETS, { limit: 1 });
    await Promise.all(Array.from({ length: 100 }, () => cluster.list(WIDGETS, { limit: 1 })));
    expect(sockets() - before).toBeLessThanOrEqual(MAX_CONNECTIONS);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(201);
    stop.abort();
    await running;
    await cluster.close();
    await until('every socket is closed', () => sockets() <= before);
  });

  test('a certificate nobody vouches for is refused before anything is sent', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wfe-untrusting-'));
    const trusting = server.connect();
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, JSON.stringify(withoutAuthority(trusting.server)));
    const cluster = connectCluster({ kubeconfig });
    const refused = await cluster
      .delete(WIDGETS, { namespace: 'default', name: 'any' })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'unavailable' });
    expect(refused).not.toHaveProperty('details.outcomeUnknown');
    await Promise.all([cluster.close(), trusting.close(), rm(folder, { recursive: true })]);
  });
});

function withoutAuthority(address: string): object {
  return {
    clusters: [{ name: 'c', cluster: { server: address } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
}
