import type { ExecutionFilter } from '#runtime';
import type { Place } from '../cursor.ts';
import { instant } from '../instant.ts';
import { COLUMNS, SELECTED } from './rows.ts';

export interface Query {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

const EQUALITIES = ['phase', 'outcome', 'target', 'workflowId', 'namespace', 'remediationRequest'] as const;

/** Newest first by creation, then id, after a place in that order (exclusive). */
export function listQuery(filter: ExecutionFilter, after: Place | undefined, limit: number): Query {
  const terms: { readonly sql: string; readonly values: readonly string[] }[] = [];
  for (const field of EQUALITIES) {
    const value = filter[field];
    if (value !== undefined) terms.push({ sql: `${COLUMNS[field]} = ?`, values: [value] });
  }
  if (filter.from !== undefined) terms.push({ sql: 'created_at >= ?', values: [instant(filter.from)] });
  if (filter.to !== undefined) terms.push({ sql: 'created_at < ?', values: [instant(filter.to)] });
  if (after !== undefined) terms.push({ sql: '(created_at, id) < (?, ?)', values: [after.createdAt, after.id] });
  const where = terms.length === 0 ? '' : ` WHERE ${terms.map((term) => term.sql).join(' AND ')}`;
  return {
    sql: `SELECT ${SELECTED} FROM executions${where} ORDER BY created_at DESC, id DESC LIMIT ?`,
    values: [...terms.flatMap((term) => term.values), limit],
  };
}
