import type { Position, RecordedEvent } from '#event-store';
import type { ArchivedSince } from '../archiving/archive-log.ts';
import type { CommandContext } from '../service.ts';

/** What became of one attempt to hand over an event. */
export type Delivery =
  | { readonly kind: 'Delivered' }
  /** Tried again until it is delivered. `retryAfterMs` is what the receiver asked for. */
  | { readonly kind: 'Failed'; readonly error: string; readonly retryAfterMs?: number }
  /** The receiver wants nothing more, ever (410): the webhook is disabled. */
  | { readonly kind: 'Gone'; readonly error: string };

/** The way to one receiver. */
export interface WebhookSender {
  /**
   * Hands over one event and waits (bounded) for the answer. Never throws; `error` is for people and holds no secret. An
   * event may come again, under the same id. When the signal aborts, it answers soon, with whatever it knows.
   */
  send(event: RecordedEvent, signal: AbortSignal): Promise<Delivery>;
}

/** A configured webhook. */
export interface Webhook {
  /** A DNS label; names its stream, for good. */
  readonly name: string;
  /** For people: without credentials and query. */
  readonly url: string;
  /** Where it begins when it is seen for the first time. */
  readonly begin: 'now' | 'start';
  /** Which events it wants. Asked again for the same event, it answers the same. */
  readonly wants: (event: RecordedEvent) => Promise<boolean>;
  readonly sender: WebhookSender;
}

/** A webhook as it is now. */
export interface WebhookStatus {
  readonly name: string;
  readonly url: string;
  /** `idle`: of a replica that does not act. `disabled`: the receiver said that it wants nothing more. */
  readonly state: 'delivering' | 'failing' | 'disabled' | 'idle';
  /** Everything up to here was delivered, or not wanted; undefined before it was first seen. */
  readonly position?: Position;
  readonly lag: WebhookLag;
  /** Attempts that failed since the last one that did not. */
  readonly failures: number;
  readonly lastError?: { readonly time: string; readonly message: string };
}

export interface WebhookLag {
  /** Events of the log after the position, wanted or not. */
  readonly events: number;
  /** Age of the oldest of them; 0 when there is none. */
  readonly seconds: number;
}

/** A replay that was asked for. */
export interface WebhookReplay {
  readonly name: string;
  readonly from: Position;
  /** Of the event that records the request. */
  readonly position: Position;
  /** What was archived of the events after `from`: of these histories only `ExecutionArchived` may come. Absent: nothing. */
  readonly archived?: ArchivedSince;
}

/** What the edge asks and orders. Faults of the store come through as the errors of #event-store. */
export interface WebhookService {
  list(): Promise<readonly WebhookStatus[]>;
  /**
   * Delivers again everything after a position, durably asked for when this resolves; further on, it leaves out what is
   * between. Enables a disabled webhook. Undefined when there is none of that name.
   * @throws PositionError for a position that is not of this log
   */
  replay(name: string, from: Position, reason: string, context: CommandContext): Promise<WebhookReplay | undefined>;
}
