import type { EventStore, EventTexts, KnownTexts, Position, TextsSlice } from '#event-store';
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

/** Events judged between two turns of the event loop. */
const PAGE_EVENTS = 1_000;

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
    for (let isOver = false; !isOver;) {
      const slice = await this.#page();
      if (!('entries' in slice)) return slice;
      await this.parts.ledger.readAhead(slice.entries.length);
      const found = await this.#entries(this.#ofNow(slice));
      if (found !== undefined) return found;
      isOver = slice.end || this.#isAtEnd(slice);
      between();
    }
    return undefined;
  }

  async #page(): Promise<TextsSlice | Damage> {
    try {
      return await this.parts.store.readTexts(this.#position, PAGE_EVENTS);
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

  #isAtEnd({ next }: TextsSlice): boolean {
    const { store, end } = this.parts;
    return end !== undefined && store.compare(next, end) >= 0;
  }

  /** What was recorded after the walk began is not looked at. */
  #ofNow({ entries, next }: TextsSlice): readonly EventTexts[] {
    const { store, end } = this.parts;
    if (end === undefined || store.compare(next, end) <= 0) return entries;
    return entries.filter(({ position }) => store.compare(position, end) <= 0);
  }

  /** Waits only where a stream was forgotten, or does not go on as it should. */
  async #entries(entries: readonly EventTexts[]): Promise<Damage | undefined> {
    const { store, ends, claims, archives } = this.parts;
    for (const entry of entries) {
      if (store.follows(this.#position, entry.position) === false) return this.#gap(entry);
      if (entry.kind === 'unreadable') return unreadable(entry);
      const isNext = continues(entry, ends.of(entry.stream));
      const texts = entry.kind === 'whole' ? textDamage(entry) : await archiveDamage(entry, claims, archives);
      const found = texts ?? (isNext ? undefined : await chainDamage(entry, ends)) ?? this.#seal(entry);
      if (found !== undefined) return found;
      this.#held(entry);
    }
    return undefined;
  }

  #held(event: KnownTexts): void {
    this.parts.ends.moved(event);
    this.#position = event.position;
    this.#events += 1;
    if (event.kind === 'archived') this.#archived += 1;
    if (event.revision === 0) this.#streams += 1;
  }

  #seal(event: KnownTexts): Damage | undefined {
    const { ledger, coverage } = this.parts;
    const isOfSeals = event.kind === 'whole' && event.stream === SEAL_STREAM;
    const found = isOfSeals ? ledger.arrived(event) : undefined;
    return found ?? coverage.covered(event);
  }

  #gap({ position }: EventTexts): Damage {
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

const unreadable = ({ position, expected, found }: Extract<EventTexts, { kind: 'unreadable' }>): Damage =>
  damage(
    'Unreadable',
    { position },
    {
      expected,
      found,
      explanation: 'This row is no event that the service can have written.',
    },
  );
