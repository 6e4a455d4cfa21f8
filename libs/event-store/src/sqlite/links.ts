import { hash as digest } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventTexts } from '../port.ts';
import type { Positions } from '../positions.ts';
import type { RunColumns } from './sound-runs.ts';
import { DATA_END, GENESIS_HASH } from '../hash-chain.ts';
import { STORE_LIMITS } from '../port.ts';
import { SoundRuns } from './sound-runs.ts';
import { TextPages, TEXTS } from './texts.ts';

/** Rows fetched at a time. */
const CHUNK_ROWS = 64;
/** Positions that are read at once; whole chunks, so that what needs care is cut in the same places everywhere. */
export const RANGE_POSITIONS = 16 * CHUNK_ROWS;

/** The others are seen to be text by what is made of them: `id` stands before DATA_END, which is sought, as a string. */
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

export type LinkPage = {
  /** After which position the log goes on, within the range or behind it; undefined when the log ends here. */
  readonly next: number | undefined;
} & (
  | { readonly kind: 'sound'; readonly runs: readonly RunColumns[] }
  /** Something among them is not sound, or archived: to be looked at one by one. */
  | { readonly kind: 'texts'; readonly entries: readonly EventTexts[] }
);

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
 * and a chunk of the log in which anything is not exactly right is read again with care.
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

  /** The range up to the first chunk that needs care, or that chunk. @throws what node:sqlite throws */
  next({ after, upTo }: LogRange): LinkPage {
    const runs = new SoundRuns();
    let read = after;
    while (read < upTo) {
      const rows = this.#soundRows(read, upTo);
      if (rows === undefined && read === after) return this.#withCare(after, upTo);
      if (rows === undefined) return { kind: 'sound', runs: runs.columns, next: read };
      for (const row of rows) runs.add(soundRow(row));
      read = rows.at(-1)?.[0] ?? read;
      if (rows.length < CHUNK_ROWS) break;
    }
    return { kind: 'sound', runs: runs.columns, next: read < upTo ? this.#onwards(read) : read };
  }

  /** Undefined when one of them is not sound. */
  #soundRows(after: number, upTo: number): readonly Row[] | undefined {
    try {
      const rows = this.#rows.all(after, upTo) as unknown as Row[];
      return rows.every(isSound) ? rows : undefined;
    } catch {
      return undefined; // read with care, it throws again, or is an answer
    }
  }

  #withCare(after: number, upTo: number): LinkPage {
    const { entries, upTo: read } = this.#texts.numbered(after, upTo, CHUNK_ROWS);
    return { kind: 'texts', entries, next: read < upTo ? this.#onwards(read) : read };
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
