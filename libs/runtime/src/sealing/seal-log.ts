import type { EventStore, LogSealed, Position, RecordedEvent, SealEvent, SealEventType } from '#event-store';
import {
  LOG_SEALED,
  newestFirst,
  parseSealEvent,
  SEAL_KEY_INTRODUCED,
  SEAL_KEY_ROTATED,
  SEAL_SCHEMA_VERSIONS,
  SEAL_STREAM,
  SealFormatError,
} from '#event-store';
import type { JsonObject, NewEvent } from '#execution';
import type { Clock } from '#kubernetes';
import { appendUntilKnown } from '../append-until-known.ts';
import type { CommandOrigin } from '../dispatcher.ts';
import { eventId } from '../ids.ts';
import type { Telemetry } from '../telemetry.ts';
import { SealingError } from './ports.ts';

/** An event of the seal log that was recorded and understood. */
export interface RecordedSealEvent {
  readonly recorded: RecordedEvent;
  readonly event: SealEvent;
}

/** A recorded seal. */
export interface Sealed {
  readonly recorded: RecordedEvent;
  readonly seal: LogSealed;
}

/** The end of the seal log: all that is needed to go on. */
export interface SealTail {
  readonly revision: number | 'none';
  /** Id of the key in force; undefined before the first. */
  readonly keyId: string | undefined;
  readonly newest: Sealed | undefined;
}

const TAIL_PAGE = 20;

/** The stream `seal-log`: its end, and appending to it. */
export class SealLog {
  constructor(
    readonly store: EventStore,
    private readonly clock: Clock,
    private readonly telemetry: Telemetry,
  ) {}

  /** Read from the end back to the newest seal: its key is in force unless a key event came after it. */
  async tail(): Promise<SealTail> {
    let tail: SealTail = { revision: 'none', keyId: undefined, newest: undefined };
    for await (const { recorded, event } of this.backwards()) {
      if (tail.revision === 'none') tail = { ...tail, revision: recorded.revision };
      if (event.type === SEAL_KEY_INTRODUCED || event.type === SEAL_KEY_ROTATED || event.type === LOG_SEALED)
        tail = { ...tail, keyId: tail.keyId ?? event.data.keyId };
      if (event.type === LOG_SEALED) return { ...tail, newest: { recorded, seal: event.data } };
    }
    return tail;
  }

  /** Every event of the stream, newest first, from a revision on (inclusive). */
  async *backwards(from: number | 'end' = 'end'): AsyncGenerator<RecordedSealEvent> {
    for await (const recorded of newestFirst(this.store, SEAL_STREAM, { from, page: TAIL_PAGE }))
      yield understood(recorded);
  }

  /**
   * Appends after the tail that was read. A lost answer is asked for again.
   * @throws ConcurrencyError when the stream has gone on; OutcomeUnknownError, UnavailableError
   */
  async append(tail: SealTail, type: SealEventType, data: object, origin: CommandOrigin): Promise<RecordedEvent> {
    const event = this.newEvent(tail, type, data, origin);
    const startedMs = this.clock.monotonic();
    const { events } = await appendUntilKnown(this.store, this.clock, SEAL_STREAM, tail.revision, [event]);
    this.telemetry.appended(Math.max(0, this.clock.monotonic() - startedMs) / 1000, 1);
    this.telemetry.eventRecorded(type, {});
    return events[0] as RecordedEvent;
  }

  /** Its id says for which place in the stream it was meant, so that a repeated append finds its first attempt. */
  private newEvent(tail: SealTail, type: SealEventType, data: object, origin: CommandOrigin): NewEvent {
    const { actor, source, commandId, causationId = commandId, traceparent } = origin;
    const revision = tail.revision === 'none' ? 0 : tail.revision + 1;
    return {
      id: eventId(SEAL_STREAM, commandId, revision),
      type,
      schemaVersion: SEAL_SCHEMA_VERSIONS[type],
      data: data as JsonObject,
      metadata: {
        time: new Date(this.clock.now()).toISOString(),
        ...{ actor, source, commandId, causationId, correlationId: '' },
        ...(traceparent !== undefined && { traceparent }),
      },
    };
  }
}

/** Position up to which a tail's newest seal covers the log, and how many events that are. */
export const coveredBy = (
  { newest }: SealTail,
  start: Position,
): { readonly total: number; readonly position: Position } =>
  newest === undefined
    ? { total: 0, position: start }
    : { total: newest.seal.from + newest.seal.events, position: newest.seal.position as Position };

/** @throws SealingError when the event is not one of the seal log as this program knows it */
export function understood(recorded: RecordedEvent): RecordedSealEvent {
  try {
    return { recorded, event: parseSealEvent(recorded) };
  } catch (error) {
    if (!(error instanceof SealFormatError)) throw error;
    throw new SealingError(
      `the seal log cannot be read at revision ${recorded.revision}: ${error.message}. Run "wfe verify" to see what is ` +
        'damaged, put back a good copy of the log, or use the program that wrote it if it is newer than this one',
    );
  }
}
