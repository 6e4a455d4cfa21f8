import type { Equality, ExecutionQuestion, Stretch } from '../../src/sqlite/execution-search.ts';
import { followingQuery, INDEXES, reachQuery } from '../../src/sqlite/execution-search.ts';
import { explain } from '../../src/sqlite/explain.ts';

/**
 * Whichever property is followed, its own index is gone through from one place to another, in the order of the list; and
 * that index alone tells how far it leads.
 */
export function expectInOrder(file: string, question: ExecutionQuestion): void {
  const { equalities, stretch } = question;
  for (const followed of equalities.length === 0 ? [undefined] : equalities)
    expect(explain(file, followingQuery(question, followed).text)).toEqual([
      expect.stringMatching(new RegExp(`^${escaped(gone(stretch, followed))}$`)),
    ]);
  for (const followed of equalities)
    expect(explain(file, reachQuery(stretch, followed).text)).toEqual([
      gone(stretch, followed).replace('(COVERING )?', 'COVERING '),
    ]);
}

function gone({ before, since }: Stretch, followed: Equality | undefined): string {
  const index = followed === undefined ? 'by_creation' : INDEXES[followed.column];
  const terms = [
    ...(followed === undefined ? [] : [`${followed.column}=?`]),
    ...(since === undefined ? [] : ['(created_at,id)>(?,?)']),
    ...(before === undefined ? [] : ['(created_at,id)<(?,?)']),
  ];
  const step = terms.length === 0 ? 'SCAN' : 'SEARCH';
  return `${step} executions USING (COVERING )?INDEX ${index}${terms.length === 0 ? '' : ` (${terms.join(' AND ')})`}`;
}

/** All but the one optional word is meant as it stands. */
const escaped = (line: string): string => line.replace(/[()?]/g, '\\$&').replace('\\(COVERING \\)\\?', '(COVERING )?');
