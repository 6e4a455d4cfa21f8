import type { EventStore, RecordedEvent } from '#event-store';

type Reading = Pick<EventStore, 'readStream' | 'readAll' | 'head' | 'compare'>;

/** The same log, of which these events were let go since an archive has them: readers pass over them. */
export function withoutArchived(store: Reading, isGone: (event: RecordedEvent) => boolean): Reading {
  const left = (events: readonly RecordedEvent[]): RecordedEvent[] => events.filter((event) => !isGone(event));
  return {
    readStream: async (stream, options) => {
      const slice = await store.readStream(stream, options);
      return { ...slice, events: left(slice.events) };
    },
    readAll: async (after, filter, limit) => {
      const slice = await store.readAll(after, filter, limit);
      return { ...slice, events: left(slice.events) };
    },
    head: () => store.head(),
    compare: (a, b) => store.compare(a, b),
  };
}
