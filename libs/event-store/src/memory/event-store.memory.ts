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
import { START } from '../port.ts';
import type { StreamRead } from '../reading.ts';
import { ConcurrencyError, StreamNotFoundError, UnavailableError } from '../errors.ts';
import { HeadSignal } from '../head-signal.ts';
import { placementOf } from '../placement.ts';
import { prepareAppend, prepareArchiving } from '../prepare.ts';
import { readLimit, streamRead } from '../reading.ts';
import { Subscriptions } from '../subscription.ts';
import { appendResult } from '../append-result.ts';
import { MemoryLog } from './log.memory.ts';

/**
 * The port in memory, for simulation and fast tests: same rules, same errors, no timers, no randomness but the store id.
 * A second store over the same `MemoryLog` is the first one after a restart.
 */
export class MemoryEventStore implements EventStore {
  readonly #log: MemoryLog;
  readonly #head = new HeadSignal();
  readonly #subscriptions: Subscriptions;

  constructor(log: MemoryLog = new MemoryLog()) {
    this.#log = log;
    this.#subscriptions = new Subscriptions(this, this.#head);
  }

  get storeId(): string {
    return this.#log.storeId;
  }

  /** How many subscriptions are being consumed now. */
  get openSubscriptions(): number {
    return this.#subscriptions.open;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    this.#mustBeOpen();
    const prepared = prepareAppend(stream, expected, events);
    const before = this.#log.stream(stream);
    const ids = prepared.events.map((event) => event.id);
    const placement = placementOf(expected, ids, {
      last: before.length - 1,
      idAt: (revision) => before[revision]?.id,
    });
    if (placement.kind === 'conflict') throw new ConcurrencyError(stream, expected, placement.actual);
    if (placement.kind === 'append') {
      this.#log.write(stream, prepared.events);
      this.#head.moved();
    }
    const recorded = this.#log.stream(stream).slice(placement.revision, placement.revision + ids.length);
    return appendResult(recorded, placement.kind === 'repeated');
  }

  async readStream(stream: string, options?: Partial<StreamRead>): Promise<StreamSlice> {
    this.#mustBeOpen();
    const { from, direction, limit } = streamRead(stream, options);
    const all = this.#log.stream(stream);
    const last = all.length - 1;
    if (last < 0) throw new StreamNotFoundError(stream);
    if (direction === 'forwards') {
      const first = from as number;
      const end = first + limit;
      return { events: this.#kept(all.slice(first, end)), next: end <= last ? end : undefined };
    }
    const first = from === 'end' ? last : Math.min(from, last);
    const next = first - limit;
    const events = this.#kept(all.slice(Math.max(next + 1, 0), first + 1)).reverse();
    return { events, next: next >= 0 ? next : undefined };
  }

  async readAll(after: Position, filter?: LogFilter, limit?: number): Promise<LogSlice> {
    this.#mustBeOpen();
    const from = this.#log.positions.within(after, this.#log.events.length);
    const { events, upTo } = this.#log.scan(from, filter, readLimit(limit, 'readAll'));
    return { events, next: this.#log.positions.at(upTo), end: upTo === this.#log.events.length };
  }

  async readTexts(after: Position, limit?: number): Promise<TextsSlice> {
    this.#mustBeOpen();
    const { events } = this.#log;
    const from = this.#log.positions.within(after, events.length);
    const entries = events.slice(from, from + readLimit(limit, 'readTexts')).map((event) => this.#log.textsOf(event));
    const upTo = from + entries.length;
    return { entries, next: this.#log.positions.at(upTo), end: upTo === events.length };
  }

  async *links(): AsyncGenerator<readonly Link[]> {
    for (let after = START, end = false; !end;) {
      const slice = await this.readTexts(after);
      yield slice.entries;
      ({ next: after, end } = slice);
    }
  }

  async textsAt(stream: string, revision: number): Promise<EventTexts | undefined> {
    this.#mustBeOpen();
    const event = this.#log.stream(stream)[revision];
    return event && this.#log.textsOf(event);
  }

  subscribe(after: Position, filter: LogFilter = {}, signal?: AbortSignal): AsyncIterable<SubscriptionMessage> {
    this.#mustBeOpen();
    return this.#subscriptions.follow(after, filter, signal);
  }

  async head(): Promise<Position> {
    this.#mustBeOpen();
    return this.#log.positions.at(this.#log.events.length);
  }

  compare(a: Position, b: Position): number {
    return this.#log.positions.compare(a, b);
  }

  follows(a: Position, b: Position): boolean {
    return this.#log.positions.follows(a, b);
  }

  /** Nothing but the events is kept, so nothing but the events can be wrong. */
  async selfCheck(signal?: AbortSignal): Promise<readonly StoreFault[]> {
    signal?.throwIfAborted();
    this.#mustBeOpen();
    return [];
  }

  async archive(stream: string, events: number, archive: string): Promise<void> {
    this.#mustBeOpen();
    prepareArchiving(stream, events, archive);
    const last = this.#log.stream(stream).length - 1;
    if (last < events) throw new ConcurrencyError(stream, events, last < 0 ? 'none' : last);
    this.#log.archive(stream, events, archive);
  }

  async probe(): Promise<void> {
    this.#mustBeOpen();
  }

  async close(): Promise<void> {
    this.#head.close();
  }

  #kept(events: readonly RecordedEvent[]): RecordedEvent[] {
    return events.filter((event) => !this.#log.isArchived(event));
  }

  #mustBeOpen(): void {
    if (this.#head.isClosed) throw new UnavailableError('the event store is closed');
  }
}
