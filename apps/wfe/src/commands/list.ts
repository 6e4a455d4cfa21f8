import { Option } from 'commander';
import { momentsOf } from '../naming/point.ts';
import { targetOf } from '../naming/target.ts';
import type { ExecutionPage, Row } from '../api/answers.ts';
import { pagesOf } from '../api/pages.ts';
import { executionTable } from '../render/execution-table.ts';
import { asOf } from '../render/times.ts';
import type { Session } from '../session.ts';
import {
  acting,
  numberFrom,
  outputOption,
  present,
  print,
  remark,
  remarkRebuilding,
  type Form,
  type Registry,
} from './command.ts';

interface ListOptions {
  readonly phase?: Row['phase'];
  readonly outcome?: NonNullable<Row['outcome']>;
  readonly target?: string;
  readonly workflow?: string;
  readonly remediationRequest?: string;
  readonly at?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly output: Form;
  readonly namespace?: string;
}

const MAX_ROWS = 10_000;
/** What the API gives at once. */
const PAGE = 500;

export function registerList(registry: Registry): void {
  const command = registry.program
    .command('list')
    .alias('ls')
    .summary('list executions, newest first')
    .description('List executions that pass every filter, newest first, of every namespace unless -n is given.')
    .addOption(new Option('--phase <phase>', 'phase').choices(['Pending', 'Running', 'Completed', 'Failed', 'Skipped']))
    .addOption(new Option('--outcome <outcome>', 'outcome').choices(['Success', 'Failed', 'Cancelled', 'Skipped']))
    .option('--target <target>', 'target, as in payment/deployment/payment-api')
    .option('--workflow <id>', 'id of the workflow')
    .option('--remediation-request <name>', 'remediation request it was done for')
    .option('--at <time>', 'as they stood then: a time, how long ago, or EXECUTION@EVENT')
    .option('--from <time>', 'created at or after')
    .option('--to <time>', 'created before')
    .option('--limit <number>', `rows, 1 to ${MAX_ROWS}`, numberFrom(1, MAX_ROWS), 50)
    .addOption(outputOption('table', 'wide', 'json', 'yaml', 'name'))
    .addHelpText('after', '\nWith -o name: ids, one a line.');
  acting<ListOptions>(registry, command, list);
}

async function list(session: Session, options: ListOptions): Promise<void> {
  const { layout } = session;
  const filters = await filtersOf(session, options);
  const api = await session.api();
  const page = await pagesOf<Row, ExecutionPage>(options.limit, PAGE, (place) =>
    api.ask((client) => client.GET('/v1/executions', { params: { query: { ...filters, ...place } } })),
  );
  print(session, options.output, page, {
    text: () => executionTable(page.items, asOf(session.times, filters.at), layout, options.output === 'wide'),
    names: () => page.items.map(({ executionId }) => executionId),
  });
  if (options.output === 'json' || options.output === 'yaml') return;
  remarkRebuilding(session, page);
  if (page.items.length === 0) remark(session, 'No executions found.');
  if (page.next !== undefined) remark(session, `There are more: the newest ${page.items.length} are shown (--limit).`);
}

async function filtersOf(session: Session, options: ListOptions) {
  const { phase, outcome, target, workflow: workflowId, remediationRequest, at, from, to } = options;
  return present({
    ...{ phase, outcome, workflowId, remediationRequest, namespace: session.namespace },
    target: target === undefined ? undefined : targetOf(target),
    ...(await momentsOf(session, { at, from, to })),
  });
}
