import type { Clock } from '#kubernetes';
import type { ClusterError } from '#kubernetes';

/** A right that is missing, or a namespace that is going, does not come back within seconds. */
const FORBIDDEN_MS = 5 * 60_000;
/** An API server in trouble has better things to do than to take notices. */
const TROUBLE_MS = 10_000;
const LONGEST_MS = 5 * 60_000;
/** Namespaces remembered as paused. */
const MAX_NAMESPACES = 1_000;

/** When notices may be written again after the API server would not take one. */
export class NoticePauses {
  private everywhereUntilMs = 0;
  private readonly untilMs = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** Milliseconds until a notice may be written there; 0 for now. */
  leftMs(namespace: string): number {
    const untilMs = Math.max(this.everywhereUntilMs, this.untilMs.get(namespace) ?? 0);
    const leftMs = untilMs - this.clock.monotonic();
    if (leftMs <= 0) this.untilMs.delete(namespace);
    return Math.min(Math.max(0, leftMs), LONGEST_MS); // a clock set back makes no pause longer
  }

  /** Takes in a refusal. @returns whether trying again later can help */
  note(error: ClusterError, namespace: string): boolean {
    if (error.code === 'forbidden') {
      this.pause(namespace);
      return true;
    }
    if (!error.isTransient) return false;
    const forMs = Math.min(LONGEST_MS, Math.max(TROUBLE_MS, error.details.retryAfterMs ?? 0));
    this.everywhereUntilMs = this.clock.monotonic() + forMs;
    return true;
  }

  private pause(namespace: string): void {
    this.untilMs.delete(namespace);
    this.untilMs.set(namespace, this.clock.monotonic() + FORBIDDEN_MS);
    if (this.untilMs.size > MAX_NAMESPACES) this.untilMs.delete(this.untilMs.keys().next().value as string);
  }
}
