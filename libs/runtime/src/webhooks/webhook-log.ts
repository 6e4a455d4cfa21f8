import type { EventStore, Position } from '#event-store';
import { newestOf } from '#event-store';
import type { NewEvent } from '#execution';
import type { Clock } from '#kubernetes';
import type { CommandOrigin } from '../dispatcher.ts';
import type { Ids } from '../ids.ts';
import { eventId } from '../ids.ts';
import { ownOrigin } from '../origin.ts';
import type { CommandContext } from '../service.ts';
import type { WebhookEvent, WebhookState } from './webhook-events.ts';
import { WEBHOOK_EVENT_VERSION, webhookStateOf, webhookStreamOf } from './webhook-events.ts';

/** What is recorded of one webhook: read from its newest event, written after it. */
export class WebhookLog {
  readonly stream: string;

  constructor(
    private readonly parts: { readonly store: EventStore; readonly clock: Clock; readonly ids: Ids },
    name: string,
  ) {
    this.stream = webhookStreamOf(name);
  }

  /** Undefined before anything was recorded. @throws the errors of #event-store */
  async state(): Promise<WebhookState | undefined> {
    const newest = await newestOf(this.parts.store, this.stream);
    return newest && webhookStateOf(newest);
  }

  /** @throws ConcurrencyError when something else was recorded since that state, and the other errors of #event-store */
  async record(
    event: WebhookEvent,
    after: WebhookState | undefined,
    context?: CommandContext,
  ): Promise<WebhookState & { readonly at: Position }> {
    const { events } = await this.parts.store.append(this.stream, after?.revision ?? 'none', [
      this.newEvent(event, this.origin(context)),
    ]);
    const recorded = events[0]!;
    return { ...webhookStateOf(recorded), at: recorded.position };
  }

  /** Whoever asked, or else the service itself. */
  private origin(context: CommandContext | undefined): CommandOrigin {
    const { ids } = this.parts;
    return context === undefined ? ownOrigin(ids, 'driver') : { ...context, commandId: ids.command() };
  }

  private newEvent({ type, data }: WebhookEvent, { actor, source, commandId, traceparent }: CommandOrigin): NewEvent {
    return {
      id: eventId(this.stream, commandId, 0),
      type,
      schemaVersion: WEBHOOK_EVENT_VERSION,
      data: { ...data },
      metadata: {
        time: new Date(this.parts.clock.now()).toISOString(),
        ...{ actor, source, commandId, correlationId: '', causationId: commandId },
        ...(traceparent !== undefined && { traceparent }),
      },
    };
  }
}
