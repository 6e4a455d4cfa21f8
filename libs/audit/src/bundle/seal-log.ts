import type { EventStore, LogSealed, Position, RecordedEvent } from '#event-store';
import {
  CorruptionError,
  LOG_SEALED,
  newestFirst,
  parseSealEvent,
  SEAL_KEY_INTRODUCED,
  SEAL_KEY_ROTATED,
  SEAL_STREAM,
  SealFormatError,
  START,
} from '#event-store';

/** A seal as it stands in the log. */
export interface RecordedSeal {
  readonly event: RecordedEvent;
  readonly seal: LogSealed;
}

/** Stretches of the seal log as short as this are read, not searched. */
const SHORT = 64;
/** Where the next seal is almost always the first or second event. */
const FEW = 8;
/** Seals of one page; a seal is about a kilobyte. */
const PAGE = 200;

/**
 * The seals of a log as of a position, found by halving: what is asked of it costs a few reads, however many seals
 * there are. It believes what the log says; whoever reads the bundle checks that.
 * @throws CorruptionError of every method: a seal is not as seals.md says
 */
export class SealLog {
  private constructor(
    private readonly store: EventStore,
    private readonly last: number,
    /** The newest seal up to the position; undefined when there is none. */
    readonly newest: RecordedSeal | undefined,
  ) {}

  static async asOf(store: EventStore, position: Position): Promise<SealLog> {
    let last = -1;
    for await (const event of newestFirst(store, SEAL_STREAM, { page: FEW })) {
      if (position === START || store.compare(event.position, position) > 0) continue;
      last = Math.max(last, event.revision);
      if (event.type === LOG_SEALED) return new SealLog(store, last, recordedSeal(event));
    }
    return new SealLog(store, last, undefined);
  }

  /** The seal that covers the event at a position; undefined when none does yet. */
  covering(position: Position): Promise<RecordedSeal | undefined> {
    return this.firstThat((seal) => this.reaches(seal, position));
  }

  /** The first seal that was made at a time (ISO 8601 UTC) or after it: what it covers was recorded since the one before. */
  madeSince(time: string): Promise<RecordedSeal | undefined> {
    return this.firstThat(({ event }) => Date.parse(event.metadata.time) >= Date.parse(time));
  }

  /** By halving: what holds of a seal must hold of all after it. */
  private async firstThat(holds: (seal: RecordedSeal) => boolean): Promise<RecordedSeal | undefined> {
    if (this.newest === undefined || !holds(this.newest)) return undefined;
    let low = 0;
    let found = this.newest;
    for (let high = found.event.revision; low < high;) {
      const middle = Math.floor((low + high) / 2);
      const seal = await this.atOrAfter(middle);
      if (holds(seal)) [found, high] = [seal, middle];
      else low = seal.event.revision + 1;
    }
    return found;
  }

  /** Position of the last event that the seal before this one covers: where its own begin. */
  async startOf({ event }: RecordedSeal): Promise<Position> {
    const earlier = newestFirst(this.store, SEAL_STREAM, { from: event.revision - 1, page: FEW });
    for await (const before of earlier)
      if (before.type === LOG_SEALED) return recordedSeal(before).seal.position as Position;
    return START;
  }

  /** From the first one to the newest. */
  async *all(): AsyncIterable<RecordedSeal> {
    for await (const event of this.between(0, this.newest?.event.revision ?? -1))
      if (event.type === LOG_SEALED) yield recordedSeal(event);
  }

  /** This seal and those after it, up to the newest. */
  async *from(first: RecordedSeal): AsyncIterable<RecordedSeal> {
    for await (const event of this.between(first.event.revision, this.newest?.event.revision ?? -1))
      if (event.type === LOG_SEALED) yield recordedSeal(event);
  }

  /** Events that introduce or rotate a key, in order. */
  async *keys(): AsyncIterable<RecordedEvent> {
    const { newest } = this;
    if (newest !== undefined) yield* this.keysBefore({ revision: -1, number: -1 }, placeOf(newest));
    yield* onlyKeys(this.between((newest?.event.revision ?? -1) + 1, this.last));
  }

  /** A seal's revision less its number is how many other events come before it: where that is equal, there are none between. */
  private async *keysBefore(after: Place, before: Place): AsyncIterable<RecordedEvent> {
    const others = before.revision - before.number - (after.revision - after.number);
    if (others === 0) return;
    const middle = Math.floor((after.revision + before.revision) / 2);
    const isShort = before.revision - after.revision <= SHORT;
    const seal = isShort ? before : placeOf(await this.atOrAfter(middle));
    if (seal.revision === before.revision) {
      yield* onlyKeys(this.between(after.revision + 1, before.revision - 1));
      return;
    }
    yield* this.keysBefore(after, seal);
    yield* this.keysBefore(seal, before);
  }

  private reaches({ seal }: RecordedSeal, position: Position): boolean {
    return this.store.compare(seal.position as Position, position) >= 0;
  }

  /** The first seal at a revision or after it; asked only where there is one. */
  private async atOrAfter(revision: number): Promise<RecordedSeal> {
    for await (const event of this.between(revision, this.last, FEW))
      if (event.type === LOG_SEALED) return recordedSeal(event);
    throw new CorruptionError(`stream ${SEAL_STREAM}: expected a seal at revision ${revision} or after it, found none`);
  }

  private async *between(first: number, last: number, page = PAGE): AsyncIterable<RecordedEvent> {
    for (let next: number | undefined = first; next !== undefined && next <= last;) {
      const limit = Math.min(page, last - next + 1);
      const slice = await this.store.readStream(SEAL_STREAM, { from: next, limit });
      yield* slice.events;
      next = slice.next;
    }
  }
}

interface Place {
  readonly revision: number;
  readonly number: number;
}

const placeOf = ({ event, seal }: RecordedSeal): Place => ({ revision: event.revision, number: seal.number });

async function* onlyKeys(events: AsyncIterable<RecordedEvent>): AsyncIterable<RecordedEvent> {
  for await (const event of events)
    if (event.type === SEAL_KEY_INTRODUCED || event.type === SEAL_KEY_ROTATED) yield event;
}

function recordedSeal(event: RecordedEvent): RecordedSeal {
  try {
    const parsed = parseSealEvent(event);
    if (parsed.type === LOG_SEALED) return { event, seal: parsed.data };
  } catch (error) {
    if (!(error instanceof SealFormatError)) throw error;
    throw new CorruptionError(`stream ${SEAL_STREAM}, revision ${event.revision}: ${error.message}; verify the log`);
  }
  throw new CorruptionError(`stream ${SEAL_STREAM}, revision ${event.revision}: expected a seal, found ${event.type}`);
}
