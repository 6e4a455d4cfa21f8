import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { specOf } from './served.ts';
import { until } from '../support/until.ts';

const STUB = fileURLToPath(new URL('./stub-service.js', import.meta.url));
const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

interface Ports {
  readonly http: number;
  readonly health: number;
  readonly metrics: number;
}

/** A service in a process of its own, with what it wrote. */
class Child {
  readonly process: ChildProcess;
  out = '';
  err = '';
  readonly exited: Promise<number | null>;

  constructor(program: string, args: string[], env: Record<string, string>) {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WFE_')));
    this.process = spawn(process.execPath, [program, ...args], { env: { ...inherited, ...env } });
    this.process.stdout?.on('data', (chunk) => (this.out += String(chunk)));
    this.process.stderr?.on('data', (chunk) => (this.err += String(chunk)));
    this.exited = new Promise((resolve) => this.process.once('close', resolve));
  }

  lines(): Record<string, unknown>[] {
    const whole = this.out.slice(0, this.out.lastIndexOf('\n') + 1).split('\n');
    return whole.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async started(): Promise<Ports> {
    const line = () => this.lines().find(({ msg }) => msg === 'started');
    await until('the start or the end', () => line() !== undefined || this.process.exitCode !== null);
    const ports = line()?.['ports'];
    if (ports === undefined) throw new Error(`expected the service to start; it wrote ${this.out}${this.err}`);
    return ports as Ports;
  }
}

const running: Child[] = [];
afterAll(() => {
  for (const child of running) child.process.kill('SIGKILL');
});

const FREE = {
  WFE_HTTP_HOST: '127.0.0.1',
  WFE_HTTP_PORT: '0',
  WFE_HEALTH_HOST: '127.0.0.1',
  WFE_HEALTH_PORT: '0',
  WFE_METRICS_HOST: '127.0.0.1',
  WFE_METRICS_PORT: '0',
};

function run(program: string, args: string[] = [], env: Record<string, string> = {}): Child {
  const child = new Child(program, args, env);
  running.push(child);
  return child;
}

const create = (port: number) =>
  fetch(`http://127.0.0.1:${port}/v1/executions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ spec: specOf() }),
  });

describe('the running service', () => {
  test('answers on its three ports, and says in the log what is in force', async () => {
    const child = run(STUB, [], { ...FREE, WFE_EXECUTION_COOLDOWN: '7m' });
    const { http, health, metrics } = await child.started();
    expect((await create(http)).status).toBe(201);
    expect((await fetch(`http://127.0.0.1:${health}/readyz`)).status).toBe(200);
    expect(await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text()).toContain('workflowexecution_leader 1');
    const starting = child.lines().find(({ msg }) => msg === 'starting');
    expect(starting).toMatchObject({
      version: expect.any(String),
      commit: expect.any(String),
      config: { execution: { cooldown: '7m' } },
    });
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'on %s finishes what is in flight, closes the store and exits 0',
    async (signal) => {
      const child = run(STUB, [], { ...FREE, STUB: 'slow-answers' });
      const { http } = await child.started();
      const answer = create(http);
      await until('the call to come in', () => child.lines().some(({ msg }) => msg === 'asked'));
      child.process.kill(signal);
      expect((await answer).status).toBe(201);
      expect(await child.exited).toBe(0);
      expect(child.lines().map(({ msg }) => msg)).toEqual(
        expect.arrayContaining(['stopping', 'store closed', 'stopped']),
      );
      expect(child.err).toBe('');
    },
  );

  test('that cannot stop in its grace says so and exits 1', async () => {
    const child = run(STUB, [], { ...FREE, STUB: 'hangs', WFE_SHUTDOWN_GRACE_SECONDS: '1' });
    await child.started();
    child.process.kill('SIGTERM');
    expect(await child.exited).toBe(1);
    expect(child.lines().at(-1)?.['msg']).toBe('stopping took too long; leaving the rest to the log of events');
  });

  test('exits at once, with 1, on a second signal', async () => {
    const child = run(STUB, [], { ...FREE, STUB: 'hangs', WFE_SHUTDOWN_GRACE_SECONDS: '600' });
    await child.started();
    child.process.kill('SIGTERM');
    await until('the stop to begin', () => child.lines().some(({ msg }) => msg === 'stopping'));
    child.process.kill('SIGTERM');
    expect(await child.exited).toBe(1);
  });
});

describe('a start that fails is one sentence and exit code 1', () => {
  const other = createServer();
  const failing: Record<string, Child> = {};
  beforeAll(async () => {
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    failing['tekton'] = run(STUB, [], { ...FREE, STUB: 'no-tekton', WFE_LOG_LEVEL: 'silent' });
    failing['port'] = run(STUB, [], { ...FREE, WFE_HTTP_PORT: String(port) });
    failing['config'] = run(STUB, [], { ...FREE, WFE_HTTP_PORT: 'x', WFE_LOG_LEVEL: 'y' });
    failing['file'] = run(STUB, ['--config', '/nowhere.yaml'], FREE);
    failing['option'] = run(STUB, ['--prot', '1'], FREE);
    failing['bug'] = run(STUB, [], { ...FREE, STUB: 'bug' });
  });
  afterAll(() => other.close());

  /** The child of this name, once it has exited with 1. */
  async function failed(name: string): Promise<Child> {
    const child = failing[name]!;
    expect(await child.exited).toBe(1);
    return child;
  }

  test('when what the runtime needs is missing', async () => {
    const { err, out } = await failed('tekton');
    expect([err, out]).toEqual(['Expected the Tekton CRDs in the cluster, found none. Install Tekton.\n', '']);
  });

  test('when a port is taken; what was opened is closed', async () => {
    const child = await failed('port');
    expect(child.err).toMatch(
      /^Expected to listen on 127\.0\.0\.1:\d+, found that another process listens there already\. .+\n$/,
    );
    expect(child.lines().map(({ msg }) => msg)).toContain('store closed');
  });

  test('when the configuration is wrong, with every problem', async () => {
    const { err, out } = await failed('config');
    expect([err.trim().split('\n').length, out]).toEqual([3, '']);
  });

  test('when the file that was named is not there', async () => {
    expect((await failed('file')).err).toBe(
      'The configuration file cannot be read: expected a YAML file at /nowhere.yaml, found no such file. Create it, or name another with --config.\n',
    );
  });

  test('when an option is unknown', async () => {
    expect((await failed('option')).err).toMatch(/^unknown option '--prot'.*\n$/);
  });

  test('when nobody foresaw it: without a stack on standard error, with one in the log', async () => {
    const child = await failed('bug');
    expect(child.err).toMatch(
      /^The service could not start, for a reason it does not know: x is not a function\..*\n$/,
    );
    expect(child.lines()).toContainEqual(
      expect.objectContaining({ level: 'fatal', err: expect.objectContaining({ type: 'TypeError' }) }),
    );
  });
});

describe('the program itself', () => {
  test('--version and --help print and exit 0', async () => {
    const [version, help] = [run(MAIN, ['--version']), run(MAIN, ['--help'])];
    expect([await version.exited, await help.exited]).toEqual([0, 0]);
    expect(version.out).toMatch(/^\S+ \(\S+\)\n$/);
    expect(help.out).toContain('--config <path>');
  });
});
