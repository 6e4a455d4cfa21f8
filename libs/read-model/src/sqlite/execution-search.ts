import type { SQLInputValue } from 'node:sqlite';
import type { Place } from '../cursor.ts';
import type { Found, Statements } from './statements.ts';

/** Entries of an index that one step looks at, at most, when more than one property is asked for. */
export const WINDOW = 1_000;

/** Each property that is asked for by its value has an index that ends with the order of the list. */
export const INDEXES = {
  phase: 'by_phase',
  outcome: 'by_outcome',
  target: 'by_target',
  workflow_id: 'by_workflow',
  namespace: 'by_namespace',
  remediation_request: 'by_remediation_request',
} as const;

export interface Equality {
  readonly column: keyof typeof INDEXES;
  readonly value: string;
}

export interface Term {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

export interface ExecutionQuestion {
  /** Columns to answer with, `created_at` and `id` among them. */
  readonly selected: string;
  readonly equalities: readonly Equality[];
  readonly stretch: Stretch;
  readonly others: readonly Term[];
}

/** A part of the list: each place leads to its row by every index. */
export interface Stretch {
  /** Older than this place. */
  readonly before?: Place;
  /** This place, or newer. */
  readonly since?: Place;
}

/**
 * Executions newest first by creation, then id, after a place in that order (exclusive). Others have their turn between
 * steps; a rebuilt file may take the place of the one before meanwhile, so it is asked for anew.
 */
export async function searchExecutions(
  current: () => Statements,
  question: ExecutionQuestion,
  after: Place | undefined,
  limit: number,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (let rest = olderThan(question, after); ;) {
    const step = stepOf(current(), rest, limit - found.length);
    found.push(...step.found);
    if (step.upTo === undefined || found.length >= limit) return found;
    rest = olderThan(question, step.upTo);
    await nextTurn();
  }
}

function olderThan(question: ExecutionQuestion, place: Place | undefined): ExecutionQuestion {
  const { before } = question.stretch;
  if (place === undefined || (before !== undefined && isOlder(before, place))) return question;
  return { ...question, stretch: { ...question.stretch, before: place } };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Step {
  readonly found: readonly Found[];
  /** The last place looked at; absent when there is nothing more. */
  readonly upTo?: Place;
}

/**
 * Of several properties the one whose next entries lead furthest is followed by its index, and the others are checked on
 * what it names: a rare one is through at once, and of two that everybody has no step takes long.
 */
function stepOf(sql: Statements, question: ExecutionQuestion, limit: number): Step {
  const { equalities } = question;
  const { followed, upTo } =
    equalities.length < 2
      ? { followed: equalities[0], upTo: undefined }
      : furthest(equalities.map((equality) => reachOf(sql, question, equality)));
  const { text, values } = followingQuery(upTo === undefined ? question : downTo(question, upTo), followed);
  return { found: sql.all(text, ...values, limit), ...(upTo !== undefined && { upTo }) };
}

const downTo = (question: ExecutionQuestion, since: Place): ExecutionQuestion => ({
  ...question,
  stretch: { ...question.stretch, since },
});

/** How far a property leads: to the last of its next WINDOW entries, or to the end when it has no more than that. */
interface Reach {
  readonly followed: Equality;
  readonly upTo: Place | undefined;
}

function reachOf(sql: Statements, { stretch }: ExecutionQuestion, followed: Equality): Reach {
  const { text, values } = reachQuery(stretch, followed);
  const last = sql.first(text, ...values, WINDOW - 1);
  return { followed, upTo: last && { createdAt: last['created_at'] as string, id: last['id'] as string } };
}

const furthest = (reaches: readonly Reach[]): Reach =>
  reaches.reduce((best, each) => (leadsFurther(each.upTo, best.upTo) ? each : best));

function leadsFurther(a: Place | undefined, b: Place | undefined): boolean {
  if (a === undefined || b === undefined) return b !== undefined;
  return isOlder(a, b);
}

const isOlder = (a: Place, b: Place): boolean =>
  a.createdAt === b.createdAt ? a.id < b.id : a.createdAt < b.createdAt;

interface Query {
  readonly text: string;
  /** Without the last one, the limit (of reach: how many to pass over). */
  readonly values: readonly SQLInputValue[];
}

export function reachQuery(stretch: Stretch, followed: Equality): Query {
  return query('created_at, id', followed, [equal(followed), ...within(stretch)], 'LIMIT 1 OFFSET ?');
}

export function followingQuery(
  { selected, equalities, stretch, others }: ExecutionQuestion,
  followed: Equality | undefined,
): Query {
  const first = followed === undefined ? [] : [equal(followed)];
  const checked = equalities.filter((each) => each !== followed).map(equal);
  const terms = [...first, ...checked, ...others, ...within(stretch)];
  return query(selected, followed, terms, 'LIMIT ?');
}

function query(selected: string, followed: Equality | undefined, terms: readonly Term[], bounded: string): Query {
  const index = followed === undefined ? 'by_creation' : INDEXES[followed.column];
  const where = terms.length === 0 ? '' : ` WHERE ${terms.map(({ sql }) => sql).join(' AND ')}`;
  return {
    text: `SELECT ${selected} FROM executions INDEXED BY ${index}${where} ORDER BY created_at DESC, id DESC ${bounded}`,
    values: terms.flatMap(({ values }) => values),
  };
}

const equal = ({ column, value }: Equality): Term => ({ sql: `${column} = ?`, values: [value] });

function within({ before, since }: Stretch): readonly Term[] {
  const terms: Term[] = [];
  if (before !== undefined) terms.push({ sql: '(created_at, id) < (?, ?)', values: [before.createdAt, before.id] });
  if (since !== undefined) terms.push({ sql: '(created_at, id) >= (?, ?)', values: [since.createdAt, since.id] });
  return terms;
}
