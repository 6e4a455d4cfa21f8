import type { ExecutionFilter } from '#runtime';
import type { Place } from '../cursor.ts';
import { instant } from '../instant.ts';
import type { Equality, ExecutionQuestion } from './execution-search.ts';
import { SELECTED } from './rows.ts';

/** The properties a list may be asked for, and their columns. */
const EQUALITIES = {
  phase: 'phase',
  outcome: 'outcome',
  target: 'target',
  workflowId: 'workflow_id',
  namespace: 'namespace',
  remediationRequest: 'remediation_request',
} as const satisfies Partial<Record<keyof ExecutionFilter, Equality['column']>>;

export type ByValue = Pick<ExecutionFilter, keyof typeof EQUALITIES>;

export function listQuestion(filter: ExecutionFilter): ExecutionQuestion {
  const stretch = {
    ...(filter.to !== undefined && { before: firstOf(filter.to) }),
    ...(filter.from !== undefined && { since: firstOf(filter.from) }),
  };
  return { selected: SELECTED, equalities: equalitiesOf(filter), stretch, others: [] };
}

/** No id comes before the empty one. */
const firstOf = (time: string): Place => ({ createdAt: instant(time), id: '' });

export const equalitiesOf = (filter: ByValue): readonly Equality[] =>
  (Object.entries(EQUALITIES) as [keyof ByValue, Equality['column']][]).flatMap(([field, column]) => {
    const value = filter[field];
    return value === undefined ? [] : [{ column, value }];
  });
