import type { RowChange } from '#runtime';
import { levelOf } from './lifetimes.ts';
import { FIELDS } from './rows.ts';
import type { Statements } from './statements.ts';

type Value = string | number | null;

/**
 * Columns that change together. Most events change none of the groups, and what does not change costs no index anything:
 * SQLite would write every index that has a column named in an update, whatever its value.
 */
const GROUPS = [
  [
    ...['namespace', 'name', 'target', 'workflow_id', 'workflow_version', 'remediation_request'],
    ...['run_namespace', 'run_name', 'created_at'],
  ],
  ['phase', 'outcome', 'finished_at', 'finished_from', 'life_level'],
  ['lock', 'lock_until', 'running_from', 'released_from', 'hold_level', 'is_queued'],
  ['is_open', 'has_resource', 'archive'],
] as const;

/** In no index, but for `updated_at` in that of closed executions, of which hardly any changes again. */
const ALWAYS = ['revision', 'updated_at', 'reason', 'start_time', 'completion_time'] as const;

const assigned = (columns: readonly string[]): string => columns.map((column) => `${column} = ?`).join(', ');
const asked = (columns: readonly string[]): string => columns.map(() => '?').join(', ');

const COLUMNS = ['id', ...ALWAYS, ...GROUPS.flat()];

export const ROW_SQL = {
  /** Unless a newer one is there. */
  update: `UPDATE executions SET ${assigned(ALWAYS)} WHERE id = ? AND revision <= ?`,
  regroup: GROUPS.map(
    (group) =>
      `UPDATE executions SET ${assigned(group)} WHERE id = ? AND (${group.join(', ')}) IS NOT (${asked(group)})`,
  ),
  insert: `INSERT INTO executions (${COLUMNS.join(', ')}) VALUES (${asked(COLUMNS)}) ON CONFLICT (id) DO NOTHING`,
} as const;

/** Writes a row unless a newer one is there, within the caller's transaction. An execution keeps its place. */
export function writeRow(sql: Statements, change: RowChange): void {
  const { id, revision } = change.row;
  const values = valuesOf(change);
  const of = (columns: readonly string[]): Value[] => columns.map((column) => values.get(column) ?? null);
  if (sql.run(ROW_SQL.update, ...of(ALWAYS), id, revision).changes === 0) {
    sql.run(ROW_SQL.insert, ...of(COLUMNS));
    return;
  }
  for (const [index, statement] of ROW_SQL.regroup.entries()) {
    const group = of(GROUPS[index] ?? []);
    sql.run(statement, ...group, id, ...group);
  }
}

function valuesOf({ row, milestones }: RowChange): Map<string, Value> {
  const { running, finished, released } = milestones;
  const values = new Map<string, Value>();
  for (const [field, column] of FIELDS) {
    const value = row[field];
    values.set(column, typeof value === 'boolean' ? Number(value) : (value ?? null));
  }
  values.set('running_from', running ?? null);
  values.set('finished_from', finished ?? null);
  values.set('released_from', released ?? null);
  values.set('life_level', levelOf(row.createdAt, finished));
  values.set('hold_level', running === undefined ? null : levelOf(running, released));
  return values;
}
