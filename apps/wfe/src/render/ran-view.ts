import { clean } from './clean.ts';
import { paintOf } from './colours.ts';
import { table, type Layout } from './table.ts';
import type { Ran, RanTask } from './what-ran.ts';

interface Line {
  readonly task: string;
  readonly step: string;
  readonly state: string;
  readonly exitCode?: number;
  readonly image?: string;
}

/** What was asked for by name and what that was by digest, then a step a line. */
export function ranView({ bundle, resolved, run, tasks, skipped }: Ran, layout: Layout): string {
  const { colours } = layout;
  const digest = resolved?.digest && `${resolved.uri ?? ''}@${resolved.digest}`;
  const fields = [
    ['Bundle:', bundle],
    ['Resolved:', digest],
    ['Pipeline:', resolved?.entryPoint],
    ['Run:', run && `${run.namespace}/${run.name} (uid ${run.uid})`],
  ].filter((field): field is [string, string] => field[1] !== undefined);
  const head = fields.map(([name, value]) => `${colours.dim(name.padEnd(10))} ${clean(value)}\n`).join('');
  const lines = [
    ...tasks.flatMap((task) => linesOf(task, tasks)),
    ...skipped.map(({ name, reason }) => ({ task: name, step: '', state: `Skipped: ${reason}` })),
  ];
  return head + (lines.length === 0 ? 'No task has started.\n' : stepTable(lines, layout));
}

function linesOf(task: RanTask, all: readonly RanTask[]): readonly Line[] {
  const isRepeated = all.filter((other) => other.task === task.task).length > 1;
  const name = isRepeated ? `${task.task} (${task.attempt})` : task.task;
  if (task.steps.length === 0) return [{ task: name, step: '', state: task.state }];
  return task.steps.map(({ name: step, reason, terminationReason, exitCode, imageId }) => ({
    ...{ task: name, step, state: terminationReason ?? reason },
    ...(exitCode !== undefined && { exitCode }),
    ...(imageId !== undefined && { image: imageId }),
  }));
}

function stepTable(lines: readonly Line[], layout: Layout): string {
  const { colours } = layout;
  const paint = ({ state, exitCode }: Line) =>
    exitCode ? colours.red : paintOf(colours, state.split(':', 1)[0] ?? '');
  return table<Line>(
    [
      { title: 'TASK', cell: ({ task }) => task },
      { title: 'STEP', cell: ({ step }) => step },
      { title: 'STATE', cell: ({ state }) => state, paint },
      { title: 'EXIT', cell: ({ exitCode }) => exitCode, paint, align: 'right' },
      { title: 'IMAGE', cell: ({ image }) => image, isFlexible: true },
    ],
    lines,
    layout,
  );
}
