import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventTexts, Link, LogFilter, LogSlice, Position, StoreFault, StreamSlice, TextsSlice } from '../port.ts';
import type { Positions } from '../positions.ts';
import type { StreamRead } from '../reading.ts';
import type { EventRow } from './rows.ts';
import { CorruptionError, StreamNotFoundError, UnavailableError } from '../errors.ts';
import { prefixesOf, readLimit } from '../reading.ts';
import { linksOf } from './link-reader.ts';
import { LogPages } from './log-pages.ts';
import { notApplied, sqliteFault } from './faults.ts';
import { ReadingThreads } from './reading-threads.ts';
import { isArchived, recordedEvent, sizeOf } from './rows.ts';
import { selfCheckOf } from './self-checker.ts';
import { isOutOfRange, TextPages } from './texts.ts';

/** Characters of events one page holds; a page ends early rather than keep the event loop or the memory busy. */
const PAGE_CHARACTERS = 1024 * 1024;

/** Reads what is committed, in bounded pages, each from one snapshot of the file. */
export class Reader {
  readonly #streamEnd: StatementSync;
  readonly #forwards: StatementSync;
  readonly #backwards: StatementSync;
  readonly #byPosition: StatementSync;
  readonly #pages: LogPages;
  readonly #texts: TextPages;
  readonly #threads = new ReadingThreads();

  constructor(
    private readonly db: DatabaseSync,
    private readonly file: string,
    private readonly positions: Positions,
  ) {
    this.#streamEnd = db.prepare('SELECT revision FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1');
    this.#forwards = db.prepare('SELECT * FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?');
    this.#backwards = db.prepare(
      'SELECT * FROM events WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?',
    );
    this.#byPosition = db.prepare('SELECT * FROM events WHERE position = ?');
    this.#pages = new LogPages(db);
    this.#texts = new TextPages(db, positions);
  }

  readStream(stream: string, { from, direction, limit }: StreamRead): StreamSlice {
    return this.#snapshot(() => {
      const end = this.#streamEnd.get(stream);
      if (end === undefined) throw new StreamNotFoundError(stream);
      const last = Number(end['revision']);
      const step = direction === 'forwards' ? 1 : -1;
      const first = from === 'end' ? last : direction === 'forwards' ? from : Math.min(from, last);
      const statement = direction === 'forwards' ? this.#forwards : this.#backwards;
      const rows = bounded(statement.iterate(stream, first, limit) as Iterable<EventRow>);
      const next = (rows.at(-1)?.revision ?? last) + step;
      const events = rows.filter((row) => !isArchived(row)).map((row) => recordedEvent(row, this.positions));
      return { events, next: rows.length > 0 && next >= 0 && next <= last ? next : undefined };
    });
  }

  readAll(after: Position, filter: LogFilter | undefined, limit: number | undefined): LogSlice {
    const atMost = readLimit(limit, 'readAll');
    const prefixes = prefixesOf(filter);
    return this.#snapshot(() => {
      const head = this.#pages.head();
      const page = this.#pages.after(this.positions.within(after, head), head, prefixes, atMost);
      const rows = bounded(this.#rowsAt(page.positions));
      const isCut = rows.length < page.positions.length;
      const upTo = isCut ? rows.at(-1)!.position : page.upTo;
      return {
        events: rows.filter((row) => !isArchived(row)).map((row) => recordedEvent(row, this.positions)),
        next: this.positions.at(upTo),
        end: upTo === head,
      };
    });
  }

  readTexts(after: Position, limit: number | undefined): TextsSlice {
    const atMost = readLimit(limit, 'readTexts');
    return this.#snapshot(() => this.#texts.after(this.positions.within(after, this.#texts.head()), atMost));
  }

  async *links(): AsyncGenerator<readonly Link[]> {
    this.mustBeOpen();
    yield* linksOf(this.file, this.positions, this.#threads);
  }

  textsAt(stream: string, revision: number): EventTexts | undefined {
    return this.#snapshot(() => this.#texts.at(stream, revision));
  }

  selfCheck(signal: AbortSignal | undefined): Promise<readonly StoreFault[]> {
    this.mustBeOpen();
    return selfCheckOf(this.file, this.positions, this.#threads, signal);
  }

  head(): Position {
    return this.#snapshot(() => this.positions.at(this.#pages.head()));
  }

  /** @throws UnavailableError */
  mustBeOpen(): void {
    if (!this.db.isOpen) throw new UnavailableError(`event store ${this.file}: it is closed`);
  }

  /** Whoever is going over the log is told that it ended early. */
  async close(timeoutMs: number): Promise<void> {
    if (this.db.isOpen) this.db.close();
    await this.#threads.endAll(timeoutMs);
  }

  *#rowsAt(positions: readonly number[]): Iterable<EventRow> {
    for (const position of positions) yield this.#byPosition.get(position) as unknown as EventRow;
  }

  #snapshot<T>(read: () => T): T {
    this.mustBeOpen();
    try {
      this.db.exec('BEGIN');
      return read();
    } catch (error) {
      if (isOutOfRange(error))
        throw new CorruptionError(`event store ${this.file}: it holds a number larger than any this program wrote`);
      if (error instanceof Error && 'errcode' in error) throw notApplied(sqliteFault(error), this.file, 'read');
      throw error;
    } finally {
      if (this.db.isTransaction) this.db.exec('COMMIT');
    }
  }
}

/** Rows until the page is full; always at least one when there is one. */
function bounded(rows: Iterable<EventRow>): EventRow[] {
  const page: EventRow[] = [];
  let characters = 0;
  for (const row of rows) {
    page.push(row);
    characters += sizeOf(row);
    if (characters >= PAGE_CHARACTERS) break;
  }
  return page;
}
