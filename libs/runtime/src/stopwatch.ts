import type { Clock } from '#kubernetes';

/** Moments timed at once; the one asked about longest ago is forgotten first, and is timed anew. */
const REMEMBERED = 10_000;

/**
 * Says when moments of the wall clock are over, without believing that the wall clock only goes on: what was left of
 * the time when it was first asked about passes on the monotonic clock. A clock that is set forward ends no cooldown and
 * passes no deadline; after a restart, the wall clock is believed as it is then.
 */
export class Stopwatch {
  private readonly due = new Map<string, number>();

  constructor(private readonly clock: Pick<Clock, 'now' | 'monotonic'>) {}

  /** Milliseconds left until the moment (milliseconds since the epoch) of this name; not positive when it is over. */
  left(name: string, atMs: number): number {
    const key = `${name}@${atMs}`;
    const nowMs = this.clock.monotonic();
    const dueMs = this.due.get(key) ?? nowMs + atMs - this.clock.now();
    this.due.delete(key);
    this.due.set(key, dueMs);
    if (this.due.size > REMEMBERED) this.due.delete(this.due.keys().next().value as string);
    return dueMs - nowMs;
  }
}
