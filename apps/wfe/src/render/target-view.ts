import type { Lock, TargetSummary, TargetView } from '../api/answers.ts';
import { clean } from './clean.ts';
import { paintOf } from './colours.ts';
import { executionTable } from './execution-table.ts';
import { table, type Layout } from './table.ts';
import { age, asOf, stamp, type Times } from './times.ts';

export function targetTable(items: readonly TargetSummary[], times: Times, layout: Layout): string {
  if (items.length === 0) return '';
  const { colours } = layout;
  return table<TargetSummary>(
    [
      { title: 'TARGET', cell: ({ target }) => target, isFlexible: true },
      { title: 'LOCK', cell: ({ lock }) => lock.state, paint: ({ lock }) => paintOf(colours, lock.state) },
      { title: 'HOLDER', cell: ({ lock }) => holderOf(lock) },
      { title: 'UNTIL', cell: ({ lock }) => lock.until && stamp(times, lock.until) },
      { title: 'WAITING', cell: ({ waiting }) => waiting, align: 'right' },
      {
        title: 'LAST',
        cell: ({ last }) => last && (last.outcome ?? last.phase),
        paint: ({ last }) => paintOf(colours, last?.outcome ?? ''),
      },
      { title: 'AGE', cell: ({ last }) => last && age(times, last.createdAt) },
    ],
    items,
    layout,
  );
}

/** One target: its lock, who waits for it, and what was done to it. */
export function targetView(
  { target, runName, at, lock, waiting, history, next }: TargetView,
  times: Times,
  layout: Layout,
): string {
  const { colours } = layout;
  const lines = [
    `${colours.dim('Target:')}   ${clean(target)}`,
    ...(at === undefined ? [] : [`${colours.dim('At:')}       ${stamp(times, at, 'milliseconds')}`]),
    `${colours.dim('Run:')}      ${clean(runName)}`,
    `${colours.dim('Lock:')}     ${paintOf(colours, lock.state)(clean(lock.state))}${lockedBy(lock, times)}`,
    `${colours.dim('Waiting:')}  ${waiting.length === 0 ? 'none' : String(waiting.length)}`,
    ...waiting.map(
      ({ resource, since }) => `  ${clean(`${resource.namespace}/${resource.name}`)} since ${stamp(times, since)}`,
    ),
    colours.bold('Executions'),
  ];
  const more = next === undefined ? '' : `${colours.dim('(there are more: --limit)')}\n`;
  return `${lines.join('\n')}\n${history.length === 0 ? 'none\n' : executionTable(history, asOf(times, at), layout)}${more}`;
}

const holderOf = ({ holder }: Lock): string =>
  holder === undefined ? '' : `${holder.resource.namespace}/${holder.resource.name}`;

function lockedBy(lock: Lock, times: Times): string {
  const since = lock.since === undefined ? '' : ` since ${stamp(times, lock.since)}`;
  const until = lock.until === undefined ? '' : ` until ${stamp(times, lock.until)}`;
  const by = lock.holder === undefined ? '' : ` by ${clean(holderOf(lock))} (${clean(lock.holder.executionId)})`;
  return by + since + until;
}
