import type { EventStore, Position } from '#event-store';
import type { RecordedSeal, SealLog } from './seal-log.ts';

/** A seal, and the position after which its events begin. */
export interface CoveringSeal {
  readonly recorded: RecordedSeal;
  readonly after: Position;
}

/** The seals that cover some events: each is looked for once, however many of the events it covers. */
export class CoveringSeals {
  readonly #found: CoveringSeal[] = [];

  constructor(
    private readonly store: Pick<EventStore, 'compare'>,
    private readonly seals: SealLog,
  ) {}

  /** Those that were asked for, by number. */
  get found(): readonly CoveringSeal[] {
    return [...this.#found].sort((a, b) => a.recorded.seal.number - b.recorded.seal.number);
  }

  /** Undefined when no seal covers the event at this position. */
  async of(position: Position): Promise<CoveringSeal | undefined> {
    const known = this.#found.find((each) => this.#covers(each, position));
    if (known !== undefined) return known;
    const recorded = await this.seals.covering(position);
    if (recorded === undefined) return undefined;
    const covering = { recorded, after: await this.seals.startOf(recorded) };
    this.#found.push(covering);
    return covering;
  }

  #covers({ recorded, after }: CoveringSeal, position: Position): boolean {
    const { store } = this;
    return store.compare(after, position) < 0 && store.compare(position, recorded.seal.position as Position) <= 0;
  }
}
