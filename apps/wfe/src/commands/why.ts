import type { Api } from '../api/api.ts';
import { executionOf } from '../naming/execution.ts';
import { pointOf } from '../naming/point.ts';
import { causesView, whyView } from '../render/why-view.ts';
import type { Session } from '../session.ts';
import { acting, numberFrom, outputOption, print, usage, type Form, type Registry } from './command.ts';

interface WhyOptions {
  readonly at?: string;
  readonly event?: number;
  readonly output: Form;
}

const MAX_REVISION = 999_999_999;

export function registerWhy(registry: Registry): void {
  const command = registry.program
    .command('why')
    .summary('why an execution is as it is, in sentences')
    .description(
      'Say in sentences why an execution is as it is (or was), or follow one event back to the command that began it.',
    )
    .argument('<execution>', 'id, beginning of an id, or namespace/name')
    .option('--at <point>', 'as it was then: a revision, a time, how long ago, or an event')
    .option('--event <revision>', 'the chain of causes of this event instead', numberFrom(0, MAX_REVISION))
    .addOption(outputOption('table', 'json', 'yaml'));
  acting<WhyOptions>(registry, command, async (session, options, [name]) => {
    const { at, event } = options;
    if (at !== undefined && event !== undefined) throw usage('expected --at or --event, found both');
    const point = at === undefined ? undefined : pointOf(at, session.times);
    const api = await session.api();
    const id = await executionOf(api, String(name), session.namespace);
    return event === undefined
      ? why(session, api, id, await point?.(api, id), options.output)
      : causes(session, api, id, event, options.output);
  });
}

async function why(session: Session, api: Api, id: string, at: string | undefined, output: Form): Promise<void> {
  const params = { path: { id }, query: at === undefined ? {} : { at } };
  const answer = await api.ask((client) => client.GET('/v1/executions/{id}/why', { params }));
  print(session, output, answer, { text: () => whyView(answer, session.layout.colours) });
}

async function causes(session: Session, api: Api, id: string, revision: number, output: Form): Promise<void> {
  const params = { path: { id }, query: { revision } };
  const answer = await api.ask((client) => client.GET('/v1/executions/{id}/causes', { params }));
  print(session, output, answer, { text: () => causesView(answer, session.times, session.layout.colours) });
}
