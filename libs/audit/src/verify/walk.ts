import type { EventStore, KnownLink, Link, Position, SoundEvent, UnreadableTexts, WholeTexts } from '#event-store';
import { CorruptionError, SEAL_STREAM, START } from '#event-store';
import type { NamedArchives } from './archived-events.ts';
import type { Damage } from './damage.ts';
import { damage } from './damage.ts';
import { chainDamage, continues } from './chain-check.ts';
import type { Coverage } from './coverage.ts';
import { archiveDamage } from './archive-check.ts';
import type { ArchiveClaims } from './archive-claims.ts';
import { textDamage } from './event-check.ts';
import type { SealLedger } from './seal-ledger.ts';
import type { StreamEnds } from './stream-ends.ts';

export interface WalkParts {
  readonly store: EventStore;
  readonly ends: StreamEnds;
  readonly claims: ArchiveClaims;
  readonly archives: NamedArchives;
  readonly ledger: SealLedger;
  readonly coverage: Coverage;
  /** Where the log ended when the walk began; undefined when the store could not say: then to where it ends. */
  readonly end: Position | undefined;
}

/** Goes over the log once, from its beginning to the first damage or the end. */
export class Walk {
  #events = 0;
  #streams = 0;
  #archived = 0;
  #position: Position = START;

  constructor(private readonly parts: WalkParts) {}

  get events(): number {
    return this.#events;
  }

  get streams(): number {
    return this.#streams;
  }

  /** Events whose texts are in an archive. */
  get archived(): number {
    return this.#archived;
  }

  /** Of the last event that held. */
  get position(): Position {
    return this.#position;
  }

  /** @param between called after each page. @throws what the store and `between` throw */
  async go(between: () => void): Promise<Damage | undefined> {
    const pages = this.parts.store.links()[Symbol.asyncIterator]();
    try {
      for (let isOver = false; !isOver;) {
        const page = await this.#next(pages);
        if ('kind' in page) return page;
        if (page.done === true) return undefined;
        await this.parts.ledger.readAhead(page.value.length);
        const found = await this.#links(this.#ofNow(page.value));
        if (found !== undefined) return found;
        isOver = this.#isAtEnd();
        between();
      }
      return undefined;
    } finally {
      await pages.return?.();
    }
  }

  async #next(pages: AsyncIterator<readonly Link[]>): Promise<IteratorResult<readonly Link[]> | Damage> {
    try {
      return await pages.next();
    } catch (error) {
      if (!(error instanceof CorruptionError)) throw error;
      return damage(
        'Unreadable',
        { position: this.#position },
        {
          expected: 'to read on after this position',
          found: error.message,
          explanation: 'After this event the store cannot be read: its file is damaged.',
        },
      );
    }
  }

  #isAtEnd(): boolean {
    const { store, end } = this.parts;
    return end !== undefined && store.compare(this.#position, end) >= 0;
  }

  /** What was recorded after the walk began is not looked at. */
  #ofNow(links: readonly Link[]): readonly Link[] {
    const { store, end } = this.parts;
    const last = links.at(-1);
    if (end === undefined || last === undefined || store.compare(last.position, end) <= 0) return links;
    return links.filter(({ position }) => store.compare(position, end) <= 0);
  }

  /** Waits only where a stream was forgotten, or does not go on as it should. */
  async #links(links: readonly Link[]): Promise<Damage | undefined> {
    const { store, ends, claims, archives } = this.parts;
    for (const link of links) {
      if (store.follows(this.#position, link.position) === false) return this.#gap(link);
      if (link.kind === 'unreadable') return unreadable(link);
      const isNext = continues(link, ends.of(link.stream));
      const texts = link.kind === 'archived' ? await archiveDamage(link, claims, archives) : textDamageOf(link);
      const found = texts ?? (isNext ? undefined : await chainDamage(link, ends)) ?? this.#seal(link);
      if (found !== undefined) return found;
      this.#held(link);
    }
    return undefined;
  }

  #held(event: KnownLink): void {
    this.parts.ends.moved(event);
    this.#position = event.position;
    this.#events += 1;
    if (event.kind === 'archived') this.#archived += 1;
    if (event.revision === 0) this.#streams += 1;
  }

  #seal(event: KnownLink): Damage | undefined {
    const { ledger, coverage } = this.parts;
    const isOfSeals = event.kind !== 'archived' && event.stream === SEAL_STREAM;
    const found = isOfSeals ? ledger.arrived(event) : undefined;
    return found ?? coverage.covered(event);
  }

  #gap({ position }: Link): Damage {
    return damage(
      'Missing',
      { position },
      {
        expected: `the position right after ${this.#position}`,
        found: position,
        explanation: 'Positions are given without a gap and never twice: events that were here are gone from the log.',
      },
    );
  }
}

const textDamageOf = (link: WholeTexts | SoundEvent): Damage | undefined =>
  link.kind === 'sound' ? undefined : textDamage(link);

const unreadable = ({ position, expected, found }: UnreadableTexts): Damage =>
  damage(
    'Unreadable',
    { position },
    {
      expected,
      found,
      explanation: 'This row is no event that the service can have written.',
    },
  );
