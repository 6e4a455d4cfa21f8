import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { freePorts } from './free-ports.ts';
import { Hopeless, until } from './until.ts';

export interface ServiceSettings {
  /** The `cluster` part of the configuration. */
  readonly cluster: Readonly<Record<string, unknown>>;
  /** The `execution` part; the cooldown is 1 h unless it says otherwise. */
  readonly execution?: Readonly<Record<string, unknown>>;
  /** The `controller` part. */
  readonly controller?: Readonly<Record<string, unknown>>;
  /** The `audit` part. */
  readonly audit?: Readonly<Record<string, unknown>>;
  /** The `retention` part. */
  readonly retention?: Readonly<Record<string, unknown>>;
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
}

const PROGRAM = new URL('../../src/main.js', import.meta.url).pathname;
/** Characters of its output that are kept, the newest. */
export const LOG_KEPT = 4_000_000;

/** The real program in a process of its own, on a data folder that outlives its restarts. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(
    readonly folder: string,
    readonly url: string,
    readonly healthUrl: string,
    readonly metricsUrl: string,
    private readonly nodeOptions: readonly string[],
  ) {}

  static async prepare(settings: ServiceSettings): Promise<ServiceProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'wfe-e2e-'));
    const [http, health, metrics] = (await freePorts(3)) as [number, number, number];
    const config = {
      cluster: settings.cluster,
      execution: { cooldown: '1h', ...settings.execution },
      ...(settings.controller && { controller: settings.controller }),
      ...(settings.retention && { retention: settings.retention }),
      store: { dataFolder: join(folder, 'data') },
      // One of its own: a log of another test that was sealed in the same cluster is none of its past.
      audit: { headConfigMap: basename(folder).toLowerCase(), ...settings.audit },
      http: { host: '127.0.0.1', port: http },
      health: { host: '127.0.0.1', port: health },
      metrics: { host: '127.0.0.1', port: metrics },
      log: { level: 'info' },
    };
    await writeFile(join(folder, 'config.yaml'), stringify(config));
    const at = (port: number): string => `http://127.0.0.1:${port}`;
    return new ServiceProcess(folder, at(http), at(health), at(metrics), settings.nodeOptions ?? []);
  }

  /** Starts the program; resolves when it is ready. */
  async start(patienceMs?: number): Promise<void> {
    const child = this.launch();
    await until(
      `the service to be ready (its output: ${this.folder})`,
      async () => {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Hopeless(`it ended with ${child.exitCode ?? child.signalCode}:\n${this.tail}`);
        return (await fetch(`${this.healthUrl}/readyz`)).ok;
      },
      patienceMs,
    );
  }

  /** Starts the program, and does not wait for anything. */
  launch(): ChildProcess {
    const child = spawn(
      process.execPath,
      [...this.nodeOptions, PROGRAM, '--config', join(this.folder, 'config.yaml')],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: withoutOurs(process.env),
      },
    );
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => this.keep(chunk.toString()));
    return child;
  }

  /** Power off. */
  async kill9(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** @returns the exit code of an orderly stop */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  async remove(): Promise<void> {
    await this.kill9();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The event log; nobody else may have it open, so the program has to be stopped first. */
  get logFile(): string {
    return join(this.folder, 'data', 'events.sqlite');
  }

  get tail(): string {
    return this.output.slice(-4_000);
  }

  get log(): string {
    return this.output;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    child.kill(signal);
    return ended;
  }

  private keep(text: string): void {
    this.output = (this.output + text).slice(-LOG_KEPT);
  }
}

/** The tests' own variables are none of the service's, which refuses any it does not know. */
function withoutOurs(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('WFE_')));
}
