import { show } from './get.ts';
import { acting, outputOption, type Form, type Registry } from './command.ts';

export function registerAt(registry: Registry): void {
  const command = registry.program
    .command('at')
    .summary('one execution as it was at a revision or a time')
    .description('Show one execution as it was: its state folded from the events recorded until then.')
    .argument('<execution>', 'id, beginning of an id, or namespace/name')
    .argument('<point>', 'a revision, a time, how long ago, or an event as in failure-5s')
    .addOption(outputOption('table', 'json', 'yaml', 'name'))
    .addHelpText(
      'after',
      '\nExamples:\n  wfe at payment/restart 3\n  wfe at payment/restart 2026-11-20T10:15\n  wfe at payment/restart 5m\n  wfe at payment/restart failure-5s\n  wfe at payment/restart PipelineRunCreated',
    );
  acting<{ output: Form }>(registry, command, (session, { output }, [name, at]) =>
    show(session, String(name), { at: String(at), output }),
  );
}
