import { sha256Hex } from '#execution';
import type { ExecutionFilter } from '#runtime';
import { CursorError } from '#runtime';

/** The last row of a page; the next page begins after it. */
export interface Place {
  readonly createdAt: string;
  readonly id: string;
}

const VERSION = 1;
/** Longest cursor looked at; the ones given here are far shorter. */
const LONGEST = 2048;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** A place in the list of one filter, as an opaque text. */
export function cursorOf(filter: ExecutionFilter, { createdAt, id }: Place): string {
  return Buffer.from(JSON.stringify([VERSION, fingerprint(filter), createdAt, id])).toString('base64url');
}

/** @throws CursorError when it was not given here, or for another filter */
export function placeOf(filter: ExecutionFilter, cursor: string): Place {
  const [version, filtered, createdAt, id] = fieldsOf(cursor);
  if (version !== VERSION || typeof createdAt !== 'string' || typeof id !== 'string')
    throw new CursorError('expected a cursor as given with a page; found something else: begin again without one');
  if (filtered !== fingerprint(filter))
    throw new CursorError('the cursor belongs to a list with other filters: begin again without one');
  return { createdAt, id };
}

function fieldsOf(cursor: string): readonly unknown[] {
  if (cursor.length > LONGEST || !BASE64URL.test(cursor)) return [];
  try {
    const fields: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(fields) && fields.length === 4 ? (fields as unknown[]) : [];
  } catch {
    return [];
  }
}

/** The same for filters that ask for the same, whatever the order of their keys. */
function fingerprint(filter: ExecutionFilter): string {
  const asked = Object.entries(filter).filter(([, value]) => value !== undefined);
  return sha256Hex(JSON.stringify(asked.sort(([a], [b]) => (a < b ? -1 : 1)))).slice(0, 16);
}
