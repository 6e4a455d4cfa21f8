import type { Direction, Position } from '#event-store';

/** The cursor was not given by this list, or by one in the other direction. */
export class LogCursorError extends Error {
  override readonly name = 'LogCursorError';
}

const FORMAT = 'log1';
const CURSOR_CHARACTERS = 300;

/** Where a page ended. It holds a place in the log, so what is appended later moves nothing. */
export function cursorOf(direction: Direction, position: Position): string {
  return Buffer.from(JSON.stringify([FORMAT, direction, position])).toString('base64url');
}

/** @throws LogCursorError */
export function positionOf(cursor: string, direction: Direction): Position {
  const [format, towards, position] = parsed(cursor);
  if (format !== FORMAT || typeof position !== 'string')
    throw new LogCursorError('expected a cursor as this list gave it, found something else');
  if (towards !== direction)
    throw new LogCursorError(
      `expected a cursor of a list in the same order (${direction}), found one ${String(towards)}`,
    );
  return position as Position;
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
