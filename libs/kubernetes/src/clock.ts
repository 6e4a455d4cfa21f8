/** Time as the library sees it, so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts: the caller looks at its signal. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** `setTimeout` wraps around at 2^31 ms and would fire at once. */
const MAX_SLEEP_MS = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
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

/** A clock that moves only when a test says so. */
export class VirtualClock implements Clock {
  private readonly sleepers = new Set<Sleeper>();

  constructor(private timeMs = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.timeMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const sleeper: Sleeper = {
        dueMs: this.timeMs + Math.max(ms, 0),
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
    return [...this.sleepers].map(({ dueMs }) => dueMs - this.timeMs).sort((a, b) => a - b);
  }

  /** Moves on by `ms`, waking everyone due on the way in order, and lets each run before the next. */
  async advance(ms: number): Promise<void> {
    const targetMs = this.timeMs + ms;
    await settle();
    for (let next = this.next(targetMs); next; next = this.next(targetMs)) {
      this.timeMs = Math.max(this.timeMs, next.dueMs);
      next.wake();
      await settle();
    }
    this.timeMs = targetMs;
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
