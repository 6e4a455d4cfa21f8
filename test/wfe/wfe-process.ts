import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { within } from '../support/within.ts';
import { until } from '../support/until.ts';

export const WFE_PROGRAM = new URL('../../apps/wfe/src/main.js', import.meta.url).pathname;
const LIMIT_MS = 60_000;
/** What of this process's environment a program needs to start at all. */
const KEPT = ['PATH', 'LANG', 'SystemRoot'];

export interface WfeSurroundings {
  readonly server?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
}

export interface WfeEnded {
  readonly code: number | NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** The real program, with nothing of this machine's configuration. */
export class Wfe {
  private readonly home = mkdtempSync(join(tmpdir(), 'wfe-home-'));

  constructor(private readonly surroundings: WfeSurroundings = {}) {}

  /** Runs to the end, whatever that is. */
  async run(args: readonly string[], more: WfeSurroundings = {}): Promise<WfeEnded> {
    const running = this.start(args, more);
    return running.ended();
  }

  /** Runs and must succeed without a word on stderr; answers what it printed. */
  async ok(args: readonly string[], more: WfeSurroundings = {}): Promise<string> {
    const { code, out, err } = await this.run(args, more);
    if (code !== 0 || err !== '') throw new Error(`wfe ${args.join(' ')} ended with ${code}: ${err}${out}`);
    return out;
  }

  async json<T = Record<string, unknown>>(args: readonly string[]): Promise<T> {
    return JSON.parse(await this.ok([...args, '-o', 'json'])) as T;
  }

  start(args: readonly string[], more: WfeSurroundings = {}): RunningWfe {
    const { server, stdin = '', cwd } = { ...this.surroundings, ...more };
    const child = spawn(process.execPath, [WFE_PROGRAM, ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...this.environment(server), ...this.surroundings.env, ...more.env },
      ...(cwd !== undefined && { cwd }),
    });
    child.stdin.on('error', () => undefined); // it may end without having read it
    child.stdin.end(stdin);
    return new RunningWfe(child);
  }

  /** What the program's process is started with. */
  environment(server: string | undefined): Record<string, string> {
    const kept = KEPT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
    const own = { HOME: this.home, KUBECONFIG: join(this.home, 'none'), TZ: 'UTC' };
    return { ...(Object.fromEntries(kept) as Record<string, string>), ...own, ...(server && { WFE_SERVER: server }) };
  }

  dispose(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** A program that runs. */
export class RunningWfe {
  out = '';
  err = '';
  private readonly closed: Promise<unknown>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.err += text));
    this.closed = once(child, 'close');
  }

  /** Waits until it has printed a text. */
  async printed(text: string): Promise<void> {
    await until(`"${text}" to be printed; so far: ${this.err}`, () => this.out.includes(text), LIMIT_MS);
  }

  async ended(): Promise<WfeEnded> {
    try {
      await within('wfe to end', this.closed, LIMIT_MS);
    } catch (error) {
      this.child.kill('SIGKILL');
      throw error;
    }
    return { code: this.child.exitCode ?? this.child.signalCode, out: this.out, err: this.err };
  }
}
