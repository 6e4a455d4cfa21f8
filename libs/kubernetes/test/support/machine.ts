import type { Clock, VirtualClock } from '../../src/clock.ts';
import { ClusterError, type Cluster, type KubeObject } from '../../src/cluster.ts';
import { FINE, type LeaseServer, type Weather } from './lease-server.ts';

/**
 * A computer of its own: a wall clock that is set to anything, a monotonic clock that began at some moment and may run a little
 * fast or slow, a network to the server with weather, and a process that can be paused: then neither timers nor answers reach it.
 */
export class Machine implements Clock {
  private resumed: PromiseWithResolvers<void> | undefined;
  private skewMs = 0;
  private isDead = false;
  readonly weather: Weather[] = [];
  everyRequest: Weather = FINE;
  /** Verbs asked for, in order. */
  readonly requests: string[] = [];
  readonly cluster: Pick<Cluster, 'get' | 'create' | 'replace'>;

  constructor(
    private readonly time: VirtualClock,
    private readonly server: LeaseServer,
    private readonly clockRate = 1,
    private readonly bootMs = 1_000_000,
  ) {
    this.cluster = {
      get: (_type, name) => this.ask('get', () => this.server.get(name)),
      create: (_type, object) => this.ask('create', () => this.server.create(object)),
      replace: (_type, object) => this.ask('replace', () => this.server.replace(object)),
    };
  }

  now(): number {
    return this.time.now() + this.skewMs;
  }

  monotonic(): number {
    return this.bootMs + this.time.monotonic() * this.clockRate;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await this.time.sleep(Math.ceil(ms / this.clockRate), signal);
    await this.awake();
  }

  /** Sets the wall clock of this machine alone. */
  step(ms: number): void {
    this.skewMs += ms;
  }

  pause(): void {
    this.resumed ??= Promise.withResolvers();
  }

  /** Paused for ever; what is on the network goes on. */
  kill(): void {
    this.isDead = true;
    this.pause();
  }

  resume(): void {
    if (this.isDead) return;
    this.resumed?.resolve();
    this.resumed = undefined;
  }

  /** Pauses the process for a while. */
  freeze(ms: number): void {
    this.pause();
    void this.time.sleep(ms).then(() => this.resume());
  }

  private async awake(): Promise<void> {
    while (this.resumed) await this.resumed.promise;
  }

  private async ask(verb: string, apply: () => KubeObject): Promise<KubeObject> {
    this.requests.push(verb);
    const { toServerMs, toClientMs, fate, lateMs = 0 } = this.weather.shift() ?? this.everyRequest;
    await this.time.sleep(toServerMs);
    const answer = await this.answer(fate, lateMs, apply);
    await this.time.sleep(toClientMs);
    await this.awake();
    return answer();
  }

  /** What the client will be told. */
  private async answer(fate: Weather['fate'], lateMs: number, apply: () => KubeObject): Promise<() => KubeObject> {
    if (fate === 'fine') return outcome(apply);
    if (fate === 'lost-reply') outcome(apply);
    if (fate === 'late') void this.time.sleep(lateMs).then(() => outcome(apply));
    if (fate !== 'lost-request' && fate !== 'lost-reply' && fate !== 'late') return refusal(fate);
    return () => {
      throw new ClusterError('unavailable', 'the connection broke', { outcomeUnknown: true });
    };
  }
}

function outcome(apply: () => KubeObject): () => KubeObject {
  try {
    const object = apply();
    return () => object;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function refusal(code: 'server-error' | 'forbidden' | 'too-many-requests'): () => never {
  return () => {
    throw new ClusterError(code, `leases is refused by a test: ${code}`);
  };
}
