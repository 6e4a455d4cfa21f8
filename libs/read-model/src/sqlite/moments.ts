import type { SQLInputValue } from 'node:sqlite';
import type { IdPage, MomentFilter } from '#audit';
import type { Place } from '../cursor.ts';
import { cursorOf, placeOf } from '../cursor.ts';
import type { ExecutionQuestion } from './execution-search.ts';
import { searchExecutions } from './execution-search.ts';
import { earliestStart, LEVELS } from './lifetimes.ts';
import { equalitiesOf } from './list-question.ts';
import type { Found, Statements } from './statements.ts';

/** Executions that had one lock at one moment, by their recorded times, at most; should be one. */
const HOLDERS = 100;
/** Executions waiting for one target at one moment that are put into order, at most. */
const IN_LINE = 10_000;

export const MOMENT_SQL = {
  holders: `SELECT id FROM executions INDEXED BY holds WHERE target = ? AND hold_level = ?
    AND running_from <= ? AND running_from > ? AND (released_from IS NULL OR released_from > ?) LIMIT ${HOLDERS}`,
  waiting: `SELECT id, place FROM executions INDEXED BY lives_of_target WHERE target = ? AND life_level = ?
    AND created_at <= ? AND created_at > ? AND (finished_from IS NULL OR finished_from > ?)
    AND (running_from IS NULL OR running_from > ?) ORDER BY created_at LIMIT ${IN_LINE}`,
} as const;

/** Ids of executions as they stood at a moment (as rows write times), newest first by creation, then id. */
export async function executionsAt(
  current: () => Statements,
  at: string,
  filter: MomentFilter,
  { cursor, limit }: { readonly cursor?: string; readonly limit: number },
): Promise<IdPage> {
  const after = cursor === undefined ? undefined : placeOf({ ...filter, at }, cursor);
  const found = isOpenPhase(filter.phase)
    ? openAt(current(), at, filter, after, limit + 1)
    : (await searchExecutions(current, everyoneQuestion(filter, at), after, limit + 1)).map(placed);
  const page = found.slice(0, limit);
  const ids = page.map(({ id }) => id);
  const last = page.at(-1);
  return found.length > limit && last !== undefined ? { ids, next: cursorOf({ ...filter, at }, last) } : { ids };
}

export function holdersAt(sql: Statements, target: string, at: string): string[] {
  const found = LEVELS.flatMap((level) => sql.all(MOMENT_SQL.holders, target, level, at, earliestStart(level, at), at));
  return found.map(({ id }) => id as string);
}

export function waitingAt(sql: Statements, target: string, at: string, limit: number): string[] {
  const found = LEVELS.flatMap((level) =>
    sql.all(MOMENT_SQL.waiting, target, level, at, earliestStart(level, at), at, at),
  );
  const inOrder = found.sort((a, b) => (a['place'] as number) - (b['place'] as number));
  return inOrder.slice(0, limit).map(({ id }) => id as string);
}

const isOpenPhase = (phase: MomentFilter['phase']): phase is 'Pending' | 'Running' =>
  phase === 'Pending' || phase === 'Running';

/** Ids are ASCII. */
const AFTER_EVERY_ID = '\uffff';

/** Those whose end is told by the row: with no phase asked for, or one that is the last. */
export function everyoneQuestion(filter: MomentFilter, at: string): ExecutionQuestion {
  const hasEnded = filter.phase !== undefined || filter.outcome !== undefined;
  return {
    selected: 'created_at, id',
    equalities: equalitiesOf(filter),
    stretch: { before: { createdAt: at, id: AFTER_EVERY_ID } },
    others: hasEnded ? [{ sql: 'finished_from <= ?', values: [at] }] : [],
  };
}

/** Those that were accepted and had not ended, level by level. */
function openAt(
  sql: Statements,
  at: string,
  { outcome, ...filter }: MomentFilter,
  after: Place | undefined,
  limit: number,
): readonly Place[] {
  if (outcome !== undefined) return [];
  const { text, values } = openQuery(filter, after);
  const found = LEVELS.flatMap((level) =>
    sql.all(text, level, ...values, ...placeValues(after), at, earliestStart(level, at), at, at, limit),
  );
  return found.map(placed).sort(newestFirst).slice(0, limit);
}

const AFTER = '(created_at, id) < (?, ?)';
const NEWEST_FIRST = 'ORDER BY created_at DESC, id DESC LIMIT ?';
type Part = { readonly text: string; readonly values: readonly SQLInputValue[] };

export function openQuery({ phase, ...filter }: MomentFilter, after: Place | undefined): Part {
  const asked = equalitiesOf(filter);
  const terms = asked.map(({ column }) => `${column} = ?`);
  if (after !== undefined) terms.push(AFTER);
  const isLike = phase === 'Running' ? 'running_from <= ?' : '(running_from IS NULL OR running_from > ?)';
  const index = filter.target === undefined ? 'lives' : 'lives_of_target';
  const text = `SELECT created_at, id FROM executions INDEXED BY ${index} WHERE life_level = ?
    ${terms.map((term) => `AND ${term}`).join(' ')} AND created_at <= ? AND created_at > ?
    AND (finished_from IS NULL OR finished_from > ?) AND ${isLike} ${NEWEST_FIRST}`;
  return { text, values: asked.map(({ value }) => value) };
}

const placeValues = (after: Place | undefined): readonly string[] =>
  after === undefined ? [] : [after.createdAt, after.id];

const placed = ({ created_at, id }: Found): Place => ({ createdAt: created_at as string, id: id as string });

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const newestFirst = (a: Place, b: Place): number => compare(b.createdAt, a.createdAt) || compare(b.id, a.id);
