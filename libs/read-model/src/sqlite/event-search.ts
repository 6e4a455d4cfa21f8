import type { EventFilter } from '#audit';
import type { Direction } from '#event-store';
import { milliseconds } from '../instant.ts';
import { stretchOf } from './spans.ts';
import type { Found, Statements } from './statements.ts';
import type { Texts } from './texts.ts';

/** Entries of an index that one call looks at, at most, for each text asked for in it. */
export const WINDOW = 2_000;

/** A stretch of the log by numbers, both exclusive. */
export interface Stretch {
  readonly after: number;
  readonly before: number;
}

export interface Search {
  /** In the direction asked for; one more than the limit when there are more. */
  readonly found: readonly Found[];
  /** The last number looked at; undefined when the stretch was looked at whole. */
  readonly upTo?: number;
}

/** Each property has an index that ends with the order of the log. */
export const INDEXED = {
  executionId: 'execution',
  correlationId: 'correlation',
  target: 'target',
  actor: 'actor',
  workflowId: 'workflow',
  outcome: 'outcome',
} as const;

/** One property, and the texts (by number) it may have. */
interface Condition {
  readonly column: string;
  readonly ids: readonly number[];
}

interface Times {
  readonly from?: number;
  readonly to?: number;
}

/**
 * Finds events in log order. Of several conditions, the one whose next entries lead furthest along the log is followed by
 * its index, and the others are checked on what it names: never more than WINDOW entries in one call.
 */
export function searchEvents(
  sql: Statements,
  texts: Texts,
  filter: EventFilter,
  asked: Stretch,
  direction: Direction,
  limit: number,
): Search {
  const conditions = conditionsOf(texts, filter);
  const times = timesOf(filter);
  const stretch = within(asked, stretchOf(sql, times.from, times.to));
  if (conditions === undefined || stretch === undefined) return { found: [] };
  const isPlain = conditions.length < 2 && times.from === undefined && times.to === undefined;
  const { followed, upTo } = isPlain
    ? { followed: conditions[0], upTo: undefined }
    : furthest(sql, conditions, stretch, direction);
  const checked = conditions.filter((condition) => condition !== followed);
  const found = (followed?.ids ?? [undefined]).flatMap((id) => {
    const { text, values } = searchQuery(followed?.column, id, checked, times, direction);
    const { after, before } = cut(stretch, upTo, direction);
    return sql.all(text, ...values, after, before, limit + 1);
  });
  if (followed !== undefined && followed.ids.length > 1) found.sort(inOrder(direction));
  return { found: found.slice(0, limit + 1), ...(upTo !== undefined && { upTo }) };
}

/** Undefined when a text was asked for that no event has. */
function conditionsOf(texts: Texts, { types, ...filter }: EventFilter): Condition[] | undefined {
  const fields = Object.entries(INDEXED) as [keyof typeof INDEXED, string][];
  const asked = fields.flatMap(([field, column]) => {
    const text = filter[field];
    return text === undefined ? [] : [{ column, texts: [text] }];
  });
  if (types !== undefined) asked.push({ column: 'type', texts: [...new Set(types)] });
  const conditions = asked.map(({ column, texts: wanted }) => ({
    column,
    ids: wanted.flatMap((text) => texts.find(text) ?? []),
  }));
  return conditions.some(({ ids }) => ids.length === 0) ? undefined : conditions;
}

const timesOf = ({ from, to }: EventFilter): Times => ({
  ...(from !== undefined && { from: milliseconds(from) }),
  ...(to !== undefined && { to: milliseconds(to) }),
});

function within(asked: Stretch, known: Stretch | undefined): Stretch | undefined {
  if (known === undefined) return undefined;
  return { after: Math.max(asked.after, known.after), before: Math.min(asked.before, known.before) };
}

/** Of these conditions the one whose WINDOW of entries reaches furthest, and how far; not at all when one has no more. */
function furthest(
  sql: Statements,
  conditions: readonly Condition[],
  stretch: Stretch,
  direction: Direction,
): { readonly followed: Condition | undefined; readonly upTo: number | undefined } {
  const forwards = direction === 'forwards';
  let best: { followed: Condition | undefined; upTo: number } = {
    followed: undefined,
    upTo: forwards ? stretch.after + WINDOW : stretch.before - WINDOW,
  };
  for (const followed of conditions) {
    const upTo = reachOf(sql, followed, stretch, direction);
    if (upTo === undefined) return { followed, upTo };
    if (forwards ? upTo > best.upTo : upTo < best.upTo) best = { followed, upTo };
  }
  const isWhole = forwards ? best.upTo >= stretch.before - 1 : best.upTo <= stretch.after + 1;
  return isWhole ? { followed: best.followed, upTo: undefined } : best;
}

/** The last number among the next WINDOW entries of each text; undefined when there are no more than that. */
function reachOf(sql: Statements, condition: Condition, stretch: Stretch, direction: Direction): number | undefined {
  const reaches = condition.ids.flatMap((id) => {
    const reach = sql.first(reachQuery(condition.column, direction), id, stretch.after, stretch.before, WINDOW - 1);
    return (reach?.['seq'] as number | undefined) ?? [];
  });
  if (reaches.length === 0) return undefined;
  return direction === 'forwards' ? Math.min(...reaches) : Math.max(...reaches);
}

function cut({ after, before }: Stretch, upTo: number | undefined, direction: Direction): Stretch {
  if (upTo === undefined) return { after, before };
  return direction === 'forwards' ? { after, before: upTo + 1 } : { after: upTo - 1, before };
}

const ordered = (direction: Direction): string => (direction === 'forwards' ? 'ORDER BY seq' : 'ORDER BY seq DESC');

export const reachQuery = (column: string, direction: Direction): string =>
  `SELECT seq FROM events INDEXED BY events_by_${column} WHERE ${column} = ? AND seq > ? AND seq < ?
    ${ordered(direction)} LIMIT 1 OFFSET ?`;

/** The query that follows one text of one property (none: the log itself) and checks the others, and its first values. */
export function searchQuery(
  column: string | undefined,
  id: number | undefined,
  checked: readonly Condition[],
  { from, to }: Times,
  direction: Direction,
): { readonly text: string; readonly values: readonly number[] } {
  const terms = [
    ...(column === undefined || id === undefined ? [] : [{ text: `${column} = ?`, values: [id] }]),
    ...checked.map(({ column: other, ids }) => ({
      text: ids.length === 1 ? `+${other} = ?` : `+${other} IN (${ids.map(() => '?').join(', ')})`,
      values: ids,
    })),
    ...(from === undefined ? [] : [{ text: 'time >= ?', values: [from] }]),
    ...(to === undefined ? [] : [{ text: 'time < ?', values: [to] }]),
  ];
  const source = column === undefined ? 'events NOT INDEXED' : `events INDEXED BY events_by_${column}`;
  const where = [...terms.map((term) => term.text), 'seq > ? AND seq < ?'].join(' AND ');
  return {
    text: `SELECT seq, position, revision, (SELECT text FROM texts WHERE id = execution) AS execution
    FROM ${source} WHERE ${where} ${ordered(direction)} LIMIT ?`,
    values: terms.flatMap((term) => term.values),
  };
}

function inOrder(direction: Direction): (a: Found, b: Found) => number {
  const sign = direction === 'forwards' ? 1 : -1;
  return (a, b) => sign * ((a['seq'] as number) - (b['seq'] as number));
}
