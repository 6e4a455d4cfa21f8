import type { Row } from '../api/answers.ts';
import { paintOf } from './colours.ts';
import { table, type Column, type Layout } from './table.ts';
import { age, lasting, type Times } from './times.ts';

/** Of an id: its time and a dozen random bits; enough to name it. */
const ID_SHOWN = 18;

/** Executions, one a line. `wide` adds the whole id, why, the run and the lock. */
export function executionTable(rows: readonly Row[], times: Times, layout: Layout, isWide = false): string {
  if (rows.length === 0) return '';
  const columns = isWide ? [...narrow(times, layout, isWide), ...wide(times)] : narrow(times, layout, isWide);
  return table(columns, rows, isWide ? { colours: layout.colours } : layout);
}

function narrow(times: Times, { colours }: Layout, isWide: boolean): Column<Row>[] {
  return [
    {
      title: 'ID',
      cell: ({ executionId }) => (isWide ? executionId : executionId.slice(0, ID_SHOWN)),
      paint: () => colours.dim,
    },
    { title: 'RESOURCE', cell: ({ resource }) => `${resource.namespace}/${resource.name}` },
    { title: 'PHASE', cell: ({ phase }) => phase, paint: ({ phase }) => paintOf(colours, phase) },
    { title: 'OUTCOME', cell: ({ outcome }) => outcome, paint: ({ outcome = '' }) => paintOf(colours, outcome) },
    { title: 'TARGET', cell: ({ target }) => target, isFlexible: true },
    { title: 'WORKFLOW', cell: ({ workflowId }) => workflowId },
    { title: 'DURATION', cell: (row) => duration(row, times) },
    { title: 'AGE', cell: ({ createdAt }) => age(times, createdAt) },
  ];
}

function wide(times: Times): Column<Row>[] {
  return [
    { title: 'REASON', cell: ({ reason }) => reason },
    { title: 'RUN', cell: ({ run }) => `${run.namespace}/${run.name}` },
    { title: 'LOCK', cell: ({ lock }) => lockOf(lock, times) },
    { title: 'REMEDIATION', cell: ({ remediationRequest }) => remediationRequest },
    { title: 'REVISION', cell: ({ revision }) => revision, align: 'right' },
  ];
}

/** Of the run, up to now while it runs. */
function duration({ startTime, completionTime, phase }: Row, times: Times): string {
  if (startTime === undefined) return '';
  if (completionTime === undefined && phase !== 'Running') return '';
  const endMs = completionTime === undefined ? times.now() : Date.parse(completionTime);
  return lasting(Math.max(0, endMs - Date.parse(startTime)));
}

function lockOf({ state, until }: Row['lock'], times: Times): string {
  const leftMs = until === undefined ? 0 : Date.parse(until) - times.now();
  return leftMs > 0 ? `${state} for ${lasting(leftMs)}` : state;
}
