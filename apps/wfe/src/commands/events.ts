import { InvalidArgumentError, Option } from 'commander';
import { SCHEMA_VERSIONS, type EventType } from '#execution';
import type { LogEvent } from '../api/answers.ts';
import { executionOf } from '../naming/execution.ts';
import { momentsOf } from '../naming/point.ts';
import { targetOf } from '../naming/target.ts';
import { logLine, logTitles } from '../render/log-table.ts';
import type { Session } from '../session.ts';
import {
  acting,
  numberFrom,
  outputOption,
  present,
  print,
  remark,
  remarkRebuilding,
  usage,
  type Form,
  type Registry,
} from './command.ts';
import { watchLog } from './watch.ts';

interface EventsOptions {
  readonly type?: readonly EventType[];
  readonly execution?: string;
  readonly target?: string;
  readonly workflow?: string;
  readonly actor?: string;
  readonly outcome?: 'Success' | 'Failed' | 'Cancelled' | 'Skipped';
  readonly remediationRequest?: string;
  readonly from?: string;
  readonly to?: string;
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly follow?: boolean;
  readonly after?: string;
  readonly output: Form;
}

const MAX_EVENTS = 100_000;
/** What the API gives at once. */
const PAGE = 500;
/** A page may be short or empty although the log goes on; this many of them end the patience. */
const MAX_PAGES = 2_000;

export function registerEvents(registry: Registry): void {
  const command = registry.program
    .command('events')
    .summary('the whole log, filtered')
    .description('Show events of the whole log that pass every filter, oldest first.');
  for (const filter of filterOptions()) command.addOption(filter);
  command
    .addOption(new Option('--order <order>', 'oldest or newest first').choices(['asc', 'desc']).default('asc'))
    .option('--limit <number>', `events, 1 to ${MAX_EVENTS}`, numberFrom(1, MAX_EVENTS), 100)
    .option('-f, --follow', 'from now on, as they are recorded, until Ctrl-C')
    .option('--after <position>', 'with --follow: after this position, as json tells it')
    .addOption(outputOption('table', 'json', 'yaml'))
    .addHelpText('after', '\nWith --follow, -o json is one document a line.');
  acting<EventsOptions>(registry, command, events);
}

const OUTCOMES = ['Success', 'Failed', 'Cancelled', 'Skipped'];

function filterOptions(): readonly Option[] {
  return [
    typeOption(),
    new Option('--execution <execution>', 'of one execution: id, beginning of an id, or namespace/name'),
    new Option('--target <target>', 'of executions on this target'),
    new Option('--workflow <id>', 'of executions of this workflow'),
    new Option('--actor <user>', 'done by'),
    new Option('--outcome <outcome>', 'of executions that ended so').choices(OUTCOMES),
    new Option('--remediation-request <name>', 'done for this remediation request'),
    new Option('--from <time>', 'recorded at or after'),
    new Option('--to <time>', 'recorded before'),
  ];
}

const TYPES = Object.keys(SCHEMA_VERSIONS) as EventType[];

function typeOption(): Option {
  const option = new Option('--type <type>', 'as in ExecutionFailed; may be given several times').choices(TYPES);
  return option.argParser((text: string, before: readonly EventType[] = []) => {
    const type = TYPES.find((each) => each === text);
    if (type === undefined) throw new InvalidArgumentError(`expected one of ${TYPES.join(', ')}.`);
    return [...before, type];
  });
}

async function events(session: Session, options: EventsOptions): Promise<void> {
  if (options.follow === true) return follow(session, options);
  if (options.after !== undefined) throw usage('expected --after together with --follow, found it alone');
  const page = await pages(session, options);
  const { times, layout } = session;
  print(session, options.output, page, {
    text: () =>
      page.items.length === 0
        ? ''
        : logTitles(times, layout.colours) + page.items.map((event) => logLine(event, times, layout.colours)).join(''),
  });
  if (options.output !== 'table') return;
  remarkRebuilding(session, page);
  if (page.items.length === 0) remark(session, 'No events found.');
  if (!page.end) remark(session, `There are more: ${page.items.length} are shown (--limit, --from, --to).`);
}

async function follow(session: Session, options: EventsOptions): Promise<void> {
  if (options.output === 'yaml') throw usage('expected -o table or json with --follow, found yaml');
  if (options.order === 'desc') throw usage('expected --order asc with --follow, found desc');
  return watchLog(
    session,
    await filtersOf(session, options),
    options.output === 'json' ? 'json' : 'table',
    options.after,
  );
}

/** As many pages as are wanted, as one. */
async function pages(session: Session, options: EventsOptions) {
  const api = await session.api();
  const query = { ...(await filtersOf(session, options)), order: options.order };
  const items: LogEvent[] = [];
  let end = false;
  let cursor: string | undefined;
  let last: object = {};
  for (let page = 0; page < MAX_PAGES && !end && items.length < options.limit; page += 1) {
    const limit = Math.min(PAGE, options.limit - items.length);
    const params = { query: { ...query, limit, ...(cursor !== undefined && { cursor }) } };
    const answer = await api.ask((client) => client.GET('/v1/events', { params }));
    items.push(...answer.items);
    last = answer;
    cursor = answer.next;
    end = answer.end || cursor === undefined;
  }
  return { ...last, items, ...(cursor !== undefined && { next: cursor }), end };
}

async function filtersOf(session: Session, options: EventsOptions) {
  const { target, workflow: workflowId, actor, outcome, remediationRequest, type, from, to } = options;
  const { execution } = options;
  return present({
    ...{ workflowId, actor, outcome, remediationRequest },
    target: target === undefined ? undefined : targetOf(target),
    type: type === undefined ? undefined : [...type],
    execution:
      execution === undefined ? undefined : await executionOf(await session.api(), execution, session.namespace),
    ...(await momentsOf(session, { from, to })),
  });
}
