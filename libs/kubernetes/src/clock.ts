/** Time as the library sees it, so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch, as this machine believes: it steps back and forth when somebody or NTP sets it. */
  now(): number;
  /**
   * Milliseconds since some moment of this process. It never steps, so durations that matter are measured with it; it
   * says nothing to another process. It may stand still while the machine is suspended.
   */
  monotonic(): number;
  /** Resolves after `ms`, or at once when the signal aborts: the caller looks at its signal. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** `setTimeout` wraps around at 2^31 ms and would fire at once. */
const MAX_SLEEP_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(Math.max(ms, 0), MAX_SLEEP_MS));
      signal?.addEventListener('abort', done, { once: true });
    });
  },
};

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** A clock that moves only when a test says so. Sleepers wake by the monotonic reading, as the system's timers do. */
export class VirtualClock implements Clock {
  private readonly sleepers = new Set<Sleeper>();
  private elapsedMs = 0;

  constructor(private startMs = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.startMs + this.elapsedMs;
  }

  monotonic(): number {
    return this.elapsedMs;
  }

  /** Sets the wall clock forward, or back when negative, as NTP does. No time passes: nobody wakes. */
  step(ms: number): void {
    this.startMs += ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper: Sleeper = {
        dueMs: this.elapsedMs + Math.max(ms, 0),
        wake: () => {
          this.sleepers.delete(sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.sleepers.add(sleeper);
      signal?.addEventListener('abort', sleeper.wake, { once: true });
    });
  }

  /** Milliseconds until each sleeper wakes, soonest first. */
  get pendingMs(): readonly number[] {
    return [...this.sleepers].map(({ dueMs }) => dueMs - this.elapsedMs).sort((a, b) => a - b);
  }

  /** Moves on by `ms`, waking everyone due on the way in order, and lets each run before the next. */
  async advance(ms: number): Promise<void> {
    const targetMs = this.elapsedMs + ms;
    await settle();
    for (let next = this.next(targetMs); next; next = this.next(targetMs)) {
      this.elapsedMs = Math.max(this.elapsedMs, next.dueMs);
      next.wake();
      await settle();
    }
    this.elapsedMs = targetMs;
  }

  private next(targetMs: number): Sleeper | undefined {
    let soonest: Sleeper | undefined;
    for (const sleeper of this.sleepers)
      if (sleeper.dueMs <= targetMs && (soonest === undefined || sleeper.dueMs < soonest.dueMs)) soonest = sleeper;
    return soonest;
  }
}

/** One turn of the event loop: every promise that can go on without new input has gone on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
