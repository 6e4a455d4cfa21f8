import type { JsonObject } from './json.ts';

/** Who gave a command: a person, a service, or a part of this one. Never a credential. */
export interface Actor {
  readonly user: string;
  readonly groups?: readonly string[];
}

/** The door a command came in by. */
export type Source = 'rest' | 'resource' | 'scheduler' | 'driver';

/**
 * Who and why, on every event. Times are ISO 8601 UTC with milliseconds, read when the decision was made
 * (a store's own clock is never used).
 */
export interface EventMetadata {
  readonly time: string;
  readonly actor: Actor;
  readonly source: Source;
  /** Id of the command that led to this event; the events of one command share it. */
  readonly commandId: string;
  /** `remediationRequestRef.name` of the execution. */
  readonly correlationId: string;
  /** Id of the event or command that made somebody give the command. */
  readonly causationId: string;
  /** W3C trace context of the request, when there was one. */
  readonly traceparent?: string;
}

/** An event as it is handed to the store: everything but its place in the log. */
export interface NewEvent {
  /** UUID, derived from stream, command and index, so that a repeated append finds its first attempt. */
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: JsonObject;
  readonly metadata: EventMetadata;
}
