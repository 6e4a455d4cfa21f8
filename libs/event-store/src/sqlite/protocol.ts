import type { ExpectedRevision } from '../port.ts';
import type { PreparedEvent } from '../prepare.ts';

/** What the store and its writer thread say to each other. Plain arrays and objects: they are cloned on the way. */

export interface WriterStart {
  readonly file: string;
  /** Pages the file may have; SQLite's own limit when absent. A quota. */
  readonly maxPages?: number;
}

/** Orders travel in arrays: everything that was given in one turn of the event loop. */
export type WriterOrder =
  | AppendOrder
  | ArchiveOrder
  | { readonly kind: 'probe'; readonly number: number }
  /** Finish what came before, then close the file and end the thread. */
  | { readonly kind: 'stop' };

export interface AppendOrder {
  readonly kind: 'append';
  readonly number: number;
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly PreparedEvent[];
}

/** Let go of the texts of the first `events` events of a stream. */
export interface ArchiveOrder {
  readonly kind: 'archive';
  readonly number: number;
  readonly stream: string;
  readonly events: number;
  readonly archive: string;
}

export type ArchiveOutcome = Archived | Extract<AppendSuccess, { kind: 'conflict' }> | Failure;

export interface Archived {
  readonly kind: 'archived';
}

export type AppendOutcome = AppendSuccess | Failure;

/** The writer did what it was asked to: it wrote, or judged. */
export type AppendSuccess =
  /** First revision and position; one hash for each event. They follow each other without a gap. */
  | {
      readonly kind: 'appended';
      readonly revision: number;
      readonly position: number;
      readonly previousHash: string;
      readonly hashes: readonly string[];
    }
  | { readonly kind: 'repeated'; readonly revision: number }
  | { readonly kind: 'conflict'; readonly actual: number | 'none' };

export interface Failure {
  readonly kind: 'unavailable' | 'unknown' | 'corrupt';
  readonly message: string;
}

export type Answer = readonly [number: number, outcome: AppendOutcome | ArchiveOutcome | Probed];

export interface Probed {
  readonly kind: 'probed';
}

export type WriterReport =
  | { readonly kind: 'ready'; readonly storeId: string }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'answers'; readonly answers: readonly Answer[] };
