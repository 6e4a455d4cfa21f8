import type { Json } from '#execution';

/** Something that is shown or kept, and is not what the log says. */
export interface Difference {
  /** Of the log; where it knows none, the uid of the resource. */
  readonly executionId: string;
  readonly where: 'status' | 'row';
  /** Of the field, as in `conditions.Ready.status`; empty: all of it. */
  readonly path: string;
  /** What the log, folded by the code of today, says; null: nothing. */
  readonly log: Json;
  /** What was found; null: nothing. */
  readonly found: Json;
}

/** What a replay of the whole log found. */
export interface ReplayReport {
  /** Executions folded and compared. */
  readonly executions: number;
  /** Empty when all is well. */
  readonly differences: readonly Difference[];
  /** True when there were more differences than are told: the rest of the log was not looked at. */
  readonly truncated: boolean;
}

export type ReplayNews =
  | { readonly kind: 'progress'; readonly executions: number; readonly differences: number }
  | ({ readonly kind: 'report' } & ReplayReport);

/** Differences told at most. */
export const MAX_DIFFERENCES = 1_000;
