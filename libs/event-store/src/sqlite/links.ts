import { hash as digest } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Positions } from '../positions.ts';
import type { LinkColumns } from './sound-runs.ts';
import { DATA_END, GENESIS_HASH } from '../hash-chain.ts';
import { STORE_LIMITS } from '../port.ts';
import { SoundRuns } from './sound-runs.ts';
import { TextPages, TEXTS } from './texts.ts';

/** Rows fetched at a time. */
const CHUNK_ROWS = 64;
/** Positions that are read at once; whole chunks, so that what needs care is cut in the same places everywhere. */
export const RANGE_POSITIONS = 16 * CHUNK_ROWS;

/** Stream and hash are seen to be text as they come, and so is `id` by its first quote, with which DATA_END ends. */
const isText = ['type', 'data', 'metadata', 'previous_hash'].map((name) => `typeof(${name}) = 'text'`).join(' AND ');
const octets = TEXTS.map((name) => `octet_length(${name})`).join(' + ');

/** What was hashed (hash-chain.ts), put together by SQLite, of a row that is as the program writes them. */
const hashedText = `
  iif(${isText} AND data <> '' AND ${octets} <= ${STORE_LIMITS.eventBytes}
      AND octet_length(previous_hash) = ${GENESIS_HASH.length},
    concat(previous_hash, '{"data":', data, ',"id":', json_quote(id), ',"metadata":', metadata, ',"revision":', revision,
      ',"schemaVersion":', schema_version, ',"stream":', json_quote(stream), ',"type":', json_quote(type), '}'),
    NULL)`;

export const LINK_STATEMENTS = {
  rows: `
    SELECT position, revision, schema_version, stream, hash, ${hashedText} FROM events
    WHERE position > ? AND position <= ? ORDER BY position LIMIT ${CHUNK_ROWS}`,
  following: `
    SELECT position FROM events WHERE position > ? AND position <= ${Number.MAX_SAFE_INTEGER} ORDER BY position LIMIT 1`,
} as const;

/** A part of the log: the positions after one, up to another. */
export interface LogRange {
  readonly after: number;
  readonly upTo: number;
}

export interface LinkPage {
  readonly links: readonly LinkColumns[];
  /** After which position the log goes on, within the range or behind it; undefined when the log ends here. */
  readonly next: number | undefined;
}

type Row = readonly [
  position: number,
  revision: number,
  schemaVersion: number,
  stream: string,
  hash: string,
  hashedText: string,
];

/**
 * Reads a range of the log and hashes it. Fast where all is well, which is nearly everywhere: SQLite puts the text together,
 * and whatever is not exactly right is read again with care.
 */
export class LinkPages {
  readonly #rows: StatementSync;
  readonly #following: StatementSync;
  readonly #texts: TextPages;

  constructor(db: DatabaseSync, positions: Positions) {
    this.#rows = db.prepare(LINK_STATEMENTS.rows);
    this.#following = db.prepare(LINK_STATEMENTS.following);
    for (const statement of [this.#rows, this.#following]) statement.setReturnArrays(true);
    this.#texts = new TextPages(db, positions);
  }

  /** The range, or the first part of it where much needs care. @throws what node:sqlite throws */
  next({ after, upTo }: LogRange): LinkPage {
    const runs = new SoundRuns(after);
    let isMore = true;
    try {
      while (isMore && runs.upTo < upTo && runs.texts < CHUNK_ROWS) isMore = this.#chunk(runs, upTo);
    } catch (error) {
      // What was read before comes first; asked for again, it throws again.
      if (runs.upTo === after) throw error;
    }
    return { links: runs.links, next: isMore ? runs.upTo : this.#onwards(runs.upTo) };
  }

  /** False when the range holds no more. */
  #chunk(runs: SoundRuns, upTo: number): boolean {
    const rows = this.#fetched(runs.upTo, upTo);
    if (rows === undefined) return this.#withCare(runs, upTo);
    const sound = rows.map(isSound);
    for (let index = 0; index < rows.length; index += 1) {
      if (sound[index]) runs.add(soundRow(rows[index]!));
      else {
        while (sound[index + 1] === false) index += 1;
        const [last] = rows[index]!;
        while (runs.upTo < last && this.#withCare(runs, last));
      }
    }
    return rows.length === CHUNK_ROWS;
  }

  #fetched(after: number, upTo: number): readonly Row[] | undefined {
    try {
      return this.#rows.all(after, upTo) as unknown as Row[];
    } catch {
      return undefined; // read with care, it throws again, or is an answer
    }
  }

  /** False when there is no more up to there. */
  #withCare(runs: SoundRuns, upTo: number): boolean {
    const { entries, upTo: read, end } = this.#texts.numbered(runs.upTo, upTo, CHUNK_ROWS);
    runs.addTexts(entries, read);
    return !end;
  }

  /** Before the next event there is: positions that nothing stands at are many, where somebody made a gap. */
  #onwards(after: number): number | undefined {
    const row = this.#following.get(after) as unknown as readonly [number] | undefined;
    return row && row[0] - 1;
  }
}

/** The hash fits, no byte was read as another character than it is, and the parts can be told apart in one way only. */
function isSound([, revision, schemaVersion, stream, hash, text]: readonly unknown[]): boolean {
  if (typeof text !== 'string' || typeof stream !== 'string') return false;
  if (!Number.isSafeInteger(revision) || !Number.isSafeInteger(schemaVersion)) return false;
  if (digest('sha256', text, 'hex') !== hash || text.includes('\ufffd')) return false;
  const dataEnd = text.indexOf(DATA_END);
  return dataEnd >= 0 && !text.includes(DATA_END, dataEnd + 1);
}

const soundRow = ([position, revision, , stream, hash, text]: Row) => ({
  position,
  revision,
  stream,
  previousHash: text.slice(0, GENESIS_HASH.length),
  hash,
});
