import type { EventStore, EventTexts, KnownTexts, Link, Position, SoundRun, UnreadableTexts } from '#event-store';
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

/** Events read at a time where each is looked at: it keeps requests waiting. */
const READ_CLOSELY = 100;

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
        const page = await this.#readable(() => pages.next());
        if ('kind' in page) return page;
        if (page.done === true) return undefined;
        const found = await this.#links(page.value);
        if (found !== undefined) return found;
        isOver = this.#isAtEnd();
        between();
      }
      return undefined;
    } finally {
      await pages.return?.();
    }
  }

  async #readable<T extends object>(read: () => Promise<T>): Promise<T | Damage> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof CorruptionError)) throw error;
      return unreadableAfter(this.#position, error);
    }
  }

  #isAtEnd(): boolean {
    const { store, end } = this.parts;
    return end !== undefined && store.compare(this.#position, end) >= 0;
  }

  /** What was recorded after the walk began is not looked at. */
  #isOfNow(position: Position): boolean {
    const { store, end } = this.parts;
    return end === undefined || store.compare(position, end) <= 0;
  }

  async #links(links: readonly Link[]): Promise<Damage | undefined> {
    const { ledger, coverage } = this.parts;
    for (const link of links) {
      if (!this.#isOfNow(link.kind === 'sound' ? link.at(0) : link.position)) return undefined;
      await ledger.readAhead(coverage.pending + (link.kind === 'sound' ? link.events : 1));
      const found = link.kind === 'sound' ? await this.#run(link) : await this.#event(link);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Takes all of a run as one where it goes on from what is known, and looks at each of its events where it does not. */
  async #run(run: SoundRun): Promise<Damage | undefined> {
    const [first, last] = [run.at(0), run.at(run.events - 1)];
    if (this.parts.store.follows(this.#position, first) === false) return this.#gap(first);
    const holds = this.#isOfNow(last) && (await this.#goesOn(run, first)) && this.parts.coverage.takes(run);
    if (!holds) return this.#oneByOne(last);
    for (const { stream, revision, lastRevision, lastHash } of run.streams) {
      this.parts.ends.moved({ stream, revision: lastRevision, hash: lastHash });
      if (revision === 0) this.#streams += 1;
    }
    this.#events += run.events;
    this.#position = last;
    return undefined;
  }

  /** Waits only where a stream was forgotten. */
  async #goesOn({ streams }: SoundRun, position: Position): Promise<boolean> {
    const { ends, ledger } = this.parts;
    for (const part of streams) {
      const isForgotten = part.revision > 0 && ends.of(part.stream) === undefined;
      const end = isForgotten ? await ends.before({ ...part, position }) : ends.of(part.stream);
      if (!continues(part, end)) return false;
      if (part.stream !== SEAL_STREAM) continue;
      await ledger.readUpTo(part.revision);
      if (ledger.arrived({ ...part, position }) !== undefined) return false;
    }
    return true;
  }

  /** Up to a position: the first event that does not hold is found, and why. */
  async #oneByOne(last: Position): Promise<Damage | undefined> {
    const { store } = this.parts;
    for (let isOver = false; !isOver && store.compare(this.#position, last) < 0;) {
      const slice = await this.#readable(() => store.readTexts(this.#position, READ_CLOSELY));
      if ('kind' in slice) return slice;
      const entries = slice.entries.filter(({ position }) => store.compare(position, last) <= 0);
      for (const entry of entries) {
        const found = await this.#event(entry);
        if (found !== undefined) return found;
      }
      isOver = slice.end || entries.length < slice.entries.length || !this.#isOfNow(slice.next);
    }
    return undefined;
  }

  /** Waits only where a stream was forgotten, or does not go on as it should. */
  async #event(event: EventTexts): Promise<Damage | undefined> {
    const { store, ends, claims, archives } = this.parts;
    if (!this.#isOfNow(event.position)) return undefined;
    if (store.follows(this.#position, event.position) === false) return this.#gap(event.position);
    if (event.kind === 'unreadable') return unreadable(event);
    const isNext = continues(event, ends.of(event.stream));
    const texts = event.kind === 'archived' ? await archiveDamage(event, claims, archives) : textDamage(event);
    const found = texts ?? (isNext ? undefined : await chainDamage(event, ends)) ?? (await this.#seal(event));
    if (found === undefined) this.#held(event);
    return found;
  }

  #held(event: KnownTexts): void {
    this.parts.ends.moved(event);
    this.#position = event.position;
    this.#events += 1;
    if (event.kind === 'archived') this.#archived += 1;
    if (event.revision === 0) this.#streams += 1;
  }

  async #seal(event: KnownTexts): Promise<Damage | undefined> {
    const { ledger, coverage } = this.parts;
    const isOfSeals = event.kind !== 'archived' && event.stream === SEAL_STREAM;
    if (isOfSeals) await ledger.readUpTo(event.revision);
    return (isOfSeals ? ledger.arrived(event) : undefined) ?? coverage.covered(event);
  }

  #gap(position: Position): Damage {
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

const unreadableAfter = (position: Position, { message }: CorruptionError): Damage =>
  damage(
    'Unreadable',
    { position },
    {
      expected: 'to read on after this position',
      found: message,
      explanation: 'After this event the store cannot be read: its file is damaged.',
    },
  );

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
