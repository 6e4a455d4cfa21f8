import { spawn, type ChildProcess } from 'node:child_process';
import { childrenOf, isAlive } from '../support/child-processes.ts';
import { freePorts } from '../support/free-ports.ts';
import { Hopeless, until } from '../support/until.ts';

export interface Ports {
  readonly api: number;
  readonly http: number;
  readonly health: number;
  readonly metrics: number;
}

export interface Ended {
  readonly code: number | NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

const PROGRAM = new URL('../../apps/sandbox/src/main.js', import.meta.url).pathname;
const LIMIT_MS = 45_000;
/** How many times faster than recorded. */
const SPEED = '20';

export async function takePorts(): Promise<Ports> {
  const [api, http, health, metrics] = (await freePorts(4)) as [number, number, number, number];
  return { api, http, health, metrics };
}

/** What `npm start` starts, in a process of its own. */
export class StartProcess {
  private out = '';
  private err = '';
  /** Every process it ever started, as far as it was looked at. */
  private readonly children = new Set<number>();
  private readonly child: ChildProcess;

  constructor(args: readonly string[]) {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith('WFE_') && name !== 'FORCE_COLOR'),
    );
    this.child = spawn(process.execPath, [PROGRAM, ...args], {
      env: { ...env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
  }

  static on(folder: string, ports: Ports, ...more: readonly string[]): StartProcess {
    const { api, http, health, metrics } = ports;
    const places = ['--api-port', api, '--http-port', http, '--health-port', health, '--metrics-port', metrics];
    return new StartProcess([...places.map(String), '--data', folder, '--speed', SPEED, ...more]);
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** The service's process; waits until there is one. */
  service(): Promise<number> {
    return this.wait('the service to be started', () => [...this.children].find(isAlive));
  }

  /** Waits until it has printed a text. */
  async printed(text: string): Promise<void> {
    await this.wait(`"${text}" to be printed`, () => this.out.includes(text));
  }

  /** Waits for its end, by itself or by a signal given before. */
  async ended(): Promise<Ended> {
    const closed = (): boolean =>
      this.hasEnded && this.child.stdout?.closed === true && this.child.stderr?.closed === true;
    await until('the program to end', () => Promise.resolve(this.look() || closed()), LIMIT_MS);
    return { code: this.child.exitCode ?? this.child.signalCode, out: this.out, err: this.err };
  }

  /** Processes of its making that are still there. */
  get left(): readonly number[] {
    return [...this.children].filter(isAlive);
  }

  /** Number of processes it was ever seen to start. */
  get startedCount(): number {
    return this.children.size;
  }

  /** Ends everything, whatever state it is in. */
  remove(): void {
    this.look();
    this.child.kill('SIGKILL');
    for (const pid of this.left) process.kill(pid, 'SIGKILL');
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private wait<T>(what: string, look: () => T | undefined | false): Promise<T> {
    return until(
      what,
      () => {
        this.look();
        if (this.hasEnded) throw new Hopeless(`waited for ${what}, but the program ended: ${this.out}${this.err}`);
        return Promise.resolve(look());
      },
      LIMIT_MS,
    );
  }

  /** Remembers its children; always false. */
  private look(): false {
    if (this.child.pid !== undefined) for (const pid of childrenOf(this.child.pid)) this.children.add(pid);
    return false;
  }
}
