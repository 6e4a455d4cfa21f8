import { cursorOf, placeOf } from '../cursor.ts';
import type { Statements } from './statements.ts';

/** One step through an index for each target, however many executions it has. */
export const TARGET_SQL = {
  all: `WITH RECURSIVE found (target) AS (
      SELECT min(target) FROM executions WHERE target > ?
      UNION ALL SELECT (SELECT min(target) FROM executions WHERE target > found.target) FROM found
        WHERE found.target IS NOT NULL
    ) SELECT target FROM found WHERE target IS NOT NULL LIMIT ?`,
  locked: `SELECT DISTINCT target FROM executions INDEXED BY locked_targets
    WHERE lock IN ('Held', 'Releasing') AND target > ? ORDER BY target LIMIT ?`,
} as const;

/** Targets that have, or had, an execution, or those alone whose lock somebody has, by name. */
export function targetPage(
  sql: Statements,
  { cursor, limit, locked }: { readonly cursor?: string; readonly limit: number; readonly locked?: boolean },
): { readonly targets: readonly string[]; readonly next?: string } {
  const which = locked === true ? 'locked' : 'all';
  const after = cursor === undefined ? '' : placeOf({ targets: which }, cursor).id;
  const found = sql.all(TARGET_SQL[which], after, limit + 1).map(({ target }) => target as string);
  const targets = found.slice(0, limit);
  const last = targets.at(-1);
  return found.length > limit && last !== undefined
    ? { targets, next: cursorOf({ targets: which }, { createdAt: '', id: last }) }
    : { targets };
}
