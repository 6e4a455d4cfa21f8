import { executionOf } from '../naming/execution.ts';
import { acting, outputOption, type Form, type Registry } from './command.ts';
import { printOrdered } from './ordering.ts';

export function registerSync(registry: Registry): void {
  const command = registry.program
    .command('sync')
    .summary('look at the cluster now, and record what is new')
    .description('Look at the run and the resource of an execution in the cluster now. No news, no event.')
    .argument('<execution>', 'id, beginning of an id, or namespace/name')
    .addOption(outputOption('table', 'json', 'yaml', 'name'));
  acting<{ output: Form }>(registry, command, async (session, { output }, [name]) => {
    const api = await session.api();
    const id = await executionOf(api, String(name), session.namespace);
    printOrdered(
      session,
      output,
      await api.ask((client) => client.POST('/v1/executions/{id}/sync', { params: { path: { id } } })),
    );
  });
}
