import { STREAM_CATEGORY } from '#execution';
import type { EventStore, Position, RecordedEvent } from '#event-store';
import { START } from '#event-store';
import type { EventFilter, LogIndex } from '../log-index.ts';

/** First and last event of a stretch of the log. */
export interface LogRange {
  readonly first: Position;
  readonly last: Position;
}

/** ISO 8601 UTC with milliseconds; undefined is open on that side. */
export interface Times {
  readonly from: string | undefined;
  /** Exclusive. */
  readonly to: string | undefined;
}

/** Places asked for at once; only the first is used. */
const PLACES = 1;

/**
 * Where the events of executions that were decided in these times stand, up to a position. The index says it as far as it
 * has come; the rest of the log is read (all of it without an index).
 */
export async function rangeOfTimes(
  store: EventStore,
  index: LogIndex | undefined,
  times: Times,
  asOf: Position,
): Promise<LogRange | undefined> {
  if (asOf === START) return undefined;
  const indexed = index === undefined ? START : await index.indexed();
  const known = index === undefined ? undefined : await indexedRange(index, times);
  const rest = await scannedRange(store, indexed, times, asOf);
  const first = known?.first ?? rest?.first;
  const last = rest?.last ?? known?.last;
  if (first === undefined || last === undefined || store.compare(first, asOf) > 0) return undefined;
  return { first, last: store.compare(last, asOf) > 0 ? asOf : last };
}

async function indexedRange(index: LogIndex, { from, to }: Times): Promise<LogRange | undefined> {
  const filter: EventFilter = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const first = await firstPlace(index, filter, 'forwards');
  const last = first && (await firstPlace(index, filter, 'backwards'));
  return first && last && { first, last };
}

/** From the first to the last of both. */
export function joined(
  store: Pick<EventStore, 'compare'>,
  a: LogRange | undefined,
  b: LogRange | undefined,
): LogRange | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    first: store.compare(a.first, b.first) <= 0 ? a.first : b.first,
    last: store.compare(a.last, b.last) >= 0 ? a.last : b.last,
  };
}

/** A page may be empty without being the end, so it asks until there is one. */
async function firstPlace(
  index: LogIndex,
  filter: EventFilter,
  direction: 'forwards' | 'backwards',
): Promise<Position | undefined> {
  let from: Position | 'end' = direction === 'forwards' ? START : 'end';
  for (;;) {
    const { places, next, end } = await index.events(filter, { from, direction, limit: PLACES });
    if (places[0] !== undefined) return places[0].position;
    if (end) return undefined;
    from = next;
  }
}

async function scannedRange(
  store: EventStore,
  after: Position,
  times: Times,
  asOf: Position,
): Promise<LogRange | undefined> {
  let range: LogRange | undefined;
  const filter = { streamPrefixes: [`${STREAM_CATEGORY}-`] };
  for (let next = after, end = false; !end && store.compare(next, asOf) < 0;) {
    const slice = await store.readAll(next, filter);
    for (const { position, metadata } of slice.events)
      if (isWithin(metadata, times)) range = { first: range?.first ?? position, last: position };
    [next, end] = [slice.next, slice.end];
  }
  return range;
}

function isWithin({ time }: RecordedEvent['metadata'], { from, to }: Times): boolean {
  const at = Date.parse(time);
  return (from === undefined || at >= Date.parse(from)) && (to === undefined || at < Date.parse(to));
}
