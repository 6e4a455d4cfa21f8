import type { EventStore, Position } from '#event-store';
import type { Clock } from '#kubernetes';
import type { Ids } from '../ids.ts';
import type { LeadershipTerm } from '../leadership.ts';
import type { Log, Telemetry } from '../telemetry.ts';
import type { Entry } from './delivery-window.ts';
import { DeliveryWindow } from './delivery-window.ts';
import { LogSource } from './log-source.ts';
import { pauseMs } from './patience.ts';
import { PositionKeeper } from './position-keeper.ts';
import { Wake } from './wake.ts';
import type { WebhookState } from './webhook-events.ts';
import type { WebhookLog } from './webhook-log.ts';
import type { Delivery, Webhook, WebhookStatus } from './webhook.ts';

export interface WebhookDriverParts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly ids: Ids;
  /** In [0, 1). */
  readonly random: () => number;
  readonly telemetry: Telemetry;
  readonly log: Log;
  /** Webhooks there are: together they write a position for at most every tenth event. */
  readonly webhooks: number;
}

/** How it goes, for people; of this term only. */
export interface Progress {
  readonly state: WebhookStatus['state'];
  readonly position?: Position;
  /** Of the newest event of the webhook's stream that the position takes into account. */
  readonly revision?: number;
  readonly failures: number;
  readonly lastError?: NonNullable<WebhookStatus['lastError']>;
}

/** Executions whose events are under way to one receiver at the same time. */
const AT_ONCE = 8;
const WINDOW = { events: 256, characters: 8 * 1024 * 1024 };
/** Longest sleep. */
const LONGEST_MS = 30_000;
/** While it is not sure that this replica still leads. */
const UNSURE_MS = 5_000;

/** Delivery from one recorded state to the next one that somebody else records, or to the end of the term. */
export class DeliveryRound {
  private readonly window = new DeliveryWindow(WINDOW);
  private readonly source: LogSource;
  private readonly wake: Wake;
  private readonly keeper: PositionKeeper;
  private readonly underWay = new Set<Promise<void>>();
  private failures = 0;
  /** Nothing is sent before this moment of the monotonic clock. */
  private pausedUntilMs = 0;
  private gone: string | undefined;

  constructor(
    private readonly webhook: Webhook,
    private readonly parts: WebhookDriverParts,
    private readonly term: LeadershipTerm,
    private readonly recorded: WebhookLog,
    state: WebhookState,
    private readonly round: AbortController,
    private readonly tell: (progress: Partial<Progress>) => void,
  ) {
    const { store, clock } = parts;
    this.wake = new Wake(clock);
    this.source = new LogSource({ store, clock, onMore: () => this.wake.tell() }, state.position, round.signal);
    this.keeper = new PositionKeeper(recorded, state, clock, parts.webhooks);
  }

  async run(): Promise<void> {
    const { signal } = this.round;
    this.tell({ state: 'delivering', failures: 0 });
    try {
      while (!signal.aborted && this.gone === undefined) {
        const hasRead = await this.read();
        this.send();
        await this.keep(false);
        if (!hasRead || this.window.isFull) await this.wake.sleep(this.waitMs(), signal);
      }
    } finally {
      this.round.abort();
      await Promise.all(this.underWay);
    }
    if (this.gone !== undefined) await this.disable(this.gone);
    else await this.keep(true);
  }

  /** Fills the window. @returns whether there was anything to read */
  private async read(): Promise<boolean> {
    if (this.window.isFull || this.source.isAtEnd) return false;
    for (const { event, before } of await this.source.next())
      if (await this.webhook.wants(event)) this.window.add(event, before);
    return true;
  }

  /** As many as may go now: one at a time after a failure, so that a receiver in trouble is not made worse. */
  private send(): void {
    const nowMs = this.parts.clock.monotonic();
    if (nowMs < this.pausedUntilMs) return;
    while (this.underWay.size < (this.failures > 0 ? 1 : AT_ONCE) && this.term.mayAct()) {
      const entry = this.window.take(nowMs);
      if (entry === undefined) return;
      const attempt = this.attempt(entry).finally(() => {
        this.underWay.delete(attempt);
        this.wake.tell();
      });
      this.underWay.add(attempt);
    }
  }

  private async attempt(entry: Entry): Promise<void> {
    const { clock, telemetry } = this.parts;
    const [beganMs, failuresBefore] = [clock.monotonic(), this.failures];
    const delivery = await this.webhook.sender.send(entry.event, this.round.signal);
    if (this.round.signal.aborted && delivery.kind !== 'Delivered') return;
    telemetry.webhookAttempt(delivery.kind, (clock.monotonic() - beganMs) / 1000);
    this.judge(entry, delivery, failuresBefore);
  }

  /** Attempts that were under way together count as one failure. */
  private judge(entry: Entry, delivery: Delivery, failuresBefore: number): void {
    if (delivery.kind === 'Delivered') {
      this.window.delivered(entry);
      this.failures = 0;
      this.tell({ state: 'delivering', failures: 0 });
      return;
    }
    if (delivery.kind === 'Gone') this.gone = delivery.error;
    this.pause(entry, delivery.kind === 'Failed' ? delivery.retryAfterMs : undefined, failuresBefore);
    const { clock, log } = this.parts;
    const { failures } = this;
    const lastError = { time: new Date(clock.now()).toISOString(), message: delivery.error };
    this.tell({ state: 'failing', failures, lastError });
    if (!Number.isInteger(Math.log2(failures))) return;
    const fields = { webhook: this.webhook.name, failures, error: delivery.error, eventId: entry.event.id };
    log.warn(fields, 'an event could not be delivered to a webhook; it will be tried again');
  }

  /** The receiver is left alone for a while, and this event for longer the more often it failed. */
  private pause(entry: Entry, askedMs: number | undefined, failuresBefore: number): void {
    const { clock, random } = this.parts;
    const nowMs = clock.monotonic();
    this.failures = Math.max(this.failures, failuresBefore + 1);
    this.pausedUntilMs = Math.max(this.pausedUntilMs, nowMs + pauseMs(this.failures, askedMs, random()));
    this.window.failed(entry, nowMs + pauseMs(entry.attempts + 1, askedMs, random()));
  }

  private async keep(isLast: boolean): Promise<void> {
    const position = this.window.watermark(this.source.position);
    this.tell({ position, revision: this.keeper.state.revision });
    await this.keeper.keep(position, this.source.count - this.window.size, isLast);
  }

  private async disable(reason: string): Promise<void> {
    const position = this.window.watermark(this.source.position);
    const data = { url: this.webhook.url, position, reason };
    await this.recorded.record({ type: 'WebhookDisabled', data }, this.keeper.state);
    const { name, url } = this.webhook;
    this.parts.log.warn({ webhook: name, url, reason }, 'a webhook is disabled: its receiver wants nothing more');
  }

  /** Until something may be done that nobody wakes for. */
  private waitMs(): number {
    const nowMs = this.parts.clock.monotonic();
    const isBusy = this.underWay.size >= (this.failures > 0 ? 1 : AT_ONCE);
    const sendMs = isBusy ? undefined : this.window.soonestMs(nowMs);
    const pausedMs = Math.max(this.term.mayAct() ? 0 : UNSURE_MS, this.pausedUntilMs - nowMs);
    return Math.min(LONGEST_MS, sendMs === undefined ? LONGEST_MS : Math.max(sendMs, pausedMs));
  }
}
