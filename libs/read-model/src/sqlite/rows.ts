import type { SQLOutputValue } from 'node:sqlite';
import type { ExecutionRow, RowChange } from '#runtime';
import { levelOf } from './lifetimes.ts';

/** Where each field of a row is kept. */
export const COLUMNS: Readonly<Record<keyof ExecutionRow, string>> = {
  id: 'id',
  namespace: 'namespace',
  name: 'name',
  phase: 'phase',
  outcome: 'outcome',
  reason: 'reason',
  target: 'target',
  workflowId: 'workflow_id',
  workflowVersion: 'workflow_version',
  remediationRequest: 'remediation_request',
  runNamespace: 'run_namespace',
  runName: 'run_name',
  lock: 'lock',
  lockUntil: 'lock_until',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  finishedAt: 'finished_at',
  startTime: 'start_time',
  completionTime: 'completion_time',
  revision: 'revision',
  isOpen: 'is_open',
  isQueued: 'is_queued',
  hasResource: 'has_resource',
  archive: 'archive',
};

/** SQLite has no booleans. */
const FLAGS: ReadonlySet<string> = new Set(['isOpen', 'isQueued', 'hasResource']);

const FIELDS = Object.entries(COLUMNS) as [keyof ExecutionRow, string][];
const NAMES = Object.values(COLUMNS);

export const SELECTED = NAMES.join(', ');

/** What is known beside the row, for questions about a moment. */
const MILESTONES = ['running_from', 'finished_from', 'released_from', 'life_level', 'hold_level'] as const;
const WRITTEN: readonly string[] = [...NAMES, ...MILESTONES];

/** Writes a row unless a newer one is there. An execution keeps its place. */
export const UPSERT = `
  INSERT INTO executions (${WRITTEN.join(', ')}) VALUES (${WRITTEN.map(() => '?').join(', ')})
  ON CONFLICT (id) DO UPDATE SET ${WRITTEN.slice(1)
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}
  WHERE excluded.revision >= executions.revision`;

/** The values UPSERT asks for. */
export function valuesOf({ row, milestones }: RowChange): (string | number | null)[] {
  const fields = FIELDS.map(([field]) => {
    const value = row[field];
    return typeof value === 'boolean' ? Number(value) : (value ?? null);
  });
  const { running, finished, released } = milestones;
  const hold = running === undefined ? null : levelOf(running, released);
  return [...fields, running ?? null, finished ?? null, released ?? null, levelOf(row.createdAt, finished), hold];
}

/** The row as it was written: a field that was absent is absent. */
export function rowOf(record: Record<string, SQLOutputValue>): ExecutionRow {
  const fields = FIELDS.filter(([, column]) => record[column] !== null).map(([field, column]) => [
    field,
    FLAGS.has(field) ? record[column] === 1 : record[column],
  ]);
  return Object.fromEntries(fields) as ExecutionRow;
}
