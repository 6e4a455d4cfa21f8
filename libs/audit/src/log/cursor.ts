import type { Direction, Position } from '#event-store';
import { sha256Hex } from '#execution';
import type { EventFilter } from '../log-index.ts';

/** The cursor was not given by this list, or by one with other filters or in the other direction. */
export class LogCursorError extends Error {
  override readonly name = 'LogCursorError';
}

const FORMAT = 'log1';
const CURSOR_CHARACTERS = 300;

/** Where a page ended. It holds a place in the log, so what is appended later moves nothing. */
export function cursorOf(filter: EventFilter, direction: Direction, position: Position): string {
  return Buffer.from(JSON.stringify([FORMAT, direction, position, fingerprint(filter)])).toString('base64url');
}

/** @throws LogCursorError */
export function positionOf(cursor: string, filter: EventFilter, direction: Direction): Position {
  const [format, towards, position, filtered] = parsed(cursor);
  if (format !== FORMAT || typeof position !== 'string')
    throw new LogCursorError('expected a cursor as this list gave it, found something else');
  if (towards !== direction)
    throw new LogCursorError(
      `expected a cursor of a list in the same order (${direction}), found one ${String(towards)}`,
    );
  if (filtered !== fingerprint(filter))
    throw new LogCursorError(
      'expected a cursor of a list with the same filters, found one of another; begin without one',
    );
  return position as Position;
}

/** The same for filters that ask for the same, in whatever order. */
function fingerprint(filter: EventFilter): string {
  const asked = Object.entries(filter).filter(([, value]) => value !== undefined);
  return sha256Hex(JSON.stringify(asked.sort(([a], [b]) => (a < b ? -1 : 1)))).slice(0, 16);
}

function parsed(cursor: string): readonly unknown[] {
  if (cursor.length > CURSOR_CHARACTERS) return [];
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
