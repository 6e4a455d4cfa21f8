import type { EventStore, RecordedEvent } from '#event-store';
import { START } from '#event-store';
import { executionIdOf } from '#execution';
import type { EventFilter, EventPlaces, LogIndex } from '../../src/log-index.ts';

const ENDS: Readonly<Record<string, string>> = {
  ExecutionCompleted: 'Success',
  ExecutionFailed: 'Failed',
  ExecutionCancelled: 'Cancelled',
  ExecutionSkipped: 'Skipped',
};

/** The rule of EventFilter in its plainest words, over a whole log. */
export function matching(log: readonly RecordedEvent[], filter: EventFilter): readonly RecordedEvent[] {
  return log.filter((event, at) => {
    const id = executionIdOf(event.stream);
    if (id === undefined) return false;
    const before = log.slice(0, at + 1).filter(({ stream }) => stream === event.stream);
    const { spec } = before[0]!.data as { spec: { targetResource: string; workflowRef: { workflowId: string } } };
    const end = before.find(({ type }) => type in ENDS);
    const found: Record<string, string | undefined> = {
      executionId: id,
      target: spec.targetResource,
      workflowId: spec.workflowRef.workflowId,
      actor: event.metadata.actor.user,
      correlationId: event.metadata.correlationId,
      outcome: end && ENDS[end.type],
    };
    const { types, from, to, ...exact } = filter;
    return (
      (types?.includes(event.type) ?? true) &&
      (from === undefined || event.metadata.time >= from) &&
      (to === undefined || event.metadata.time < to) &&
      Object.entries(exact).every(([name, value]) => value === undefined || found[name] === value)
    );
  });
}

/** Reads everything for every question: slow, and plain enough to be right. Answers `maxPlaces` at once, at most. */
export class ScanningLogIndex implements Pick<LogIndex, 'events'> {
  constructor(
    private readonly store: EventStore,
    private readonly maxPlaces = 1_000,
  ) {}

  async events(
    filter: EventFilter,
    { from, direction, limit }: Parameters<LogIndex['events']>[1],
  ): Promise<EventPlaces> {
    const log = await wholeLog(this.store);
    const isForwards = direction === 'forwards';
    const ordered = isForwards ? log : log.toReversed();
    const isBeyond = ({ position }: RecordedEvent): boolean =>
      from === 'end' || this.store.compare(position, from) * (isForwards ? 1 : -1) > 0;
    const wanted = new Set(matching(log, filter));
    const found = ordered.filter((event) => isBeyond(event) && wanted.has(event));
    const places = found.slice(0, Math.min(limit, this.maxPlaces));
    const end = places.length === found.length;
    const last = end ? ordered.at(-1)?.position : places.at(-1)?.position;
    return { places, next: end && !isForwards ? START : (last ?? START), end };
  }
}

/** Every event, in order. */
export async function wholeLog(store: EventStore): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  let after = START;
  for (let isEnd = false; !isEnd;) {
    const slice = await store.readAll(after);
    events.push(...slice.events);
    [after, isEnd] = [slice.next, slice.end];
  }
  return events;
}
