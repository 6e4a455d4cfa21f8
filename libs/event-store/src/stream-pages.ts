import type { EventStore, RecordedEvent, StreamSlice } from './port.ts';
import { StreamNotFoundError } from './errors.ts';

type StreamReader = Pick<EventStore, 'readStream'>;

/** Events asked for at once; the store may answer with fewer, also in mid-stream. */
const PAGE = 200;
const NO_STREAM: StreamSlice = { events: [], next: undefined };

/** The events of a stream from a revision (inclusive) to its end, page by page; none when there is no such stream. */
export async function* pagesOf(
  store: StreamReader,
  stream: string,
  from: number,
): AsyncGenerator<readonly RecordedEvent[]> {
  for (let next: number | undefined = from; next !== undefined;) {
    const page = await pageOf(store, stream, { from: next, limit: PAGE });
    if (page.events.length > 0) yield page.events;
    next = page.next;
  }
}

/** Where to begin (inclusive; below 0 there is nothing), and how many events to ask for at once. */
export interface Backwards {
  readonly from?: number | 'end';
  readonly page?: number;
}

/** The events of a stream, newest first, read as they are taken; none when there is no such stream. */
export async function* newestFirst(
  store: StreamReader,
  stream: string,
  { from = 'end', page = PAGE }: Backwards = {},
): AsyncGenerator<RecordedEvent> {
  if (from !== 'end' && from < 0) return;
  for (let next: number | 'end' | undefined = from; next !== undefined;) {
    const slice = await pageOf(store, stream, { from: next, direction: 'backwards', limit: page });
    yield* slice.events;
    next = slice.next;
  }
}

/** The newest event of a stream; undefined when there is none. */
export async function newestOf(store: StreamReader, stream: string): Promise<RecordedEvent | undefined> {
  for await (const event of newestFirst(store, stream, { page: 1 })) return event;
  return undefined;
}

async function pageOf(
  store: StreamReader,
  stream: string,
  options: Parameters<StreamReader['readStream']>[1],
): Promise<StreamSlice> {
  try {
    return await store.readStream(stream, options);
  } catch (error) {
    if (error instanceof StreamNotFoundError) return NO_STREAM;
    throw error;
  }
}
