import { Option } from 'commander';
import { Failure } from '../exit-codes.ts';
import { momentOf } from '../naming/point.ts';
import { executionTable, type Row } from '../render/execution-table.ts';
import type { Session } from '../session.ts';
import { acting, numberFrom, outputOption, present, print, remark, type Form, type Registry } from './command.ts';

interface ListOptions {
  readonly phase?: Row['phase'];
  readonly outcome?: NonNullable<Row['outcome']>;
  readonly target?: string;
  readonly workflow?: string;
  readonly remediationRequest?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly output: Form;
  readonly namespace?: string;
}

interface Page {
  readonly items: Row[];
  readonly next?: string | undefined;
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
    .option('--from <time>', 'created at or after')
    .option('--to <time>', 'created before')
    .option('--limit <number>', `rows, 1 to ${MAX_ROWS}`, numberFrom(1, MAX_ROWS), 50)
    .addOption(outputOption('table', 'wide', 'json', 'yaml', 'name'))
    .addHelpText('after', '\nWith -o name: ids, one a line.');
  acting<ListOptions>(registry, command, list);
}

async function list(session: Session, options: ListOptions): Promise<void> {
  const page = await rows(session, options);
  const { layout, times } = session;
  print(session, options.output, page, {
    text: () => executionTable(page.items, times, layout, options.output === 'wide'),
    names: () => page.items.map(({ executionId }) => executionId),
  });
  if (options.output === 'json' || options.output === 'yaml') return;
  if (page.items.length === 0) remark(session, 'No executions found.');
  if (page.next !== undefined) remark(session, `There are more: the newest ${page.items.length} are shown (--limit).`);
}

/** As many pages as are wanted, as one. */
async function rows(session: Session, options: ListOptions): Promise<Page> {
  const api = await session.api();
  const filters = filtersOf(session, options);
  const items: Row[] = [];
  let page: Page | undefined;
  // Every page but the last has its rows, so this ends.
  do {
    const limit = Math.min(PAGE, options.limit - items.length);
    const query = { ...filters, limit, ...(page?.next !== undefined && { cursor: page.next }) };
    page = await api.ask((client) => client.GET('/v1/executions', { params: { query } }));
    items.push(...page.items);
    if (page.items.length === 0 && page.next !== undefined)
      throw new Failure('serviceFailed', 'expected rows in a page that is not the last, found none');
  } while (page.next !== undefined && items.length < options.limit);
  return { ...page, items };
}

function filtersOf({ times, namespace }: Session, options: ListOptions) {
  const { phase, outcome, target, workflow: workflowId, remediationRequest, from, to } = options;
  return present({
    ...{ phase, outcome, target, workflowId, remediationRequest, namespace },
    from: from === undefined ? undefined : momentOf(from, times),
    to: to === undefined ? undefined : momentOf(to, times),
  });
}
