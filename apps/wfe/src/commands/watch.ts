import { Option } from 'commander';
import type { Api } from '../api/api.ts';
import type { LogEvent } from '../api/answers.ts';
import { following } from '../api/live.ts';
import { followingExecution, type Until } from '../api/following-execution.ts';
import { Failure } from '../exit-codes.ts';
import { executionOf } from '../naming/execution.ts';
import { logLine, logTitles } from '../render/log-table.ts';
import { toJsonLine } from '../render/structured.ts';
import { timelineEntry } from '../render/timeline.ts';
import type { Session } from '../session.ts';
import { acting, remark, type Registry } from './command.ts';

interface WatchOptions {
  readonly until: Until;
  readonly output: 'table' | 'json';
}

export function registerWatch(registry: Registry): void {
  const command = registry.program
    .command('watch')
    .summary('what happens to an execution, or in the whole log, as it happens')
    .description(
      'Show the history of an execution and go on with what happens, until it has ended. Without one: the whole log from now on, until Ctrl-C. A broken connection is sought again, and nothing is missed or shown twice.',
    )
    .argument('[execution]', 'id, beginning of an id, or namespace/name')
    .addOption(
      new Option('--until <when>', 'stop when it has ended, when its lock is released, or never')
        .choices(['finished', 'released', 'never'])
        .default('finished'),
    )
    .addOption(streamOutput());
  acting<WatchOptions>(registry, command, (session, options, [name]) =>
    name === undefined ? watchLog(session, {}, options.output) : watchOne(session, String(name), options),
  );
}

/** Forms of answers that have no end: a table that grows, or one JSON document a line. */
export const streamOutput = (): Option =>
  new Option('-o, --output <form>', 'form of the answer; json is one document a line')
    .choices(['table', 'json'])
    .default('table');

async function watchOne(session: Session, name: string, { until, output }: WatchOptions): Promise<void> {
  const { shell, times, layout } = session;
  const api = await session.api();
  const id = await executionOf(api, name, session.namespace);
  const onLost = (why: Failure): void => remark(session, why.message);
  for await (const entry of followingExecution(api, id, until, { signal: shell.signal, onLost }))
    shell.stdout.write(output === 'json' ? toJsonLine(entry) : timelineEntry(entry, times, layout));
  interrupt(session);
}

/** The log as it grows. @throws Failure */
export async function watchLog(
  session: Session,
  query: Readonly<Record<string, string | readonly string[] | undefined>>,
  output: 'table' | 'json',
  after?: string,
): Promise<void> {
  const { shell, times, layout } = session;
  const api = await session.api();
  const onLost = (why: Failure): void => remark(session, why.message);
  const show = (event: LogEvent): string =>
    output === 'json' ? toJsonLine(event) : logLine(event, times, layout.colours);
  if (output === 'table') shell.stdout.write(logTitles(times, layout.colours));
  const asked = {
    query,
    signal: shell.signal,
    onLost,
    after: after ?? (await newest(api)),
    wasReached: after === undefined,
  };
  for await (const event of following(api, asked)) shell.stdout.write(show(event));
  interrupt(session);
}

/** Where the log ends now: a connection that breaks before its first word has a place to go on from, too. */
async function newest(api: Api): Promise<string> {
  const params = { query: { order: 'desc' as const, limit: 1 } };
  const { items } = await api.ask((client) => client.GET('/v1/events', { params }));
  return items[0]?.position ?? 'start';
}

function interrupt({ shell }: Session): void {
  if (shell.signal.aborted) throw new Failure('interrupted', 'interrupted');
}
