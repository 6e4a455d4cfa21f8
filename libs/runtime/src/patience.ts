import type { Clock } from '#kubernetes';

/** Executions remembered; the one that has been failing longest without being asked about is forgotten first. */
const REMEMBERED = 10_000;

/** Since when something fails without a break, by execution. In memory: after a restart it counts anew. */
export class Patience {
  private readonly since = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly limitMs: number,
  ) {}

  /** Told of each failure. @returns how long it has been failing, in milliseconds, once that is too long */
  exhausted(id: string): number | undefined {
    const nowMs = this.clock.monotonic();
    const sinceMs = this.since.get(id) ?? nowMs;
    this.since.delete(id);
    this.since.set(id, sinceMs);
    if (this.since.size > REMEMBERED) this.since.delete(this.since.keys().next().value as string);
    return nowMs - sinceMs >= this.limitMs ? nowMs - sinceMs : undefined;
  }

  /** It went on, or is over. */
  forget(id: string): void {
    this.since.delete(id);
  }
}
