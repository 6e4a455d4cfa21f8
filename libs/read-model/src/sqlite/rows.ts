import type { SQLOutputValue } from 'node:sqlite';
import type { ExecutionRow } from '#runtime';

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

export const FIELDS = Object.entries(COLUMNS) as [keyof ExecutionRow, string][];
export const SELECTED = Object.values(COLUMNS).join(', ');

/** The row as it was written: a field that was absent is absent. */
export function rowOf(record: Record<string, SQLOutputValue>): ExecutionRow {
  const fields = FIELDS.filter(([, column]) => record[column] !== null).map(([field, column]) => [
    field,
    FLAGS.has(field) ? record[column] === 1 : record[column],
  ]);
  return Object.fromEntries(fields) as ExecutionRow;
}
