import type { EventStore, LogFilter, Position, RecordedEvent } from '#event-store';
import { STREAM_CATEGORY } from '#execution';
import type { Clock } from '#kubernetes';

/** Events of executions. */
export const EXECUTIONS: LogFilter = { streamPrefixes: [`${STREAM_CATEGORY}-`] };
/** Events read at once. */
const CHUNK = 64;
const RETRY_MS = 1_000;

export interface SourceParts {
  readonly store: Pick<EventStore, 'readAll' | 'subscribe'>;
  readonly clock: Clock;
  /** Told when there is more to read. */
  readonly onMore: () => void;
}

/** The events of executions after a place, read a few at a time, when the reader has room. */
export class LogSource {
  private hasMore = true;
  private events = 0;

  constructor(
    private readonly parts: SourceParts,
    /** Read up to here. */
    private read: Position,
    private readonly signal: AbortSignal,
  ) {}

  get position(): Position {
    return this.read;
  }

  /** Events given out. */
  get count(): number {
    return this.events;
  }

  get isAtEnd(): boolean {
    return !this.hasMore;
  }

  /** The next events, each with the place before it; none at the end. */
  async next(): Promise<readonly { readonly event: RecordedEvent; readonly before: Position }[]> {
    if (!this.hasMore) return [];
    const { events, next, end } = await this.parts.store.readAll(this.read, EXECUTIONS, CHUNK);
    const found = events.map((event, at) => ({ event, before: events[at - 1]?.position ?? this.read }));
    this.read = next;
    this.events += events.length;
    this.hasMore = !end;
    if (end) void this.untilMore(next);
    return found;
  }

  /** A subscription says when there is more; what it brings is read again, in small pieces. */
  private async untilMore(after: Position): Promise<void> {
    try {
      for await (const message of this.parts.store.subscribe(after, EXECUTIONS, this.signal))
        if (message.kind === 'event') break;
    } catch {
      await this.parts.clock.sleep(RETRY_MS, this.signal); // reading will say what is wrong
    }
    this.hasMore = true;
    this.parts.onMore();
  }
}
