import type { EventStore, RecordedEvent } from '#event-store';
import { CorruptionError } from '#event-store';
import type { EventPlace } from '../log-index.ts';

/** Events that stand this close in their stream are read together, with those between them. */
const NEAR = 16;

/** Revisions of one stream that are read at once, with the places wanted of them. */
interface Run {
  readonly stream: string;
  readonly from: number;
  to: number;
}

/**
 * The events at these places, in the same order.
 * @throws CorruptionError when the index and the log do not agree: the index speaks of another log
 */
export async function eventsAt(
  store: Pick<EventStore, 'readStream'>,
  places: readonly EventPlace[],
): Promise<readonly RecordedEvent[]> {
  const found = new Map<string, RecordedEvent>();
  for (const { stream, from, to } of runsOf(places)) {
    const { events } = await store.readStream(stream, { from, limit: to - from + 1 });
    for (const event of events) found.set(event.position, event);
  }
  return places.map(({ position, stream, revision }) => {
    const event = found.get(position);
    if (event?.stream === stream && event.revision === revision) return event;
    throw new CorruptionError(
      `expected the event ${revision} of ${stream} at ${position}, found another there; rebuild the read model`,
    );
  });
}

function runsOf(places: readonly EventPlace[]): readonly Run[] {
  const byStream = Map.groupBy(places, ({ stream }) => stream);
  return [...byStream].flatMap(([stream, wanted]) => {
    const runs: Run[] = [];
    for (const revision of wanted.map((place) => place.revision).sort((a, b) => a - b)) {
      const last = runs.at(-1);
      if (last !== undefined && revision - last.to <= NEAR) last.to = revision;
      else runs.push({ stream, from: revision, to: revision });
    }
    return runs;
  });
}
