import { ConcurrencyError, START } from '#event-store';
import type { LeadershipTerm } from '../leadership.ts';
import { archivedAway } from './archived-away.ts';
import type { Progress, WebhookDriverParts } from './delivery-round.ts';
import { DeliveryRound } from './delivery-round.ts';
import type { WebhookState } from './webhook-events.ts';
import { WebhookLog } from './webhook-log.ts';
import type { Webhook } from './webhook.ts';

const AFTER_FAULT_MS = 5_000;

/**
 * Delivers what one webhook wants, while the term lasts: at least once, in order for each execution. What it needs to
 * know is in the log; it can be stopped at any moment, and delivers a little again after that.
 */
export class WebhookDriver {
  private readonly recorded: WebhookLog;
  private current: Progress = { state: 'delivering', failures: 0 };

  constructor(
    readonly webhook: Webhook,
    private readonly parts: WebhookDriverParts,
    private readonly term: LeadershipTerm,
  ) {
    this.recorded = new WebhookLog(parts, webhook.name);
  }

  get progress(): Progress {
    return this.current;
  }

  /** Runs until the term is over; begins anew from the log when something breaks, or when somebody asks for a replay. */
  async run(): Promise<void> {
    const { signal } = this.term;
    while (!signal.aborted) {
      try {
        await this.fromTheLog();
      } catch (error) {
        if (error instanceof ConcurrencyError) continue; // somebody else recorded: read it
        this.parts.telemetry.driverFault('webhooks');
        this.parts.log.error(
          { webhook: this.webhook.name, err: error },
          'a webhook could not go on; it will try again',
        );
        await this.parts.clock.sleep(AFTER_FAULT_MS, signal);
      }
    }
  }

  /** From what is recorded now until something else is. */
  private async fromTheLog(): Promise<void> {
    const state = await this.configured();
    const round = new AbortController();
    const end = (): void => round.abort();
    this.term.signal.addEventListener('abort', end);
    if (this.term.signal.aborted) end();
    const overtaken = this.overtaken(state, round.signal).finally(end);
    overtaken.catch(() => undefined); // thrown below, when delivery has ended
    try {
      if (state.isDisabled) this.tell({ state: 'disabled', position: state.position, revision: state.revision });
      else await this.deliver(state, round);
      await overtaken;
    } finally {
      end();
      this.term.signal.removeEventListener('abort', end);
    }
  }

  /** The newest state, after the address it has now was recorded. A new address enables it again. */
  private async configured(): Promise<WebhookState> {
    const { url, begin } = this.webhook;
    const state = await this.recorded.state();
    if (state?.url === url) return state;
    const position = state?.position ?? (begin === 'start' ? START : await this.parts.store.head());
    const configured = await this.recorded.record({ type: 'WebhookConfigured', data: { url, position } }, state);
    if (state === undefined) await archivedAway(this.parts, this.webhook.name, position);
    return configured;
  }

  /** Resolves when somebody else records something of this webhook: a replay is asked for. */
  private async overtaken(state: WebhookState, signal: AbortSignal): Promise<void> {
    const { store } = this.parts;
    const after = await store.head();
    if ((await this.recorded.state())?.revision !== state.revision) return;
    const filter = { streamPrefixes: [this.recorded.stream] };
    for await (const message of store.subscribe(after, filter, signal)) {
      if (message.kind !== 'event' || message.event.stream !== this.recorded.stream) continue;
      if (message.event.type === 'WebhookReplayRequested') return;
    }
  }

  private async deliver(state: WebhookState, round: AbortController): Promise<void> {
    const run = new DeliveryRound(this.webhook, this.parts, this.term, this.recorded, state, round, (progress) =>
      this.tell(progress),
    );
    await run.run();
  }

  private tell(progress: Partial<Progress>): void {
    this.current = { ...this.current, ...progress };
  }
}
