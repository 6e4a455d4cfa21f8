import type { EventStore, RecordedEvent } from './port.ts';
import { StreamNotFoundError } from './errors.ts';

/** Events asked for at once; the store may answer with fewer, also in mid-stream. */
const PAGE = 200;

/** The events of a stream from a revision (inclusive) to its end, page by page; none when there is no such stream. */
export async function* pagesOf(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  from: number,
): AsyncGenerator<readonly RecordedEvent[]> {
  for (let next: number | undefined = from; next !== undefined;) {
    const page = await pageAt(store, stream, next);
    if (page === undefined) return;
    if (page.events.length > 0) yield page.events;
    next = page.next;
  }
}

async function pageAt(store: Pick<EventStore, 'readStream'>, stream: string, from: number) {
  try {
    return await store.readStream(stream, { from, limit: PAGE });
  } catch (error) {
    if (error instanceof StreamNotFoundError) return undefined;
    throw error;
  }
}
