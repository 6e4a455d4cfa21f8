import type { EventStore, RecordedEvent } from '#event-store';
import { CorruptionError, StreamNotFoundError } from '#event-store';
import type { ArchiveRef, JsonObject } from '#execution';

/** The event by which a stream says that its events before were archived. */
export const CLAIM_TYPE = 'ExecutionArchived';

/** What a stream itself says of its archived events: the file that has them, and how many. */
export interface ArchiveClaim extends ArchiveRef {
  readonly events: number;
}

/** A claim, and where it stands. */
export interface RecordedClaim extends ArchiveClaim {
  readonly event: RecordedEvent;
}

/** Streams whose claim is remembered; a claim that was forgotten is read again. */
const REMEMBERED = 4_096;
/** Events looked through for the claim of a stream. */
const LOOKED_AT = 10_000;

/** What the streams of a log say of their archived events. */
export class ArchiveClaims {
  readonly #claims = new Map<string, ArchiveClaim | undefined>();

  constructor(private readonly store: Pick<EventStore, 'readStream'>) {}

  /** The same as `read`, remembered. */
  async of(stream: string): Promise<ArchiveClaim | undefined> {
    if (this.#claims.has(stream)) return this.#claims.get(stream);
    const found = await this.read(stream);
    const claim = found && { file: found.file, sha256: found.sha256, events: found.events };
    if (this.#claims.size >= REMEMBERED) this.#claims.clear();
    this.#claims.set(stream, claim);
    return claim;
  }

  /** Undefined when the stream says nothing, or cannot be read. @throws UnavailableError */
  async read(stream: string): Promise<RecordedClaim | undefined> {
    try {
      for (let next: number | undefined = 0; next !== undefined && next < LOOKED_AT;) {
        const slice: Awaited<ReturnType<EventStore['readStream']>> = await this.store.readStream(stream, {
          from: next,
        });
        const event = slice.events.find(({ type }) => type === CLAIM_TYPE);
        const claim = event && claimIn(event.data);
        if (event !== undefined) return claim && { ...claim, event };
        next = slice.next;
      }
      return undefined;
    } catch (error) {
      if (error instanceof StreamNotFoundError || error instanceof CorruptionError) return undefined;
      throw error;
    }
  }
}

/** Anything may stand in an event that somebody has been at: undefined when it is no claim. */
export function claimIn(data: JsonObject): ArchiveClaim | undefined {
  const { archive, events } = data as {
    archive?: { file?: unknown; sha256?: unknown } | null;
    events?: unknown;
  };
  const { file, sha256 } = archive ?? {};
  if (typeof file !== 'string' || typeof sha256 !== 'string' || typeof events !== 'number') return undefined;
  return { file, sha256, events };
}
