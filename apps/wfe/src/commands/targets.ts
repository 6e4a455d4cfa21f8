import type { TargetPage, TargetSummary } from '../api/answers.ts';
import type { Api } from '../api/api.ts';
import { pagesOf } from '../api/pages.ts';
import { targetOf } from '../naming/target.ts';
import { momentsOf } from '../naming/point.ts';
import { targetTable, targetView } from '../render/target-view.ts';
import type { Session } from '../session.ts';
import {
  acting,
  numberFrom,
  outputOption,
  print,
  remark,
  remarkRebuilding,
  usage,
  type Form,
  type Registry,
} from './command.ts';

interface TargetsOptions {
  readonly locked?: boolean;
  readonly at?: string;
  readonly limit: number;
  readonly output: Form;
}

const MAX_ROWS = 500;
/** What the API gives at once of the list. */
const PAGE = 100;

export function registerTargets(registry: Registry): void {
  const command = registry.program
    .command('targets')
    .alias('target')
    .summary('who holds the lock on what, and who waits')
    .description('List targets with who holds their lock; or show one target: its lock, who waits, and its executions.')
    .argument('[target]', 'namespace/kind/name, or kind/name')
    .option('--locked', 'only targets whose lock is not free')
    .option('--at <time>', 'of one target: as it was then; a time, how long ago, or EXECUTION@EVENT')
    .option('--limit <number>', `rows, 1 to ${MAX_ROWS}`, numberFrom(1, MAX_ROWS), 50)
    .addOption(outputOption('table', 'json', 'yaml', 'name'))
    .addHelpText('after', '\nWith -o name: targets, one a line.');
  acting<TargetsOptions>(registry, command, async (session, options, [target]) => {
    const { at, locked } = options;
    if (target === undefined && at !== undefined) throw usage('expected one target with --at, found none');
    if (target !== undefined && locked !== undefined) throw usage('expected --locked without a target, found one');
    const name = target === undefined ? undefined : targetOf(target);
    const { at: moment } = await momentsOf(session, { at });
    const api = await session.api();
    return name === undefined ? all(session, api, options) : one(session, api, name, moment, options);
  });
}

async function all(session: Session, api: Api, { locked, limit, output }: TargetsOptions): Promise<void> {
  const only = locked === true ? { locked: 'true' as const } : {};
  const page = await pagesOf<TargetSummary, TargetPage>(limit, PAGE, (place) =>
    api.ask((client) => client.GET('/v1/targets', { params: { query: { ...only, ...place } } })),
  );
  print(session, output, page, {
    text: () => targetTable(page.items, session.times, session.layout),
    names: () => page.items.map(({ target }: TargetSummary) => target),
  });
  if (output === 'json' || output === 'yaml') return;
  remarkRebuilding(session, page);
  if (page.items.length === 0) remark(session, 'No targets found.');
  if (page.next !== undefined) remark(session, `There are more: ${page.items.length} are shown (--limit).`);
}

async function one(
  session: Session,
  api: Api,
  target: string,
  at: string | undefined,
  { limit, output }: TargetsOptions,
): Promise<void> {
  const params = { path: { target }, query: { limit, ...(at !== undefined && { at }) } };
  const view = await api.ask((client) => client.GET('/v1/targets/{target}', { params }));
  print(session, output, view, {
    text: () => targetView(view, session.times, session.layout),
    names: () => [view.target],
  });
}
