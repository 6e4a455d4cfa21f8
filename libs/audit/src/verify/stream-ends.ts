import type { EventStore, KnownTexts } from '#event-store';
import { CorruptionError } from '#event-store';

/** The last event of a stream looked at so far. */
export interface StreamEnd {
  readonly revision: number;
  readonly hash: string;
}

/** An event by its places in its stream and in the log. */
export type PlacedEvent = Pick<KnownTexts, 'stream' | 'revision' | 'position'>;

/** Streams whose end is remembered; of others it is looked up in the log. About 20 MiB. */
export const REMEMBERED_STREAMS = 65_536;

/**
 * Where each stream ends so far, in bounded memory whatever the number of streams: the ones seen last are remembered, in
 * two generations, of which the older one is forgotten as a whole.
 */
export class StreamEnds {
  #recent = new Map<string, StreamEnd>();
  #older: ReadonlyMap<string, StreamEnd> = new Map<string, StreamEnd>();

  constructor(
    private readonly store: Pick<EventStore, 'textsAt' | 'compare'>,
    private readonly remembered = REMEMBERED_STREAMS,
  ) {}

  /** Undefined when it is not remembered. */
  of(stream: string): StreamEnd | undefined {
    return this.#recent.get(stream) ?? this.#older.get(stream);
  }

  /** Takes an event that was found good as the new end of its stream. */
  moved({ stream, revision, hash }: StreamEnd & { readonly stream: string }): void {
    this.#recent.set(stream, { revision, hash });
    if (this.#recent.size * 2 <= this.remembered) return;
    this.#older = this.#recent;
    this.#recent = new Map();
  }

  /** The event before this one in its stream, when it lies before it in the log; it was looked at already. */
  async before(event: PlacedEvent): Promise<StreamEnd | undefined> {
    const found = await this.at(event.stream, event.revision - 1);
    return found !== undefined && this.store.compare(found.position, event.position) < 0 ? found : undefined;
  }

  /** An event by its place in its stream; undefined when there is none that can be read. */
  async at(stream: string, revision: number): Promise<KnownTexts | undefined> {
    try {
      const found = await this.store.textsAt(stream, revision);
      return found?.kind === 'unreadable' ? undefined : found;
    } catch (error) {
      if (error instanceof CorruptionError) return undefined;
      throw error;
    }
  }
}
