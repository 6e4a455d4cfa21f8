import type { Direction, EventStore, Position, RecordedEvent } from '#event-store';
import { START } from '#event-store';
import { STREAM_CATEGORY, streamOf } from '#execution';
import type { EventFilter, LogIndex } from '../log-index.ts';
import { cursorOf, positionOf } from './cursor.ts';
import { EventMatching } from './event-matching.ts';
import { eventsAt } from './places.ts';

export interface LogReaderParts {
  readonly store: Pick<EventStore, 'readAll' | 'readStream' | 'textsAt' | 'subscribe' | 'head' | 'compare'>;
  readonly index: Pick<LogIndex, 'events'>;
}

export interface LogQuery {
  readonly filter: EventFilter;
  readonly direction: Direction;
  /** 1 to 1,000. */
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string;
  /** Without a cursor: the place to begin after (exclusive; backwards: before). Absent: the beginning, or the end. */
  readonly from?: Position;
}

export interface EventPage {
  readonly items: readonly RecordedEvent[];
  /** Cursor of the page after this one. Absent when nothing was left. */
  readonly next?: string;
  /** True when nothing was left in that direction. A page may be short, or empty, without being the end. */
  readonly end: boolean;
  /** Place up to which the log was looked at: where to go on later, when more has been appended. */
  readonly position: Position;
}

export type LogMessage =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  /** Everything up to here was told, or did not match. */
  | { readonly kind: 'position'; readonly position: Position };

/** Events read from the log at once: what one reader costs, beside what it was given and has not taken. */
const CHUNK = 64;
/** What a page holds beyond its first event, by the length of their JSON. */
const PAGE_CHARACTERS = 8 * 1024 * 1024;
/** Chunks looked at for one page. */
const MAX_LOOKS = 64;

/** The events of executions, in the order of the log: in pages, or followed as they come. */
export class LogReader {
  private readonly matching: EventMatching;

  constructor(private readonly parts: LogReaderParts) {
    this.matching = new EventMatching(parts.store);
  }

  /**
   * One page. It ends before its limit when its events are large, or when much had to be looked at.
   * @throws LogCursorError, PositionError
   */
  async page({ filter, direction, limit, cursor, from }: LogQuery): Promise<EventPage> {
    const items: RecordedEvent[] = [];
    const next = (position: Position): string => cursorOf(filter, direction, position);
    let place = cursor === undefined ? from : positionOf(cursor, filter, direction);
    let characters = 0;
    for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
      const chunk = await this.chunk(filter, direction, place, Math.min(CHUNK, limit - items.length));
      for (const event of chunk.events) {
        characters += JSON.stringify(event.data).length;
        if (items.length > 0 && characters > PAGE_CHARACTERS) return pageOf(items, place!, false, next);
        items.push(event);
        place = event.position;
      }
      place = chunk.next;
      if (chunk.end || items.length >= limit) return pageOf(items, place, chunk.end, next);
    }
    return pageOf(items, place ?? START, false, next);
  }

  /**
   * Everything that matches after a place, history first and then live, without a gap and without telling anything
   * twice. Ends when the signal aborts or the store closes.
   * @throws PositionError when the place is another log's, or beyond the end of this one
   */
  async *follow(filter: EventFilter, after: Position, signal: AbortSignal): AsyncGenerator<LogMessage> {
    let position = after;
    if (hasConditions(filter)) {
      for (let isEnd = false; !isEnd && !signal.aborted;) {
        const chunk = await this.chunk(filter, 'forwards', position, CHUNK);
        for (const event of chunk.events) yield { kind: 'event', event };
        yield { kind: 'position', position: (position = chunk.next) };
        isEnd = chunk.end;
      }
    }
    yield* this.live(filter, position, signal);
  }

  /** @throws PositionError when no page and no follower can begin there */
  async mustKnow(position: Position): Promise<void> {
    await this.parts.store.readAll(position, undefined, 1);
  }

  head(): Promise<Position> {
    return this.parts.store.head();
  }

  /** Whether one event passes a filter; as in `page` and `follow`. */
  matches(filter: EventFilter, event: RecordedEvent): Promise<boolean> {
    return this.matching.matches(filter, event);
  }

  /** Reads in small chunks, and lets a subscription say when there is more: a reader that is slow holds one chunk. */
  private async *live(filter: EventFilter, after: Position, signal: AbortSignal): AsyncGenerator<LogMessage> {
    const { store } = this.parts;
    let position = after;
    for (let hasMore = true; hasMore && !signal.aborted;) {
      const chunk = await store.readAll(position, streamsOf(filter), CHUNK);
      for (const event of chunk.events) if (await this.matching.matches(filter, event)) yield { kind: 'event', event };
      yield { kind: 'position', position: (position = chunk.next) };
      hasMore = !chunk.end;
      if (hasMore) continue;
      for await (const message of store.subscribe(position, streamsOf(filter), signal)) {
        if ((hasMore = message.kind === 'event')) break;
        yield { kind: 'position', position: (position = message.position) };
      }
    }
  }

  /** Forwards and without conditions, the log itself answers; the index knows everything else. */
  private async chunk(
    filter: EventFilter,
    direction: Direction,
    from: Position | undefined,
    limit: number,
  ): Promise<{ readonly events: readonly RecordedEvent[]; readonly next: Position; readonly end: boolean }> {
    const { store, index } = this.parts;
    if (direction === 'forwards' && !hasConditions(filter))
      return store.readAll(from ?? START, streamsOf(filter), limit);
    const start = from ?? (direction === 'forwards' ? START : 'end');
    const { places, next, end } = await index.events(filter, { from: start, direction, limit });
    return { events: await eventsAt(store, places), next, end };
  }
}

function pageOf(
  items: readonly RecordedEvent[],
  position: Position,
  end: boolean,
  cursorAt: (position: Position) => string,
): EventPage {
  return { items, end, position, ...(!end && { next: cursorAt(position) }) };
}

const hasConditions = (filter: EventFilter): boolean => Object.values(filter).some((value) => value !== undefined);

/** Streams that can hold a match. */
const streamsOf = ({ executionId }: EventFilter) => ({
  streamPrefixes: [executionId === undefined ? `${STREAM_CATEGORY}-` : streamOf(executionId)],
});
