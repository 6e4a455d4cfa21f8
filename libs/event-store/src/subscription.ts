import type { EventStore, LogFilter, LogSlice, Position, SubscriptionMessage } from './port.ts';
import type { HeadSignal } from './head-signal.ts';

/** Events fetched at a time; what a slow consumer costs is one such page. */
const PAGE_EVENTS = 256;

/** The log as a follower needs it. */
export type Followed = Pick<EventStore, 'readAll' | 'compare'>;

/**
 * Follows a log by reading it: history in pages, then again whenever the head has moved. There is no second way for an
 * event to arrive, so nothing can be missed or doubled where history meets live.
 */
export class Subscriptions {
  #open = 0;

  constructor(
    private readonly log: Followed,
    private readonly head: HeadSignal,
  ) {}

  /** How many are being consumed now. */
  get open(): number {
    return this.#open;
  }

  follow(after: Position, filter: LogFilter, signal?: AbortSignal): AsyncIterable<SubscriptionMessage> {
    return { [Symbol.asyncIterator]: () => this.#iterator(after, filter, signal) };
  }

  /** A generator that is waiting cannot be returned from; this one can: `return` first ends the waiting. */
  #iterator(after: Position, filter: LogFilter, signal?: AbortSignal): AsyncIterator<SubscriptionMessage> {
    const stop = new AbortController();
    const messages = this.#messages(after, filter, stop, signal);
    return {
      next: () => messages.next(),
      return: () => {
        stop.abort();
        return messages.return(undefined);
      },
    };
  }

  async *#messages(
    after: Position,
    filter: LogFilter,
    stop: AbortController,
    signal?: AbortSignal,
  ): AsyncGenerator<SubscriptionMessage, undefined> {
    const abort = (): void => stop.abort();
    signal?.addEventListener('abort', abort);
    if (signal?.aborted === true) abort();
    this.#open += 1;
    try {
      yield* this.#pages(after, filter, stop.signal);
    } finally {
      this.#open -= 1;
      signal?.removeEventListener('abort', abort);
    }
    return undefined;
  }

  async *#pages(after: Position, filter: LogFilter, stop: AbortSignal): AsyncGenerator<SubscriptionMessage> {
    let position = after;
    let isLive = false;
    while (!this.#ended(stop)) {
      const moves = this.head.moves;
      const page = await this.#page(position, filter);
      if (page === undefined) return;
      for (const event of page.events) {
        if (this.#ended(stop)) return;
        yield { kind: 'event', event };
        position = event.position;
      }
      if (this.#ended(stop)) return;
      if (this.log.compare(page.next, position) > 0) yield { kind: 'checkpoint', position: page.next };
      position = page.next;
      if (page.end && !isLive) yield { kind: 'caught-up', position };
      isLive = page.end;
      if (page.end) await this.head.movedSince(moves, stop);
    }
  }

  /** Undefined when the store closed meanwhile: that ends a subscription, it is no failure of it. */
  async #page(after: Position, filter: LogFilter): Promise<LogSlice | undefined> {
    try {
      return await this.log.readAll(after, filter, PAGE_EVENTS);
    } catch (error) {
      if (this.head.isClosed) return undefined;
      throw error;
    }
  }

  #ended(stop: AbortSignal): boolean {
    return stop.aborted || this.head.isClosed;
  }
}
