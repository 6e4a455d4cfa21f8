import type { EventStore, Position, RecordedEvent } from '#event-store';
import { factOf, pagesOf } from '#event-store';
import type { Execution, Fact, LastEvent } from '#execution';
import { ABSENT, evolve, streamOf } from '#execution';

/** Where in a history to look: at a revision, or at a time (ISO 8601, inclusive). */
export type Point = { readonly revision: number } | { readonly time: string };

/** An execution folded from a beginning of its stream. */
export interface Folded {
  readonly id: string;
  readonly execution: Execution;
  /** The newest event taken in; absent while there is none. */
  readonly last?: LastEvent & { readonly id: string; readonly time: string; readonly position: Position };
}

/** One event, with the state it met and the state it led to. */
export interface Step {
  readonly event: RecordedEvent;
  readonly fact: Fact;
  readonly before: Execution;
  readonly after: Execution;
}

export type StreamReader = Pick<EventStore, 'readStream'>;

/** Streams longer than this are refused: something records without end. */
const MAX_EVENTS = 10_000;

/**
 * The history up to a point, or to its end. It stops at the first event beyond the point, also when the clock was set
 * back after that: a state of the past is always the fold of a beginning. Empty when there is nothing (yet).
 * @throws UnknownEventError for an event this version does not know; the store's errors
 */
export async function stepsOf(store: StreamReader, id: string, point?: Point): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for await (const event of eventsUpTo(store, id, point)) {
    const before = steps.at(-1)?.after ?? ABSENT;
    const fact = factOf(event);
    steps.push({ event, fact, before, after: evolve(before, fact) });
  }
  return steps;
}

/** The same fold without keeping the history. */
export async function foldedAt(store: StreamReader, id: string, point?: Point): Promise<Folded> {
  let folded: Folded = { id, execution: ABSENT };
  for await (const event of eventsUpTo(store, id, point)) {
    folded = { id, execution: evolve(folded.execution, factOf(event)), last: lastOf(event) };
  }
  return folded;
}

/** Where a history stands after its newest step. */
export function foldedFrom(id: string, steps: readonly Step[]): Folded {
  const newest = steps.at(-1);
  return newest === undefined ? { id, execution: ABSENT } : { id, execution: newest.after, last: lastOf(newest.event) };
}

async function* eventsUpTo(store: StreamReader, id: string, point?: Point): AsyncGenerator<RecordedEvent> {
  let read = 0;
  for await (const page of pagesOf(store, streamOf(id), 0)) {
    for (const event of page) {
      if (!isWithin(event, point)) return;
      yield event;
    }
    read += page.length;
    if (read > MAX_EVENTS) throw new Error(`execution ${id} has more than ${MAX_EVENTS} events; expected tens`);
  }
}

/** Whether a fold to this point takes the event in. */
export function isWithin(event: RecordedEvent, point: Point | undefined): boolean {
  if (point === undefined) return true;
  if ('revision' in point) return event.revision <= point.revision;
  return Date.parse(event.metadata.time) <= Date.parse(point.time);
}

const lastOf = ({ revision, type, hash, id, position, metadata }: RecordedEvent): NonNullable<Folded['last']> => ({
  revision,
  type,
  hash,
  id,
  position,
  time: metadata.time,
});
