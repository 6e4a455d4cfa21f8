import type { EventStore, Position } from '#event-store';
import { StreamNotFoundError } from '#event-store';
import type { NewEvent } from '#execution';
import type { Clock } from '#kubernetes';
import type { Ids } from '../ids.ts';
import { eventId } from '../ids.ts';
import type { CommandContext } from '../service.ts';
import type { WebhookEvent, WebhookState } from './webhook-events.ts';
import { WEBHOOK_EVENT_VERSION, webhookStateOf, webhookStreamOf } from './webhook-events.ts';

const SERVICE: CommandContext = { actor: { user: 'workflow-execution-service' }, source: 'driver' };

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
    try {
      const { events } = await this.parts.store.readStream(this.stream, { direction: 'backwards', limit: 1 });
      return events[0] && webhookStateOf(events[0]);
    } catch (error) {
      if (error instanceof StreamNotFoundError) return undefined;
      throw error;
    }
  }

  /** @throws ConcurrencyError when something else was recorded since that state, and the other errors of #event-store */
  async record(
    event: WebhookEvent,
    after: WebhookState | undefined,
    context: CommandContext = SERVICE,
  ): Promise<WebhookState & { readonly at: Position }> {
    const { events } = await this.parts.store.append(this.stream, after?.revision ?? 'none', [
      this.newEvent(event, context),
    ]);
    const recorded = events[0]!;
    return { ...webhookStateOf(recorded), at: recorded.position };
  }

  private newEvent({ type, data }: WebhookEvent, { actor, source, traceparent }: CommandContext): NewEvent {
    const commandId = this.parts.ids.command();
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
