/*
 * Which intervals contain a moment? Intervals are kept by the power of two their length fits in, then by their start: of
 * each such level only those that began within that length before the moment can reach it. Few entries are looked at in
 * vain, and those of a level come in the order of their start.
 */

/** Shorter ones share the first level: about a second. */
const FIRST_LEVEL = 10;
/** Longer than this, some 35 years, or not over yet: may reach any moment. */
export const ENDLESS = 40;

export const LEVELS: readonly number[] = Array.from({ length: ENDLESS - FIRST_LEVEL + 1 }, (_, n) => FIRST_LEVEL + n);

/** Level of an interval (ISO 8601); `until` is absent while it is not over. */
export function levelOf(since: string, until: string | undefined): number {
  if (until === undefined) return ENDLESS;
  const ms = Date.parse(until) - Date.parse(since);
  return Math.min(ENDLESS, Math.max(FIRST_LEVEL, Math.ceil(Math.log2(Math.max(1, ms)))));
}

/** Before all times that are written. */
const NEVER = '';

/** An interval of this level that contains the moment began after this. */
export function earliestStart(level: number, moment: string): string {
  if (level === ENDLESS) return NEVER;
  const ms = Date.parse(moment) - 2 ** level;
  return ms < 0 ? NEVER : new Date(ms).toISOString();
}
