import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventTexts, TextsSlice, UnreadableTexts } from '../port.ts';
import type { Positions } from '../positions.ts';
import { STORE_LIMITS } from '../port.ts';
import { isArchiveName } from '../prepare.ts';

/** Rows fetched at a time, so that damage that made rows large costs little memory. */
const CHUNK_ROWS = 64;
/** Characters of one page. */
const PAGE_CHARACTERS = 1024 * 1024;

/** Columns of text, in the order in which they are fetched after `position`, `octets` and the two numbers. */
export const TEXTS = ['stream', 'id', 'type', 'data', 'metadata', 'previous_hash', 'hash'] as const;
/** A text larger than any event is not fetched at all. */
const fetched = TEXTS.map((name) => `iif(octet_length(${name}) <= ${STORE_LIMITS.eventBytes}, ${name}, NULL)`);
const octets = TEXTS.map((name) => `octet_length(${name})`).join(' + ');

export const TEXT_STATEMENTS = {
  head: `SELECT max(position) FROM events WHERE position <= ${Number.MAX_SAFE_INTEGER}`,
  page: `
    SELECT position, ${octets}, revision, schema_version, ${fetched.join(', ')} FROM events
    WHERE position > ? AND position <= ? ORDER BY position LIMIT ?`,
  at: `
    SELECT position, ${octets}, revision, schema_version, ${fetched.join(', ')} FROM events
    WHERE stream = ? AND revision = ? AND position <= ${Number.MAX_SAFE_INTEGER}`,
  bytes: `SELECT ${TEXTS.map((name) => `CAST(${name} AS BLOB)`).join(', ')} FROM events WHERE position = ?`,
} as const;

interface NumberedTexts {
  readonly entries: readonly EventTexts[];
  /** Position of the last one. */
  readonly upTo: number;
  readonly end: boolean;
}

/** What SQLite gives for a row: anything, when somebody has been at the file. */
type Cells = readonly unknown[];

/**
 * The log as texts, whatever stands in the rows. Text that is no UTF-8 would be read as something else than it is, so
 * what may have been is looked at as bytes.
 */
export class TextPages {
  readonly #head: StatementSync;
  readonly #page: StatementSync;
  /** The same, with whole numbers of any size: slower, so only where the other one stumbles. */
  readonly #wide: StatementSync;
  readonly #at: StatementSync;
  readonly #bytes: StatementSync;

  constructor(
    db: DatabaseSync,
    private readonly positions: Positions,
  ) {
    this.#head = db.prepare(TEXT_STATEMENTS.head);
    this.#page = db.prepare(TEXT_STATEMENTS.page);
    this.#wide = db.prepare(TEXT_STATEMENTS.page);
    this.#at = db.prepare(TEXT_STATEMENTS.at);
    this.#bytes = db.prepare(TEXT_STATEMENTS.bytes);
    for (const statement of [this.#head, this.#page, this.#wide, this.#at, this.#bytes])
      statement.setReturnArrays(true);
    for (const statement of [this.#wide, this.#at]) statement.setReadBigInts(true);
  }

  /** The newest position that can be counted. */
  head(): number {
    const [head] = this.#head.get() as unknown as [number | null];
    return Math.max(0, head ?? 0);
  }

  after(after: number, limit: number): TextsSlice {
    const { entries, upTo, end } = this.numbered(after, Number.MAX_SAFE_INTEGER, limit);
    return { entries, next: this.positions.at(upTo), end };
  }

  /** What stands after one number up to another. */
  numbered(after: number, last: number, limit: number): NumberedTexts {
    const entries: EventTexts[] = [];
    let upTo = after;
    let characters = 0;
    let isEnd = false;
    while (!isEnd && entries.length < limit && characters < PAGE_CHARACTERS) {
      const wanted = Math.min(CHUNK_ROWS, limit - entries.length);
      const rows = this.#rows(upTo, last, wanted);
      for (const row of rows) {
        entries.push(this.#entry(row));
        characters += typeof row[1] === 'number' ? row[1] : 0;
      }
      isEnd = rows.length < wanted;
      upTo = rows.length > 0 ? Number(rows.at(-1)![0]) : upTo;
    }
    return { entries, upTo, end: isEnd };
  }

  at(stream: string, revision: number): EventTexts | undefined {
    const row = this.#at.get(stream, revision) as unknown as Cells | undefined;
    return row && this.#entry(row.map(narrowed));
  }

  #rows(after: number, last: number, limit: number): readonly Cells[] {
    try {
      return this.#page.all(after, last, limit) as unknown as Cells[];
    } catch (error) {
      if (!isOutOfRange(error)) throw error;
      return (this.#wide.all(after, last, limit) as unknown as Cells[]).map((row) => row.map(narrowed));
    }
  }

  #entry(row: Cells): EventTexts {
    const number = row[0] as number;
    const position = this.positions.at(number);
    const problem = problemOf(row) ?? (isPlain(row) ? undefined : this.#encodingProblem(number));
    if (problem !== undefined) return { kind: 'unreadable', position, ...problem };
    const [, , revision, schemaVersion, stream, id, type, dataText, metadataText, previousHash, hash] = row as [
      ...[number, number, number, number],
      ...[string, string, string, string, string, string, string],
    ];
    const place = { position, stream, revision, id, type, schemaVersion, previousHash, hash };
    if (dataText !== '') return { kind: 'whole', ...place, dataText, metadataText };
    if (isArchiveName(metadataText)) return { kind: 'archived', ...place, archive: metadataText };
    return { kind: 'unreadable', position, expected: 'data, or the name of an archive that has it', found: 'neither' };
  }

  #encodingProblem(position: number): Problem | undefined {
    const bytes = this.#bytes.get(position) as unknown as readonly Uint8Array[];
    const wrong = TEXTS.find((_, index) => !isUtf8(bytes[index]!));
    return wrong === undefined ? undefined : { expected: `${wrong} to be UTF-8`, found: 'bytes that are not' };
  }
}

type Problem = Pick<UnreadableTexts, 'expected' | 'found'>;

/** Numbers and texts where they have to be. */
function problemOf(row: Cells): Problem | undefined {
  for (const [index, name] of ['revision', 'schema_version'].entries())
    if (!Number.isSafeInteger(row[index + 2]))
      return { expected: `${name} to be a whole number`, found: kindOf(row[index + 2]) };
  for (const [index, name] of TEXTS.entries())
    if (typeof row[index + 4] !== 'string')
      return {
        expected: `${name} to be text of at most ${STORE_LIMITS.eventBytes} bytes`,
        found: kindOf(row[index + 4]),
      };
  return undefined;
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing, or more than that';
  return typeof value === 'bigint' || typeof value === 'number' ? 'another number' : `a ${typeof value}`;
}

/** As many characters as bytes, and none of those that stand for bytes that are no text: read as it was written. */
function isPlain(row: Cells): boolean {
  let length = 0;
  for (let index = 4; index < row.length; index += 1) {
    const text = row[index] as string;
    if (text.includes('\ufffd')) return false;
    length += text.length;
  }
  return length === row[1];
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isUtf8(bytes: Uint8Array): boolean {
  try {
    UTF8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const narrowed = (cell: unknown): unknown =>
  typeof cell === 'bigint' && Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;

/** node:sqlite refuses to answer a whole number that JavaScript cannot hold exactly. */
export function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}
