import type { KubeObject } from './object.ts';

/** One write. `previous` is the object before it; absent when it was created. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly collection: string;
  readonly revision: number;
  readonly object: KubeObject;
  readonly previous?: KubeObject;
}

/** The most recent changes, at most `limit` of them, oldest first. */
export class History {
  #changes: Change[] = [];
  /** Changes up to and including this revision are forgotten. */
  #compacted = 1;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  record(change: Change): void {
    this.#changes.push(change);
    // Cutting in halves keeps the cost of recording constant on average.
    if (this.#changes.length > 2 * this.#limit) {
      this.compact(this.#changes[this.#changes.length - this.#limit - 1]?.revision ?? change.revision);
    }
  }

  after(revision: number): readonly Change[] | undefined {
    if (revision < this.#compacted) return undefined;
    return this.#changes.slice(this.#firstAfter(revision));
  }

  compact(revision: number): void {
    this.#changes = this.#changes.slice(this.#firstAfter(revision));
    this.#compacted = Math.max(this.#compacted, revision);
  }

  #firstAfter(revision: number): number {
    let low = 0;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle]?.revision ?? Infinity) <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
