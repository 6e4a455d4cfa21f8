import { eventsOf } from '../api/events.ts';
import { executionOf } from '../naming/execution.ts';
import { ranView } from '../render/ran-view.ts';
import { whatRan } from '../render/what-ran.ts';
import type { Session } from '../session.ts';
import { acting, outputOption, print, type Form, type Registry } from './command.ts';

export function registerTasks(registry: Registry): void {
  const command = registry.program
    .command('tasks')
    .summary('what ran: the bundle by digest, steps, exit codes, images')
    .description(
      'Show what ran for an execution, from the log alone: the bundle as it was resolved, the run, and each step with how it ended and the image it ran in.',
    )
    .argument('<execution>', 'id, beginning of an id, or namespace/name')
    .addOption(outputOption('table', 'json', 'yaml'));
  acting<{ output: Form }>(registry, command, (session, { output }, [name]) => tasks(session, String(name), output));
}

async function tasks(session: Session, name: string, output: Form): Promise<void> {
  const api = await session.api();
  const ran = whatRan(await eventsOf(api, await executionOf(api, name, session.namespace)));
  print(session, output, ran, { text: () => ranView(ran, session.layout) });
}
