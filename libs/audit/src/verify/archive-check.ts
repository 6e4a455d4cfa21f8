import type { ArchivedTexts, EventStore, RecordedEvent } from '#event-store';
import { CorruptionError, StreamNotFoundError } from '#event-store';
import type { Damage } from './damage.ts';
import { damage } from './damage.ts';

/** What a stream itself says of its archived events: the file that has them, and how many. */
interface Claim {
  readonly file: string;
  readonly events: number;
}

/** Streams whose claim is remembered; a claim that was forgotten is read again. */
const REMEMBERED = 4_096;
/** Events looked through for the claim of a stream. */
const LOOKED_AT = 10_000;

/**
 * Whether events without texts were let go of by the service: an event of their own stream must say so, name the same file, and
 * count them. That event itself is held against its hash, its chain and its seal like any other.
 */
export class ArchiveCheck {
  readonly #claims = new Map<string, Claim | undefined>();

  constructor(private readonly store: Pick<EventStore, 'readStream'>) {}

  async archiveDamage(event: ArchivedTexts): Promise<Damage | undefined> {
    const claim = await this.#claimOf(event.stream);
    if (claim !== undefined && claim.file === event.archive && event.revision < claim.events) return undefined;
    return damage('Blanked', event, {
      expected:
        claim === undefined
          ? 'an event of its stream that says that it was archived'
          : `one of the first ${claim.events} events of its stream, in the archive ${claim.file}`,
      found: `an event without data, said to be in ${event.archive}`,
      explanation:
        'The texts of this event are gone, and its stream does not say that they were archived: somebody took them out.',
    });
  }

  async #claimOf(stream: string): Promise<Claim | undefined> {
    if (this.#claims.has(stream)) return this.#claims.get(stream);
    const claim = await this.#read(stream);
    if (this.#claims.size >= REMEMBERED) this.#claims.clear();
    this.#claims.set(stream, claim);
    return claim;
  }

  async #read(stream: string): Promise<Claim | undefined> {
    try {
      for (let next: number | undefined = 0; next !== undefined && next < LOOKED_AT;) {
        const slice: Awaited<ReturnType<EventStore['readStream']>> = await this.store.readStream(stream, {
          from: next,
        });
        const found = slice.events.find(({ type }) => type === 'ExecutionArchived');
        if (found !== undefined) return claimOf(found);
        next = slice.next;
      }
      return undefined;
    } catch (error) {
      if (error instanceof StreamNotFoundError || error instanceof CorruptionError) return undefined;
      throw error;
    }
  }
}

/** Anything may stand in an event that somebody has been at. */
function claimOf({ data }: RecordedEvent): Claim | undefined {
  const { archive, events } = data as { archive?: { file?: unknown } | null; events?: unknown };
  const file = archive?.file;
  return typeof file === 'string' && typeof events === 'number' ? { file, events } : undefined;
}
