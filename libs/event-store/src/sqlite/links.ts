import { hash as digest } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventTexts } from '../port.ts';
import type { Positions } from '../positions.ts';
import { DATA_END, GENESIS_HASH } from '../hash-chain.ts';
import { STORE_LIMITS } from '../port.ts';
import { TextPages, TEXTS } from './texts.ts';

/** Rows fetched at a time. */
const CHUNK_ROWS = 64;
/** Chunks of sound events handed over together. */
const PAGE_CHUNKS = 8;

const isText = TEXTS.map((name) => `typeof(${name}) = 'text'`).join(' AND ');
const octets = TEXTS.map((name) => `octet_length(${name})`).join(' + ');

/** What was hashed (hash-chain.ts), put together by SQLite, of a row that is as the program writes them. */
const hashedText = `
  iif(${isText} AND typeof(schema_version) = 'integer' AND abs(schema_version) <= ${Number.MAX_SAFE_INTEGER}
      AND data <> '' AND ${octets} <= ${STORE_LIMITS.eventBytes} AND octet_length(previous_hash) = ${GENESIS_HASH.length},
    previous_hash || '{"data":' || data || ',"id":' || json_quote(id) || ',"metadata":' || metadata
      || ',"revision":' || revision || ',"schemaVersion":' || schema_version
      || ',"stream":' || json_quote(stream) || ',"type":' || json_quote(type) || '}',
    NULL)`;

export const LINK_STATEMENT = `
  SELECT position, revision, stream, hash, ${hashedText} FROM events
  WHERE position > ? AND position <= ${Number.MAX_SAFE_INTEGER} ORDER BY position LIMIT ${CHUNK_ROWS}`;

/** Sound events, column by column: so they cost little on their way to another thread. */
export interface LinkColumns {
  readonly positions: number[];
  readonly revisions: number[];
  readonly streams: string[];
  readonly previousHashes: string[];
  readonly hashes: string[];
}

export type LinkPage = { readonly end: boolean } & (
  | { readonly kind: 'sound'; readonly links: LinkColumns }
  /** Something among them is not sound, or archived: to be looked at one by one. */
  | { readonly kind: 'texts'; readonly entries: readonly EventTexts[] }
);

type Row = readonly [position: number, revision: number, stream: string, hash: string, hashedText: string];

/**
 * Goes over the log once and hashes it. Fast where all is well, which is nearly everywhere: SQLite puts the text together,
 * and a chunk of the log in which anything is not exactly right is read again with care.
 */
export class LinkPages {
  readonly #rows: StatementSync;
  readonly #texts: TextPages;
  #after = 0;

  constructor(db: DatabaseSync, positions: Positions) {
    this.#rows = db.prepare(LINK_STATEMENT);
    this.#rows.setReturnArrays(true);
    this.#texts = new TextPages(db, positions);
  }

  /** @throws what node:sqlite throws */
  next(): LinkPage {
    const links: LinkColumns = { positions: [], revisions: [], streams: [], previousHashes: [], hashes: [] };
    for (let chunk = 0; chunk < PAGE_CHUNKS; chunk += 1) {
      const rows = this.#soundRows();
      if (rows === undefined) break;
      for (const row of rows) add(links, row);
      this.#after = rows.at(-1)?.[0] ?? this.#after;
      if (rows.length < CHUNK_ROWS) return { kind: 'sound', links, end: true };
    }
    return links.positions.length > 0 ? { kind: 'sound', links, end: false } : this.#withCare();
  }

  /** Undefined when one of them is not sound. */
  #soundRows(): readonly Row[] | undefined {
    try {
      const rows = this.#rows.all(this.#after) as unknown as Row[];
      return rows.every(isSound) ? rows : undefined;
    } catch {
      return undefined; // read with care, it throws again, or is an answer
    }
  }

  #withCare(): LinkPage {
    const { entries, upTo, end } = this.#texts.numbered(this.#after, CHUNK_ROWS);
    this.#after = upTo;
    return { kind: 'texts', entries, end };
  }
}

/** The hash fits, no byte was read as another character than it is, and the parts can be told apart in one way only. */
function isSound([, revision, stream, hash, text]: readonly unknown[]): boolean {
  if (typeof text !== 'string' || typeof stream !== 'string' || !Number.isSafeInteger(revision)) return false;
  if (digest('sha256', text, 'hex') !== hash || text.includes('\ufffd')) return false;
  return !text.includes(DATA_END, text.indexOf(DATA_END) + 1);
}

function add(links: LinkColumns, [position, revision, stream, hash, text]: Row): void {
  links.positions.push(position);
  links.revisions.push(revision);
  links.streams.push(stream);
  links.previousHashes.push(text.slice(0, GENESIS_HASH.length));
  links.hashes.push(hash);
}
