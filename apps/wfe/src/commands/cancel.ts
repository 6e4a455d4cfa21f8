import { executionOf } from '../naming/execution.ts';
import type { Session } from '../session.ts';
import { acting, outputOption, type Form, type Registry } from './command.ts';
import { printOrdered } from './ordering.ts';

interface CancelOptions {
  readonly reason: string;
  readonly immediate?: boolean;
  readonly output: Form;
}

export function registerCancel(registry: Registry): void {
  const command = registry.program
    .command('cancel')
    .summary('ask a run to stop')
    .description('Ask the run of an execution to stop. Asking twice records nothing the second time.')
    .argument('<execution>', 'id, beginning of an id, or namespace/name')
    .requiredOption('--reason <text>', 'why; kept in the history')
    .option('--immediate', 'do not let the finally tasks of the pipeline run')
    .addOption(outputOption('table', 'json', 'yaml', 'name'));
  acting<CancelOptions>(registry, command, (session, options, [name]) => cancel(session, String(name), options));
}

async function cancel(session: Session, name: string, { reason, immediate, output }: CancelOptions): Promise<void> {
  const api = await session.api();
  const id = await executionOf(api, name, session.namespace);
  const body = { mode: immediate ? ('Immediate' as const) : ('Graceful' as const), reason };
  const ordered = await api.ask((client) =>
    client.POST('/v1/executions/{id}/cancel', { params: { path: { id } }, body }),
  );
  printOrdered(session, output, ordered);
}
