import type { NewEvent } from '#execution';
import type {
  AppendResult,
  EventStore,
  EventTexts,
  ExpectedRevision,
  Link,
  LogFilter,
  LogSlice,
  Position,
  RecordedEvent,
  StoreFault,
  StreamSlice,
  SubscriptionMessage,
  TextsSlice,
} from '../port.ts';
import type { HeadSignal } from '../head-signal.ts';
import type { Positions } from '../positions.ts';
import type { PreparedAppend } from '../prepare.ts';
import type { StreamRead } from '../reading.ts';
import type { FileLock } from './lock.ts';
import type { AppendSuccess, ArchiveOutcome } from './protocol.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';
import { appendResult } from '../append-result.ts';
import { ConcurrencyError, OutcomeUnknownError } from '../errors.ts';
import { prepareAppend, prepareArchiving } from '../prepare.ts';
import { streamRead } from '../reading.ts';
import { Subscriptions } from '../subscription.ts';

/** How long `close` waits for appends that were accepted. */
const CLOSE_TIMEOUT_MS = 10_000;

export interface SqliteParts {
  readonly positions: Positions;
  readonly writer: Writer;
  readonly reader: Reader;
  readonly lock: FileLock;
  readonly head: HeadSignal;
}

/** The log in one SQLite file: writes in a thread of its own, reads here in short pages. Made by `openSqliteEventStore`. */
export class SqliteEventStore implements EventStore {
  readonly #parts: SqliteParts;
  readonly #subscriptions: Subscriptions;
  #closing: Promise<void> | undefined;

  constructor(parts: SqliteParts) {
    this.#parts = parts;
    this.#subscriptions = new Subscriptions(this, parts.head);
  }

  get storeId(): string {
    return this.#parts.positions.storeId;
  }

  /** How many subscriptions are being consumed now. */
  get openSubscriptions(): number {
    return this.#subscriptions.open;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    const prepared = prepareAppend(stream, expected, events);
    const outcome = (await this.#parts.writer.submit({ kind: 'append', ...prepared })) as AppendSuccess;
    switch (outcome.kind) {
      case 'appended':
        return appendResult(this.#recorded(prepared, outcome), false);
      case 'repeated':
        return appendResult(this.#readBack(stream, outcome.revision, prepared.events.length), true);
      case 'conflict':
        throw new ConcurrencyError(stream, expected, outcome.actual);
    }
  }

  async readStream(stream: string, options?: Partial<StreamRead>): Promise<StreamSlice> {
    return this.#parts.reader.readStream(stream, streamRead(stream, options));
  }

  /** One page for each turn of the event loop: whoever reads all of a long log lets others work in between. */
  async readAll(after: Position, filter?: LogFilter, limit?: number): Promise<LogSlice> {
    await nextTurn();
    return this.#parts.reader.readAll(after, filter, limit);
  }

  /** One page for each turn of the event loop. */
  async readTexts(after: Position, limit?: number): Promise<TextsSlice> {
    await nextTurn();
    return this.#parts.reader.readTexts(after, limit);
  }

  links(): AsyncIterable<readonly Link[]> {
    return this.#parts.reader.links();
  }

  async textsAt(stream: string, revision: number): Promise<EventTexts | undefined> {
    return this.#parts.reader.textsAt(stream, revision);
  }

  subscribe(after: Position, filter: LogFilter = {}, signal?: AbortSignal): AsyncIterable<SubscriptionMessage> {
    this.#parts.reader.mustBeOpen();
    return this.#subscriptions.follow(after, filter, signal);
  }

  async head(): Promise<Position> {
    return this.#parts.reader.head();
  }

  compare(a: Position, b: Position): number {
    return this.#parts.positions.compare(a, b);
  }

  follows(a: Position, b: Position): boolean {
    return this.#parts.positions.follows(a, b);
  }

  async selfCheck(signal?: AbortSignal): Promise<readonly StoreFault[]> {
    return this.#parts.reader.selfCheck(signal);
  }

  async archive(stream: string, events: number, archive: string): Promise<void> {
    prepareArchiving(stream, events, archive);
    const order = { kind: 'archive', stream, events, archive } as const;
    const outcome = (await this.#parts.writer.submit(order)) as ArchiveOutcome;
    if (outcome.kind === 'conflict') throw new ConcurrencyError(stream, events, outcome.actual);
  }

  async probe(): Promise<void> {
    await this.#parts.writer.submit({ kind: 'probe' });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { writer, reader, lock, head } = this.#parts;
    try {
      await writer.drain(CLOSE_TIMEOUT_MS);
      // Those answered last may be reading back what they repeated.
      await nextTurn();
      head.close();
      // Before the writer: the last connection to close is the one that folds the write-ahead log into the file.
      await reader.close(CLOSE_TIMEOUT_MS);
      await writer.stop(CLOSE_TIMEOUT_MS);
    } finally {
      lock.release();
    }
  }

  /** Built from the texts that were stored, so that it is what a reader will see, not what the caller still holds. */
  #recorded(append: PreparedAppend, outcome: Extract<AppendSuccess, { kind: 'appended' }>): RecordedEvent[] {
    return append.events.map(({ id, type, schemaVersion, dataText, metadataText }, index) => ({
      id,
      type,
      schemaVersion,
      data: JSON.parse(dataText) as RecordedEvent['data'],
      metadata: JSON.parse(metadataText) as RecordedEvent['metadata'],
      stream: append.stream,
      revision: outcome.revision + index,
      position: this.#parts.positions.at(outcome.position + index),
      previousHash: index === 0 ? outcome.previousHash : outcome.hashes[index - 1]!,
      hash: outcome.hashes[index]!,
    }));
  }

  /** The first attempt's events, page by page. @throws OutcomeUnknownError: they are there, but cannot be shown */
  #readBack(stream: string, revision: number, count: number): RecordedEvent[] {
    const found: RecordedEvent[] = [];
    try {
      for (let next: number | undefined = revision; next !== undefined && found.length < count;) {
        const read: StreamRead = { from: next, direction: 'forwards', limit: count - found.length };
        const page: StreamSlice = this.#parts.reader.readStream(stream, read);
        found.push(...page.events);
        next = page.next;
      }
      if (found.length === count) return found;
      throw new Error('its events were archived since');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new OutcomeUnknownError(`stream ${stream}: recorded before, but cannot be read back: ${reason}`);
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
