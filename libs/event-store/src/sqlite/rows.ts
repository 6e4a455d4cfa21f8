import type { RecordedEvent } from '../port.ts';
import type { Positions } from '../positions.ts';
import { CorruptionError } from '../errors.ts';

/** A row of `events`. */
export interface EventRow {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly schema_version: number;
  readonly data: string;
  readonly metadata: string;
  readonly previous_hash: string;
  readonly hash: string;
}

/** An archived event keeps its row: its data is empty, which no event's can be, its metadata the name of the archive. */
export const isArchived = (row: Pick<EventRow, 'data'>): boolean => row.data === '';

/** @throws CorruptionError when a text is no longer JSON */
export function recordedEvent(row: EventRow, positions: Positions): RecordedEvent {
  return {
    id: row.id,
    type: row.type,
    schemaVersion: row.schema_version,
    data: parsed(row, 'data') as RecordedEvent['data'],
    metadata: parsed(row, 'metadata') as RecordedEvent['metadata'],
    stream: row.stream,
    revision: row.revision,
    position: positions.at(row.position),
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

function parsed(row: EventRow, part: 'data' | 'metadata'): unknown {
  try {
    return JSON.parse(row[part]);
  } catch {
    throw new CorruptionError(`stream ${row.stream}, revision ${row.revision}: ${part} is no JSON any more`);
  }
}

export function sizeOf(row: EventRow): number {
  return row.data.length + row.metadata.length;
}
