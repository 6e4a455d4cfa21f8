import type { EventStore, RecordedEvent } from '#event-store';
import { CorruptionError, SEAL_STREAM, StreamNotFoundError } from '#event-store';
import type { Damage } from './damage.ts';
import { damage } from './damage.ts';
import type { GoodSeal, SealCheck } from './seal-check.ts';
import type { PlacedEvent } from './stream-ends.ts';

/** Seals read at a time: each is a signature to check, and requests wait meanwhile. */
const PAGE = 50;

/**
 * The seals, read ahead of the events they cover: so the tree over these can be built as they come by, and nothing but its
 * edge is kept, however long the log was without a seal. What is wrong with a seal is told when the log comes to it.
 */
export class SealLedger {
  readonly #seals: GoodSeal[] = [];
  #next = 0;
  /** Events of the seals known. */
  #covered = 0;
  #limit = PAGE;
  #isOver = false;
  #isWhole = true;
  #damage: Damage | undefined;

  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly check: SealCheck,
    /** False for an event recorded after this verification began. */
    private readonly isOfNow: (event: RecordedEvent) => boolean,
  ) {}

  /** The seal whose events come by now, or next. */
  get current(): GoodSeal | undefined {
    return this.#seals[0];
  }

  /** False when what was found kept it from reading all: then nothing can be said of keys that come after. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** A seal after the current one. */
  upcoming(seals: number): GoodSeal | undefined {
    return this.#seals[seals];
  }

  /** The events of so many seals were all there. */
  completed(seals: number): void {
    for (const { seal } of this.#seals.splice(0, seals)) this.#covered -= seal.events;
  }

  /** Reads on until the seals known, from the current one on, cover so many events, or there are no more. */
  async readAhead(events: number): Promise<void> {
    while (!this.#isOver && this.#covered < events) await this.#readPage();
  }

  /** Reads on until it knows the event of this revision, or there are no more. */
  async readUpTo(revision: number): Promise<void> {
    while (!this.#isOver && this.#next <= revision) await this.#readPage();
  }

  /** Reads to the end, only to know the keys. */
  async readOn(): Promise<void> {
    while (!this.#isOver) {
      await this.#readPage();
      this.completed(this.#seals.length);
    }
  }

  /** The log comes to an event of the seal log: what is to be said of it, and whether it was the one judged ahead. */
  arrived(event: PlacedEvent): Damage | undefined {
    if (this.#damage !== undefined && this.#damage.revision === event.revision) return this.#damage;
    const open = this.#seals[0];
    if (open !== undefined && open.event.revision <= event.revision) return early(open);
    if (event.revision < this.#next) return undefined;
    return damage('StoreDamaged', event, {
      expected: 'to find this event by its stream and revision as well',
      found: 'none, or nothing that can be read',
      explanation: 'The seal log says one thing to who reads it by stream, and another to who reads the whole log.',
    });
  }

  async #readPage(): Promise<void> {
    const events = await this.#page();
    for (const event of events) if (!this.#isOver) this.#judge(event);
    if (events.length === 0) this.#isOver = true;
  }

  #judge(event: RecordedEvent): void {
    // A revision that is there twice, or not at all, is for the chain of the stream to tell.
    if (event.revision < this.#next) return;
    this.#isOver = event.revision > this.#next || !this.isOfNow(event);
    if (event.revision > this.#next) this.#isWhole = false;
    if (this.#isOver) return;
    this.#next += 1;
    const { seal, damage: found, isFatal } = this.check.judge(event);
    this.#damage ??= found;
    if (seal !== undefined) this.#push(seal);
    if (isFatal !== true) return;
    this.#isOver = true;
    this.#isWhole = false;
  }

  #push(good: GoodSeal): void {
    this.#seals.push(good);
    this.#covered += good.seal.events;
  }

  async #page(): Promise<readonly RecordedEvent[]> {
    try {
      return (await this.store.readStream(SEAL_STREAM, { from: this.#next, limit: this.#limit })).events;
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      if (!(error instanceof CorruptionError)) throw error;
      // One of them is no event any more, which the log shows when it comes to it; those before it still are.
      if (this.#limit > 1) {
        this.#limit = 1;
        return this.#page();
      }
      this.#isWhole = false;
      return [];
    }
  }
}

const early = ({ event, seal }: GoodSeal): Damage =>
  damage('Missing', event, {
    expected: `${seal.from + seal.events} events before this seal`,
    found: 'fewer',
    explanation: 'Events that this seal covers are gone from the log, and the others were numbered anew.',
  });
