import { sha256Hex } from '#execution';
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

/** A place in the list of what was asked, as an opaque text. */
export function cursorOf(asked: object, { createdAt, id }: Place): string {
  return Buffer.from(JSON.stringify([VERSION, fingerprint(asked), createdAt, id])).toString('base64url');
}

/** @throws CursorError when it was not given here, or for something else that was asked */
export function placeOf(asked: object, cursor: string): Place {
  const [version, filtered, createdAt, id] = fieldsOf(cursor);
  if (version !== VERSION || typeof createdAt !== 'string' || typeof id !== 'string')
    throw new CursorError('expected a cursor as given with a page; found something else: begin again without one');
  if (filtered !== fingerprint(asked))
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

/** The same for all that ask for the same, whatever the order of their keys. */
function fingerprint(asked: object): string {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined);
  return sha256Hex(JSON.stringify(given.sort(([a], [b]) => (a < b ? -1 : 1)))).slice(0, 16);
}
