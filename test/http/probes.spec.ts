import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { RuntimeHealth } from '#runtime';
import { healthRoutes } from '../../src/health/health-routes.ts';
import { createPlainServer } from '../../src/health/probe-server.ts';
import { drain, listen } from '../../src/listening.ts';
import { metricsRoutes } from '../../src/metrics/metrics-routes.ts';
import { PrometheusTelemetry } from '../../src/metrics/prometheus-telemetry.ts';
import { StartupError } from '../../src/startup-error.ts';

const WELL: RuntimeHealth = {
  store: { ok: true },
  cluster: { ok: true },
  tekton: { ok: true },
  readModel: { ok: true, lagEvents: 0 },
};

const PATIENCE_MS = 100;
const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) await drain(server, 0);
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  return `http://127.0.0.1:${await listen(server, { host: '127.0.0.1', port: 0, key: 'health' })}`;
}

describe('health', () => {
  let health: () => Promise<RuntimeHealth> = () => Promise.resolve(WELL);
  let stage: 'starting' | 'running' | 'stopping' = 'running';
  let url: string;
  beforeAll(async () => {
    url = await listening(createPlainServer(healthRoutes({ health: () => health(), stage: () => stage }, PATIENCE_MS)));
  });
  afterEach(() => {
    health = () => Promise.resolve(WELL);
    stage = 'running';
  });

  const ready = async () => {
    const response = await fetch(`${url}/readyz`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  test('ready while the log cannot be sealed, which is told: events are recorded all the same', async () => {
    const seals = { ok: false, message: 'the newest seal is not published' } as const;
    health = () => Promise.resolve({ ...WELL, seals });
    expect(await ready()).toMatchObject({ status: 200, body: { status: 'ready', parts: { seals } } });
  });

  test('alive whatever the parts say', async () => {
    health = () => Promise.reject(new Error('all is lost'));
    const response = await fetch(`${url}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'alive' }]);
  });

  test('ready when every part is well, and says so of each', async () => {
    expect(await ready()).toEqual({ status: 200, body: { status: 'ready', parts: WELL } });
  });

  test.each(['store', 'cluster', 'tekton', 'readModel'] as const)(
    'not ready when %s is not well, and says why',
    async (part) => {
      const parts = { ...WELL, [part]: { ok: false, message: 'the reason' } };
      health = () => Promise.resolve(parts);
      expect(await ready()).toEqual({ status: 503, body: { status: 'not ready', parts } });
    },
  );

  test('not ready when the runtime does not answer in time', async () => {
    health = () => new Promise(() => undefined);
    const { status, body } = await ready();
    expect([status, body['reason']]).toEqual([503, `the runtime did not say how it is within ${PATIENCE_MS} ms`]);
  });

  test('not ready when the runtime cannot say, without the words of the fault', async () => {
    health = () => Promise.reject(new TypeError('secret'));
    expect(await ready()).toEqual({
      status: 503,
      body: { status: 'not ready', reason: 'the runtime could not say how it is: TypeError' },
    });
  });

  test.each(['starting', 'stopping'] as const)('not ready while %s', async (now) => {
    stage = now;
    expect(await ready()).toEqual({ status: 503, body: { status: 'not ready', reason: `the service is ${now}` } });
  });

  test('nothing else is there', async () => {
    expect((await fetch(`${url}/v1/executions`)).status).toBe(404);
    expect((await fetch(`${url}/__proto__`)).status).toBe(404);
    expect((await fetch(`${url}/readyz`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/readyz?verbose=1`)).status).toBe(200);
  });
});

test('/metrics answers in Prometheus’ text format', async () => {
  const telemetry = new PrometheusTelemetry({ version: '1', commit: 'c' }, []);
  const response = await fetch(`${await listening(createPlainServer(metricsRoutes(telemetry.registry)))}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(await response.text()).toContain('workflowexecution_build_info{version="1",commit="c"} 1');
});

describe('listening', () => {
  test('on a port that is taken says so in a sentence, with the key to change', async () => {
    const url = await listening(createServer());
    const port = Number(new URL(url).port);
    const refused = listen(createServer(), { host: '127.0.0.1', port, key: 'http' });
    await expect(refused).rejects.toThrow(StartupError);
    await expect(refused).rejects.toThrow(
      `Expected to listen on 127.0.0.1:${port}, found that another process listens there already. ` +
        'Stop the other one, or choose another address with http.host and http.port.',
    );
  });

  test('on an address of another machine says so', async () => {
    const refused = listen(createServer(), { host: '203.0.113.1', port: 0, key: 'http' });
    await expect(refused).rejects.toThrow('this machine has no such address');
  });
});

describe('draining', () => {
  test('finishes what is in flight, and closes connections that only wait', async () => {
    let answer = (): void => undefined;
    const server = createServer((request, response) => {
      if (request.url === '/slow') answer = () => response.end('done');
      else response.end('quick');
    });
    const url = await listening(server);
    expect(await (await fetch(`${url}/quick`)).text()).toBe('quick');
    const asked = new Promise((resolve) => server.once('request', resolve));
    const slow = fetch(`${url}/slow`).then((response) => response.text());
    await asked;
    const drained = drain(server, 10_000);
    await expect(fetch(`${url}/quick`)).rejects.toThrow();
    answer();
    expect([await slow, await drained]).toEqual(['done', 0]);
  });

  test('cuts what is not finished in time, and says how many', async () => {
    const server = createServer(() => undefined);
    await listening(server);
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    const asked = new Promise((resolve) => server.once('request', resolve));
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await asked;
    const cut = new Promise((resolve) => socket.on('close', resolve).on('error', () => undefined));
    expect(await drain(server, 20)).toBe(1);
    await cut;
  });
});
