import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

export interface ServiceChildOptions {
  readonly dataFolder: string;
  readonly clusterUrl: string;
  readonly ports: { readonly http: number; readonly health: number; readonly metrics: number };
}

/** The service, as it runs anywhere else, in a process of its own. Its log goes to a file in the data folder. */
export class ServiceChild {
  readonly logFile: string;
  private readonly child: ChildProcess;

  constructor({ dataFolder, clusterUrl, ports }: ServiceChildOptions) {
    mkdirSync(dataFolder, { recursive: true });
    this.logFile = join(dataFolder, 'service.log');
    const log = createWriteStream(this.logFile, { flags: 'a' });
    const env = {
      ...process.env,
      WFE_CLUSTER_SERVER: clusterUrl,
      WFE_STORE_DATA_FOLDER: dataFolder,
      WFE_HTTP_HOST: '127.0.0.1',
      WFE_HEALTH_HOST: '127.0.0.1',
      WFE_METRICS_HOST: '127.0.0.1',
      WFE_HTTP_PORT: String(ports.http),
      WFE_HEALTH_PORT: String(ports.health),
      WFE_METRICS_PORT: String(ports.metrics),
      WFE_EXECUTION_COOLDOWN: process.env['WFE_EXECUTION_COOLDOWN'] ?? '30s',
    };
    this.child = spawn(process.execPath, [join(packageRoot, 'dist/src/main.js')], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // Ctrl-C is ours to pass on, once
    });
    this.child.stdout?.pipe(log);
    this.child.stderr?.on('data', (chunk: Buffer) => {
      log.write(chunk);
      process.stderr.write(chunk);
    });
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Resolves when the process has ended, however that came. */
  ended(): Promise<void> {
    return this.hasEnded ? Promise.resolve() : new Promise((resolve) => this.child.once('exit', () => resolve()));
  }

  /** Asks it to stop, and makes it after the time its own shutdown is allowed. */
  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await this.ended();
    clearTimeout(timer);
  }
}

const STOP_MS = 35_000;
