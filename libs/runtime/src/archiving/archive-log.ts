import type { EventStore, RecordedEvent } from '#event-store';
import { StreamNotFoundError } from '#event-store';
import type { ArchiveRef, JsonObject } from '#execution';
import type { Clock } from '#kubernetes';
import { appendUntilKnown } from '../append-until-known.ts';
import type { CommandOrigin } from '../dispatcher.ts';
import { eventId } from '../ids.ts';

/** Where it is recorded which archives were written. */
export const ARCHIVE_STREAM = 'archive-log';
export const ARCHIVE_WRITTEN = 'ArchiveWritten';
const SCHEMA_VERSION = 1;

/** One execution in an archive: its first `events` events are in the file. */
export interface ArchivedHistory {
  readonly executionId: string;
  readonly events: number;
}

/** A file of whole histories, written and verified. */
export interface WrittenArchive {
  readonly archive: ArchiveRef;
  readonly bytes: number;
  readonly executions: readonly ArchivedHistory[];
}

/** The record of all archives, in the log itself. */
export class ArchiveLog {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  /** The archive written last; undefined when there is none. @throws the errors of #event-store */
  async newest(): Promise<WrittenArchive | undefined> {
    const event = await this.last();
    return event && writtenOf(event);
  }

  /** Records that the file exists. From then on, texts it has may go. @throws the errors of #event-store */
  async record({ archive, bytes, executions }: WrittenArchive, origin: CommandOrigin): Promise<void> {
    const revision = (await this.last())?.revision;
    const { actor, source, commandId } = origin;
    const event = {
      id: eventId(ARCHIVE_STREAM, commandId, 0),
      type: ARCHIVE_WRITTEN,
      schemaVersion: SCHEMA_VERSION,
      data: { archive, bytes, executions } as unknown as JsonObject,
      metadata: {
        time: new Date(this.clock.now()).toISOString(),
        ...{ actor, source, commandId, correlationId: '', causationId: commandId },
      },
    };
    await appendUntilKnown(this.store, this.clock, ARCHIVE_STREAM, revision ?? 'none', [event]);
  }

  private async last(): Promise<RecordedEvent | undefined> {
    try {
      return (await this.store.readStream(ARCHIVE_STREAM, { direction: 'backwards', limit: 1 })).events[0];
    } catch (error) {
      if (error instanceof StreamNotFoundError) return undefined;
      throw error;
    }
  }
}

/** Here bytes become types: the shape was checked by whoever wrote it. */
function writtenOf(event: RecordedEvent): WrittenArchive {
  if (event.type !== ARCHIVE_WRITTEN || event.schemaVersion !== SCHEMA_VERSION)
    throw new Error(
      `${ARCHIVE_STREAM}@${event.revision}: expected ${ARCHIVE_WRITTEN} version ${SCHEMA_VERSION}; found ` +
        `${event.type} version ${event.schemaVersion}: use the program that wrote it, or a newer one`,
    );
  return event.data as unknown as WrittenArchive;
}
