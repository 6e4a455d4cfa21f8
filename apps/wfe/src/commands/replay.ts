import type { ReplayReport } from '../api/answers.ts';
import { reportOf } from '../api/reporting.ts';
import { clean } from '../render/clean.ts';
import { progressOn } from '../render/progress.ts';
import { table } from '../render/table.ts';
import type { Session } from '../session.ts';
import { acting, outputOption, print, usage, type Ending, type Form, type Registry } from './command.ts';

type Difference = ReplayReport['differences'][number];

export function registerReplay(registry: Registry): void {
  const command = registry.program
    .command('replay')
    .summary('fold the log anew, and compare with what is shown')
    .description(
      'Fold the whole log with the code of today, and compare with what each resource and the read model show. Exit code 1 when anything differs.',
    )
    .option('--check', 'compare, and change nothing (the only way there is)')
    .addOption(outputOption('table', 'json', 'yaml'));
  acting<{ check?: boolean; output: Form }>(registry, command, async (session, { check, output }) => {
    if (check !== true) throw usage('expected --check: replay only compares, it changes nothing');
    return compare(session, output);
  });
}

async function compare(session: Session, output: Form): Promise<Ending> {
  const api = await session.api();
  const progress = progressOn(session.shell.stderr, 'replaying', 'executions');
  try {
    const report = await reportOf(api, 'ReplayReport', { path: '/v1/audit/replay-check' }, ({ executions, of }) =>
      progress.at(executions ?? 0, of),
    );
    progress.stop();
    print(session, output, report, { text: () => reportText(session, report) });
    return report.differences.length === 0 ? 'ok' : 'no';
  } finally {
    progress.stop();
  }
}

function reportText({ layout }: Session, { executions, differences, truncated }: ReplayReport): string {
  const { colours } = layout;
  if (differences.length === 0)
    return `${colours.green('no differences')}: ${executions} executions are shown as the log has them\n`;
  const rows = table<Difference>(
    [
      { title: 'EXECUTION', cell: ({ executionId }) => executionId },
      { title: 'WHERE', cell: ({ where }) => where },
      { title: 'PATH', cell: ({ path }) => (path === '' ? '(all)' : path) },
      { title: 'LOG', cell: ({ log }) => valueOf(log), paint: () => colours.green },
      { title: 'FOUND', cell: ({ found }) => valueOf(found), paint: () => colours.red, isFlexible: true },
    ],
    differences,
    layout,
  );
  const counted = `${truncated ? 'at least ' : ''}${differences.length} differences in ${executions} executions`;
  return `${colours.red(counted)}\n${rows}`;
}

const valueOf = (value: unknown): string =>
  value === undefined || value === null ? '–' : clean(typeof value === 'string' ? value : JSON.stringify(value));
