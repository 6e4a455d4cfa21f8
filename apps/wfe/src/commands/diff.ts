import { executionOf } from '../naming/execution.ts';
import { pointOf } from '../naming/point.ts';
import { diffView } from '../render/diff-view.ts';
import type { Session } from '../session.ts';
import { acting, outputOption, present, print, remark, type Form, type Registry } from './command.ts';

interface DiffOptions {
  readonly from?: string;
  readonly to?: string;
  readonly output: Form;
}

export function registerDiff(registry: Registry): void {
  const command = registry.program
    .command('diff')
    .summary('what changed between two points')
    .description('Show field by field what changed in an execution between two points of its history.')
    .argument('<execution>', 'id, beginning of an id, or namespace/name')
    .option('--from <point>', 'a revision, a time, how long ago, or an event (default: the event before --to)')
    .option('--to <point>', 'a revision, a time, how long ago, or an event (default: now)')
    .addOption(outputOption('table', 'json', 'yaml'));
  acting<DiffOptions>(registry, command, (session, options, [name]) => diff(session, String(name), options));
}

async function diff(session: Session, name: string, { from, to, output }: DiffOptions): Promise<void> {
  const { times, layout } = session;
  const points = {
    from: from === undefined ? undefined : pointOf(from, times),
    to: to === undefined ? undefined : pointOf(to, times),
  };
  const api = await session.api();
  const id = await executionOf(api, name, session.namespace);
  const query = present({ from: await points.from?.(api, id), to: await points.to?.(api, id) });
  const answer = await api.ask((client) => client.GET('/v1/executions/{id}/diff', { params: { path: { id }, query } }));
  print(session, output, answer, { text: () => diffView(answer, times, layout) });
  if (output === 'table' && answer.changes.length === 0) remark(session, 'Nothing changed between them.');
}
