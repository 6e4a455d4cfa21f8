import type { Difference } from './report.ts';
import { MAX_DIFFERENCES } from './report.ts';

/** What one look found; which revision was shown, when what is shown is behind the log. */
export interface Look {
  readonly differences: readonly Difference[];
  /** Revisions shown by what is behind, to see whether it moves. */
  readonly behind?: readonly Behind[];
}

export interface Behind {
  readonly difference: Difference;
  readonly revision: number;
}

interface Suspect {
  readonly look: () => Promise<Look>;
  /** Revision shown at the first look, by place. */
  readonly firstSeen: ReadonlyMap<string, number>;
}

export interface SuspectsParts {
  readonly caughtUp: () => Promise<void>;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Before each further look, milliseconds: progress is shown once a second, and slower while somebody edits statuses. */
const PAUSES_MS = [250, 1_000, 3_000] as const;
/** Suspects that are looked at again together, after the same pauses. */
const BATCH = 100;

/** Whatever differs at first is looked at again, and told only when it differs at every look. */
export class Suspects {
  readonly differences: Difference[] = [];
  private batch: Suspect[] = [];

  constructor(
    private readonly parts: SuspectsParts,
    private readonly signal: AbortSignal,
  ) {}

  /** True when nothing more can be told. */
  get isFull(): boolean {
    return this.differences.length > MAX_DIFFERENCES;
  }

  async look(look: () => Promise<Look>): Promise<void> {
    const { differences, behind = [] } = await look();
    if (differences.length === 0 && behind.length === 0) return;
    this.batch.push({ look, firstSeen: revisionsOf(behind) });
    if (this.batch.length >= BATCH) await this.settle();
  }

  /** Looks again at all that are under suspicion, and tells what remains. */
  async settle(): Promise<void> {
    let left = this.batch.map((suspect) => ({ suspect, found: [] as readonly Difference[] }));
    this.batch = [];
    for (const pauseMs of PAUSES_MS) {
      if (left.length === 0 || this.signal.aborted) return;
      await this.parts.sleep(pauseMs, this.signal);
      await this.parts.caughtUp();
      const again: typeof left = [];
      for (const { suspect } of left) {
        const found = remaining(await suspect.look(), suspect);
        if (found.length > 0) again.push({ suspect, found });
      }
      left = again;
    }
    this.differences.push(...left.flatMap(({ found }) => found));
  }
}

/** What is behind is a difference only when it has not moved since the first look. */
function remaining({ differences, behind = [] }: Look, { firstSeen }: Suspect): readonly Difference[] {
  const stuck = behind.filter(({ difference, revision }) => firstSeen.get(difference.where) === revision);
  return [...differences, ...stuck.map(({ difference }) => difference)];
}

const revisionsOf = (behind: readonly Behind[]): ReadonlyMap<string, number> =>
  new Map(behind.map(({ difference, revision }) => [difference.where, revision]));
