import type { Clock } from '#kubernetes';
import type { CrashPoints } from './crash-points.ts';
import type { Weather } from './faults.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

/** A machine's wall clock: somebody may set it, which moves no timer. */
export interface Host {
  aheadMs: number;
}

/** What all processes of one world share. */
export interface Surroundings {
  readonly timeline: Timeline;
  readonly weather: Weather;
  readonly trace: Trace;
  readonly points: CrashPoints;
}

/** What a dead process waits for. */
export const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

/**
 * One process, from its start to its crash. Afterwards nothing it waits for ever comes, its timers stand still, and
 * nothing it calls reaches the store or the cluster.
 */
export class SimulatedProcess {
  readonly clock: Clock;
  private over = false;
  private pausedUntil: Promise<void> | undefined;
  private readonly ends: (() => void)[] = [];

  constructor(
    readonly name: string,
    readonly around: Surroundings,
    host: Host,
    private readonly onCrash: () => void,
  ) {
    const { timeline } = around;
    const bornMs = timeline.now();
    this.clock = {
      now: () => timeline.now() + host.aheadMs,
      monotonic: () => timeline.monotonic() - bornMs,
      sleep: (ms, signal) => this.within(timeline.sleep(ms, signal)),
    };
  }

  get isDead(): boolean {
    return this.over;
  }

  /** Told when the process dies, so that what it held in the world outside is let go. */
  onEnd(end: () => void): void {
    if (this.over) end();
    else this.ends.push(end);
  }

  /** Comes to a crash point. @returns false when the process died here: the caller waits for `never` */
  survives(point: string): boolean {
    if (this.over) return false;
    if (!this.around.points.strikes(point, this.around.weather)) return true;
    this.around.trace.say(this.name, `CRASH ${point}`);
    this.die();
    this.onCrash();
    return false;
  }

  die(): void {
    if (this.over) return;
    this.over = true;
    for (const end of this.ends) end();
    this.ends.length = 0;
  }

  /** Stands still for a while, as a process does that gets no processor: what it waited for comes afterwards. */
  pause(ms: number): void {
    this.pausedUntil = this.around.timeline.sleep(ms);
  }

  /** Settles as the promise does, while the process lives. */
  within<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const settled = (settle: () => void): void => {
        if (this.over) return;
        if (this.pausedUntil === undefined) settle();
        else void this.pausedUntil.then(() => this.over || settle());
      };
      promise.then(
        (value) => settled(() => resolve(value)),
        (error: Error) => settled(() => reject(error)),
      );
    });
  }

  say(what: string): void {
    this.around.trace.say(this.name, what);
  }
}
