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
 * The events at these places, in the same order, without those whose texts were archived since the index took them in.
 * @throws CorruptionError when the index and the log do not agree: the index speaks of another log
 */
export async function eventsAt(
  store: Pick<EventStore, 'readStream' | 'textsAt'>,
  places: readonly EventPlace[],
): Promise<readonly RecordedEvent[]> {
  const found = new Map<string, RecordedEvent>();
  for (const { stream, from, to } of runsOf(places)) {
    const { events } = await store.readStream(stream, { from, limit: to - from + 1 });
    for (const event of events) found.set(event.position, event);
  }
  const events: RecordedEvent[] = [];
  for (const place of places) {
    const event = found.get(place.position);
    if (event?.stream === place.stream && event.revision === place.revision) events.push(event);
    else await mustBeArchived(store, place);
  }
  return events;
}

async function mustBeArchived(
  store: Pick<EventStore, 'textsAt'>,
  { position, stream, revision }: EventPlace,
): Promise<void> {
  const there = await store.textsAt(stream, revision);
  if (there?.kind === 'archived' && there.position === position) return;
  throw new CorruptionError(
    `expected the event ${revision} of ${stream} at ${position}, found another there; rebuild the read model`,
  );
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
