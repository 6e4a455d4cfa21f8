import type { EventStore, Position, RecordedEvent } from '#event-store';
import { newestFirst, newestOf } from '#event-store';
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

/** What somebody who reads on from a place of the log does not find there. */
export interface ArchivedSince {
  /** Histories in archives that reach beyond the place. */
  readonly executions: number;
  /** Names of the files that have them, the newest first; of more than that, the newest. */
  readonly files: readonly string[];
}

/** Files that are named to whoever asks, at most. */
const FILES_NAMED = 100;
/** Records read at once: one names up to 500 histories. */
const PAGE = 20;

/** The record of all archives, in the log itself. */
export class ArchiveLog {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Pick<Clock, 'now' | 'sleep'>,
  ) {}

  /** The archives written last, at most so many, the newest first. @throws the errors of #event-store */
  async newest(atMost: number): Promise<readonly WrittenArchive[]> {
    const found: WrittenArchive[] = [];
    for await (const event of newestFirst(this.store, ARCHIVE_STREAM, { page: Math.min(PAGE, atMost) })) {
      found.push(writtenOf(event));
      if (found.length >= atMost) break;
    }
    return found;
  }

  /** What was archived of the events after a place; undefined when nothing was. @throws the errors of #event-store */
  async since(place: Position): Promise<ArchivedSince | undefined> {
    const files: string[] = [];
    let executions = 0;
    for await (const event of newestFirst(this.store, ARCHIVE_STREAM, { page: PAGE })) {
      if (this.store.compare(event.position, place) <= 0) break; // all it has is older still
      if (!this.reachesBeyond(event, place)) continue;
      const written = writtenOf(event);
      executions += written.executions.length;
      if (files.length < FILES_NAMED) files.push(written.archive.file);
    }
    return executions === 0 ? undefined : { executions, files };
  }

  /**
   * Records that the file exists. From then on, texts it has may go.
   * @param through place of the newest event in it
   * @throws the errors of #event-store
   */
  async record(
    { archive, bytes, executions }: WrittenArchive,
    through: Position,
    origin: CommandOrigin,
  ): Promise<void> {
    const revision = (await newestOf(this.store, ARCHIVE_STREAM))?.revision;
    const { actor, source, commandId } = origin;
    const event = {
      id: eventId(ARCHIVE_STREAM, commandId, 0),
      type: ARCHIVE_WRITTEN,
      schemaVersion: SCHEMA_VERSION,
      data: { archive, bytes, executions, through } as unknown as JsonObject,
      metadata: {
        time: new Date(this.clock.now()).toISOString(),
        ...{ actor, source, commandId, correlationId: '', causationId: commandId },
      },
    };
    await appendUntilKnown(this.store, this.clock, ARCHIVE_STREAM, revision ?? 'none', [event]);
  }

  /** A record that does not say how far it reaches counts as reaching there. */
  private reachesBeyond({ data }: RecordedEvent, place: Position): boolean {
    const { through } = data;
    return typeof through !== 'string' || this.store.compare(through as Position, place) > 0;
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
