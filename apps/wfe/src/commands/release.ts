import { executionOf } from '../naming/execution.ts';
import { acting, outputOption, type Form, type Registry } from './command.ts';
import { printOrdered } from './ordering.ts';

export function registerRelease(registry: Registry): void {
  const command = registry.program
    .command('release')
    .summary('give the lock back before the cooldown is over')
    .description('Give the lock on the target back before the cooldown is over, and remove the run.')
    .argument('<execution>', 'id, beginning of an id, or namespace/name')
    .requiredOption('--reason <text>', 'why; kept in the history')
    .addOption(outputOption('table', 'json', 'yaml', 'name'));
  acting<{ reason: string; output: Form }>(registry, command, async (session, { reason, output }, [name]) => {
    const api = await session.api();
    const id = await executionOf(api, String(name), session.namespace);
    const params = { path: { id } };
    printOrdered(
      session,
      output,
      await api.ask((client) => client.POST('/v1/executions/{id}/release', { params, body: { reason } })),
    );
  });
}
