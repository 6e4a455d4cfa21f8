import type { Position } from '#event-store';
import type { Clock } from '#kubernetes';
import type { WebhookState } from './webhook-events.ts';
import type { WebhookLog } from './webhook-log.ts';

/** Events of the log after which a position is written at once. */
const MANY = 500;
/** A position older than this is written, when enough has happened. */
const AGE_MS = 5 * 60_000;
/** Of ten events, at most one more is written for all webhooks together. */
const SHARE = 10;

/**
 * Writes a webhook's position now and then: what was delivered since the last time is delivered again after a crash, and
 * the log hardly grows by it.
 */
export class PositionKeeper {
  private keptMs: number;
  private keptCount = 0;

  constructor(
    private readonly recorded: WebhookLog,
    private current: WebhookState,
    private readonly clock: Clock,
    private readonly webhooks: number,
  ) {
    this.keptMs = clock.monotonic();
  }

  /** The newest state this webhook knows of. */
  get state(): WebhookState {
    return this.current;
  }

  /**
   * @param count events about executions up to the position, from the one this began with
   * @param isLast true at the end, when there is no later occasion
   * @throws ConcurrencyError when something else was recorded meanwhile, and the other errors of #event-store
   */
  async keep(position: Position, count: number, isLast: boolean): Promise<void> {
    const events = count - this.keptCount;
    if (events === 0 || !(isLast || this.isWorthIt(events))) return;
    const { url } = this.current;
    this.current = await this.recorded.record(
      { type: 'WebhookPositionReached', data: { url, position, events } },
      this.current,
    );
    this.keptMs = this.clock.monotonic();
    this.keptCount = count;
  }

  private isWorthIt(events: number): boolean {
    const fewest = SHARE * this.webhooks;
    if (events >= Math.max(MANY, fewest)) return true;
    return events >= fewest && this.clock.monotonic() - this.keptMs >= AGE_MS;
  }
}
