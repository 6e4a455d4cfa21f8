import type { Position } from '#event-store';
import { ConcurrencyError, START } from '#event-store';
import type { LeadershipTerm } from '../leadership.ts';
import type { RuntimeOptions } from '../runtime-options.ts';
import type { CommandContext } from '../service.ts';
import { EXECUTIONS } from './log-source.ts';
import { archivedAway } from './archived-away.ts';
import type { Progress } from './delivery-round.ts';
import { WebhookDriver } from './webhook-driver.ts';
import type { WebhookState } from './webhook-events.ts';
import { WebhookLog } from './webhook-log.ts';
import type { Webhook, WebhookLag, WebhookReplay, WebhookService, WebhookStatus } from './webhook.ts';

const MAX_TRIES = 10;
const LAG_INTERVAL_MS = 15_000;
const NO_LAG: WebhookLag = { events: 0, seconds: 0 };

export type WebhooksOptions = Pick<
  RuntimeOptions,
  'store' | 'clock' | 'ids' | 'random' | 'telemetry' | 'log' | 'webhooks'
>;

/** All webhooks: asked and told on every replica, run by the one that leads. */
export class Webhooks implements WebhookService {
  private readonly webhooks: readonly Webhook[];
  private drivers = new Map<string, WebhookDriver>();

  constructor(private readonly options: WebhooksOptions) {
    this.webhooks = options.webhooks ?? [];
  }

  /** Delivers until the term is over. */
  async run(term: LeadershipTerm): Promise<void> {
    if (this.webhooks.length === 0) return;
    const parts = { ...this.options, webhooks: this.webhooks.length };
    this.drivers = new Map(this.webhooks.map((webhook) => [webhook.name, new WebhookDriver(webhook, parts, term)]));
    await Promise.all([...[...this.drivers.values()].map((driver) => driver.run()), this.reportLag(term.signal)]);
    this.drivers = new Map();
  }

  /**
   * Up to where all of them are served: what comes after it, somebody is still to be told. Undefined when nobody is. A
   * receiver that wants nothing more is waited for no longer.
   */
  async served(): Promise<Position | undefined> {
    const places = await Promise.all(this.webhooks.map((webhook) => this.servedTo(webhook)));
    const known = places.filter((place) => place !== undefined);
    return known.reduce<Position | undefined>(
      (a, b) => (a === undefined || this.options.store.compare(b, a) < 0 ? b : a),
      undefined,
    );
  }

  async list(): Promise<readonly WebhookStatus[]> {
    const head = await this.options.store.head();
    return Promise.all(this.webhooks.map((webhook) => this.statusOf(webhook, head)));
  }

  async replay(
    name: string,
    from: Position,
    reason: string,
    context: CommandContext,
  ): Promise<WebhookReplay | undefined> {
    const webhook = this.webhooks.find((each) => each.name === name);
    if (webhook === undefined) return undefined;
    await this.options.store.readAll(from, undefined, 1); // is it a position of this log?
    const recorded = new WebhookLog(this.options, name);
    const data = { url: webhook.url, position: from, reason };
    const { at } = await again(async () =>
      recorded.record({ type: 'WebhookReplayRequested', data }, await recorded.state(), context),
    );
    const archived = await archivedAway(this.options, name, from);
    return { name, from, position: at, ...(archived && { archived }) };
  }

  private async statusOf({ name, url }: Webhook, head: Position): Promise<WebhookStatus> {
    const recorded = await new WebhookLog(this.options, name).state();
    const { revision, ...now } = progressOf(this.drivers.get(name)?.progress, recorded);
    void revision; // of no interest to people
    const lag = now.position === undefined ? NO_LAG : await lagOf(this.options, now.position, head);
    return { name, url, ...now, lag };
  }

  private async servedTo({ name, begin }: Webhook): Promise<Position | undefined> {
    const recorded = await new WebhookLog(this.options, name).state();
    if (recorded?.isDisabled === true) return undefined;
    const { position } = progressOf(this.drivers.get(name)?.progress, recorded);
    return position ?? (begin === 'start' ? START : undefined);
  }

  private async reportLag(signal: AbortSignal): Promise<void> {
    const { clock, telemetry } = this.options;
    while (!signal.aborted) {
      const all = await this.list().catch(() => []); // the store says itself what ails it
      telemetry.webhookLag(Math.max(0, ...all.map(({ lag }) => lag.seconds)));
      await clock.sleep(LAG_INTERVAL_MS, signal);
    }
  }
}

/** What a driver of this replica knows, unless there is none, or something was recorded that it has not heard of yet. */
function progressOf(progress: Progress | undefined, recorded: WebhookState | undefined): Progress {
  if (recorded === undefined) return { state: 'idle', failures: 0 };
  const { revision, position, isDisabled } = recorded;
  if (progress?.revision === revision) return progress;
  const state = progress === undefined ? 'idle' : 'delivering';
  return { failures: 0, ...progress, state: isDisabled ? 'disabled' : state, position };
}

async function lagOf(
  { store, clock }: Pick<WebhooksOptions, 'store' | 'clock'>,
  position: Position,
  head: Position,
): Promise<WebhookLag> {
  const events = store.compare(head, position);
  if (events <= 0) return NO_LAG;
  const [oldest] = (await store.readAll(position, EXECUTIONS, 1)).events;
  if (oldest === undefined) return NO_LAG; // what is left is not about executions
  return { events, seconds: Math.max(0, clock.now() - Date.parse(oldest.metadata.time)) / 1000 };
}

/** Whatever else is recorded meanwhile comes to an end. */
async function again<T>(record: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1)
    try {
      return await record();
    } catch (error) {
      if (!(error instanceof ConcurrencyError) || tries >= MAX_TRIES) throw error;
    }
}
