import type { EventFilter, LogMessage, LogReader } from '#audit';
import type { Position, RecordedEvent } from '#event-store';
import type { Clock } from '#kubernetes';

export const EVENT_STREAM = 'text/event-stream';

/** A connection on which nothing happens is kept awake this often, so that proxies and clients can tell it from a dead one. */
export const HEARTBEAT_MS = 15_000;
/** How long a client waits before it comes back. */
const RECONNECT_MS = 3_000;

export interface EventStreamOptions {
  readonly reader: Pick<LogReader, 'follow'>;
  readonly clock: Clock;
  readonly filter: EventFilter;
  /** Events after this place. */
  readonly after: Position;
  /** What stands in `data`. */
  readonly tell: (event: RecordedEvent) => object;
}

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): `id` is the position, `event` the
 * type, `data` one line of JSON. Heartbeats are comments; they bring the id up to date when events passed by that did
 * not match, so that a client that comes back begins there.
 */
export async function* eventStream(options: EventStreamOptions, signal: AbortSignal): AsyncGenerator<string> {
  const { reader, clock, filter, after, tell } = options;
  const messages = reader.follow(filter, after, signal);
  try {
    yield `retry: ${RECONNECT_MS}\n: events after ${after}\n\n`;
    let sentMs = clock.monotonic();
    let [seen, told] = [after, after];
    let next = new Awaited(messages.next());
    for (;;) {
      const heard = await next.within(sentMs + HEARTBEAT_MS - clock.monotonic(), clock);
      if (heard?.done === true) return;
      const message = heard?.value;
      if (message?.kind === 'position') seen = message.position;
      const isSilent = clock.monotonic() - sentMs >= HEARTBEAT_MS;
      if (message?.kind === 'event') {
        yield frame(message.event, tell);
        seen = told = message.event.position;
        sentMs = clock.monotonic();
      } else if (isSilent) {
        yield seen === told ? ': still here\n\n' : `: still here\nid: ${seen}\n\n`;
        told = seen;
        sentMs = clock.monotonic();
      }
      if (heard !== undefined) next = new Awaited(messages.next());
    }
  } finally {
    void messages.return(undefined).catch(() => undefined);
  }
}

function frame(event: RecordedEvent, tell: (event: RecordedEvent) => object): string {
  return `id: ${event.position}\nevent: ${event.type}\ndata: ${JSON.stringify(tell(event))}\n\n`;
}

/** A message that is being waited for, for as long as it takes, with looks at the clock in between. */
class Awaited {
  private settled: { readonly result: IteratorResult<LogMessage, void> } | { readonly error: unknown } | undefined;
  private timer = new AbortController();

  constructor(next: Promise<IteratorResult<LogMessage, void>>) {
    const settle = (settled: NonNullable<Awaited['settled']>): void => {
      this.settled = settled;
      this.timer.abort();
    };
    next.then(
      (result) => settle({ result }),
      (error: unknown) => settle({ error }),
    );
  }

  /** Undefined when it has not come in time. */
  async within(ms: number, clock: Clock): Promise<IteratorResult<LogMessage, void> | undefined> {
    if (this.settled === undefined) {
      this.timer = new AbortController();
      await clock.sleep(ms, this.timer.signal);
    }
    if (this.settled === undefined) return undefined;
    if ('error' in this.settled) throw this.settled.error;
    return this.settled.result;
  }
}
