import type { EventStore, LogFilter, RecordedEvent } from '#event-store';
import { START, StreamNotFoundError } from '#event-store';

/** The whole log, or what comes after a position, page by page. */
export async function everything(store: EventStore, filter?: LogFilter, from = START): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for (let after = from, end = false; !end;) {
    const slice = await store.readAll(after, filter);
    found.push(...slice.events);
    ({ next: after, end } = slice);
  }
  return found;
}

/** A whole stream; empty when there is none. */
export async function streamOf(store: EventStore, stream: string): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  try {
    let next: number | undefined = 0;
    while (next !== undefined) {
      const slice: Awaited<ReturnType<EventStore['readStream']>> = await store.readStream(stream, { from: next });
      found.push(...slice.events);
      next = slice.next;
    }
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return found;
}
