import type { Statements } from './statements.ts';

/** Events that one span tells about. */
const SPAN = 256;

export const SPAN_SQL = {
  last: 'SELECT high FROM spans ORDER BY first DESC LIMIT 1',
  /** Where a span begins is its key: one that has begun is made longer. */
  write: `INSERT INTO spans (first, high, low) VALUES (?, ?, ?)
    ON CONFLICT (first) DO UPDATE SET high = max(high, excluded.high)`,
  lower: 'UPDATE spans SET low = ? WHERE low > ?',
  firstReaching: 'SELECT first FROM spans WHERE high >= ? ORDER BY high, first LIMIT 1',
  lastBelow: 'SELECT first FROM spans WHERE low < ? ORDER BY low DESC, first DESC LIMIT 1',
} as const;

/*
 * Events are in log order, and nearly, not surely, in the order of their times. For each span of the log: the latest time
 * up to its end, and the earliest from its beginning on. Both only grow along the log, so that a time leads to a stretch
 * outside of which no event has it, whatever clocks have done.
 */

/** Takes in the times (ms) of events that were added from `seq` on. */
export function writeSpans(sql: Statements, seq: number, times: readonly number[]): void {
  let high = (sql.first(SPAN_SQL.last)?.['high'] as number | undefined) ?? Number.MIN_SAFE_INTEGER;
  for (let at = 0; at < times.length;) {
    const first = spanOf(seq + at);
    const part = times.slice(at, at + first + SPAN - (seq + at));
    const [lowest, highest] = [Math.min(...part), Math.max(...part)];
    high = Math.max(high, highest);
    sql.run(SPAN_SQL.write, first, high, lowest);
    sql.run(SPAN_SQL.lower, lowest, lowest);
    at += part.length;
  }
}

/** Numbers between which all events of a time (ms) are, both exclusive; undefined when there is none. */
export function stretchOf(
  sql: Statements,
  from: number | undefined,
  to: number | undefined,
): { readonly after: number; readonly before: number } | undefined {
  const first = from === undefined ? 1 : sql.first(SPAN_SQL.firstReaching, from)?.['first'];
  const last = to === undefined ? Number.MAX_SAFE_INTEGER : sql.first(SPAN_SQL.lastBelow, to)?.['first'];
  if (first === undefined || last === undefined) return undefined;
  return { after: (first as number) - 1, before: to === undefined ? (last as number) : (last as number) + SPAN };
}

const spanOf = (seq: number): number => seq - ((seq - 1) % SPAN);
