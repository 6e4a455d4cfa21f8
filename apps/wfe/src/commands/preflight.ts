import type { PreflightAnswer } from '../api/answers.ts';
import { momentsOf } from '../naming/point.ts';
import { targetOf } from '../naming/target.ts';
import { clean } from '../render/clean.ts';
import { stamp } from '../render/times.ts';
import type { Session } from '../session.ts';
import { acting, outputOption, print, type Ending, type Form, type Registry } from './command.ts';

interface PreflightOptions {
  readonly at?: string;
  readonly output: Form;
}

export function registerPreflight(registry: Registry): void {
  const command = registry.program
    .command('preflight')
    .summary('may this workflow run on this target now, and if not until when')
    .description(
      'Ask whether a workflow may run on a target now (or might have, then), and if not why and until when. Exit code 1 when it may not.',
    )
    .argument('<target>', 'namespace/kind/name, or kind/name')
    .argument('<workflow>', 'id of the workflow')
    .option('--at <time>', 'as it was then: a time, how long ago, or EXECUTION@EVENT')
    .addOption(outputOption('table', 'json', 'yaml'))
    .addHelpText(
      'after',
      '\nExample:\n  wfe preflight payment/deployment/payment-api restart && wfe create -f restart.yaml',
    );
  acting<PreflightOptions>(registry, command, (session, options, [target, workflow]) =>
    preflight(session, { targetResource: targetOf(String(target)), workflowId: String(workflow) }, options),
  );
}

async function preflight(
  session: Session,
  body: { targetResource: string; workflowId: string },
  { at, output }: PreflightOptions,
): Promise<Ending> {
  const query = await momentsOf(session, { at });
  const api = await session.api();
  const answer = await api.ask((client) => client.POST('/v1/preflight', { params: { query }, body }));
  print(session, output, answer, { text: () => verdict(session, answer) });
  return answer.allowed ? 'ok' : 'no';
}

function verdict({ times, layout: { colours } }: Session, answer: PreflightAnswer): string {
  const { allowed, reason, message, until, by, consecutiveFailures } = answer;
  const lines = [
    allowed ? colours.green('yes') : `${colours.red('no')}: ${clean(reason ?? 'for no known reason')}`,
    clean(message),
    ...(until === undefined ? [] : [`until ${stamp(times, until)}`]),
    ...(by === undefined
      ? []
      : [`by ${clean(`${by.resource.namespace}/${by.resource.name}`)} (${clean(by.executionId)})`]),
    ...(consecutiveFailures === 0 ? [] : [`${consecutiveFailures} failures in a row that changed nothing`]),
  ];
  return lines.map((line, index) => `${index === 0 ? '' : '  '}${line}\n`).join('');
}
