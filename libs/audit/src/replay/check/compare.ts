import type { Json, JsonObject } from '#execution';
import { changesBetween } from '../diff.ts';
import type { Folded, Step } from '../folded.ts';
import { foldedFrom } from '../folded.ts';
import type { Difference } from './report.ts';

/** Something made from an execution: as found, which revision it shows, and how it is made. */
export interface Shown {
  readonly where: Difference['where'];
  /** Undefined: it is not there. */
  readonly found: JsonObject | undefined;
  /** Revision of the newest event it shows; undefined when it does not say so. */
  readonly revision: number | undefined;
  /** Name of the field that says it. */
  readonly revisionPath: string;
  readonly tell: (folded: Folded) => JsonObject | undefined;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** It shows an earlier revision than the newest: perhaps it is being written. */
  readonly isBehind: boolean;
}

/**
 * Holds what is shown against the log, of the revision it shows: what is only older is true all the same. Then, whether it
 * is behind, which is a difference only when it stays so. Pure.
 */
export function compare(id: string, steps: readonly Step[], shown: Shown): Comparison {
  const { where, found, revision, revisionPath, tell } = shown;
  const newest = steps.length - 1;
  const difference = (path: string, log: Json, other: Json): Difference => ({
    executionId: id,
    where,
    path,
    log,
    found: other,
  });
  const wanted = tell(foldedFrom(id, steps));
  if (found === undefined)
    return { differences: wanted === undefined ? [] : [difference('', wanted, null)], isBehind: false };
  if (revision === undefined || revision < 0 || revision > newest)
    return { differences: [difference(revisionPath, newest, revision ?? null)], isBehind: false };
  const then = tell(foldedFrom(id, steps.slice(0, revision + 1))) ?? {};
  const changes = changesBetween(then, found);
  const differences = changes.map(({ path, before, after }) => difference(path, before ?? null, after ?? null));
  return { differences, isBehind: revision < newest };
}
