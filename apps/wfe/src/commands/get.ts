import type { Api } from '../api/api.ts';
import { executionOf } from '../naming/execution.ts';
import { pointOf } from '../naming/point.ts';
import type { Execution } from '../api/answers.ts';
import { executionView } from '../render/execution-view.ts';
import type { Session } from '../session.ts';
import { acting, outputOption, print, type Form, type Registry } from './command.ts';

interface GetOptions {
  readonly at?: string;
  readonly output: Form;
}

export function registerGet(registry: Registry): void {
  const command = registry.program
    .command('get')
    .summary('one execution: what was asked, how it stands, why')
    .description('Show one execution: what was asked, how it stands (or stood), why it failed, who holds the lock.')
    .argument('<execution>', 'id, beginning of an id, or namespace/name')
    .option('--at <point>', 'as it was then: a revision, a time, how long ago, or an event')
    .addOption(outputOption('table', 'json', 'yaml', 'name'));
  acting<GetOptions>(registry, command, (session, options, [name]) => show(session, String(name), options));
}

/** Also what `wfe at` does. @throws Failure */
export async function show(session: Session, name: string, { at, output }: GetOptions): Promise<void> {
  const point = at === undefined ? undefined : pointOf(at, session.times);
  const api = await session.api();
  const id = await executionOf(api, name, session.namespace);
  printExecution(session, output, await stateOf(api, id, await point?.(api, id)));
}

export function printExecution(session: Session, form: Form, execution: Execution): void {
  print(session, form, execution, {
    text: () => executionView(execution, session.times, session.layout.colours),
    names: () => [execution.executionId],
  });
}

/** State of an execution now, or at a revision or time as the API takes it. @throws Failure */
export async function stateOf(api: Api, id: string, point?: string): Promise<Execution> {
  const query = point === undefined ? {} : { at: point };
  return api.ask((client) => client.GET('/v1/executions/{id}', { params: { path: { id }, query } }));
}
