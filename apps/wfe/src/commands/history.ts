import type { HistoryEntry } from '../api/answers.ts';
import { historyOf } from '../api/history.ts';
import { executionOf } from '../naming/execution.ts';
import { pointOf } from '../naming/point.ts';
import { timelineEntry } from '../render/timeline.ts';
import type { Session } from '../session.ts';
import { acting, outputOption, print, type Form, type Registry } from './command.ts';

interface HistoryOptions {
  readonly at?: string;
  readonly output: Form;
}

export function registerHistory(registry: Registry): void {
  const command = registry.program
    .command('history')
    .alias('log')
    .summary('everything that happened to an execution, who did it and why')
    .description(
      'Show every event of an execution: when, how long after its beginning and after the event before, what happened, who did it, and what led to it.',
    )
    .argument('<execution>', 'id, beginning of an id, or namespace/name')
    .option('--at <point>', 'only what was recorded by then: a revision, a time, how long ago, or an event')
    .addOption(outputOption('table', 'json', 'yaml'));
  acting<HistoryOptions>(registry, command, (session, options, [name]) => history(session, String(name), options));
}

async function history(session: Session, name: string, { at, output }: HistoryOptions): Promise<void> {
  const point = at === undefined ? undefined : pointOf(at, session.times);
  const api = await session.api();
  const id = await executionOf(api, name, session.namespace);
  const items: HistoryEntry[] = [];
  for await (const entry of historyOf(api, id, -1, await point?.(api, id))) items.push(entry);
  print(
    session,
    output,
    { items },
    {
      text: () =>
        items.map((entry) => timelineEntry(entry, session.times, session.layout)).join('') + archivedHint(items),
    },
  );
}

/** The events before the first one are in a file: which, its sentence says. */
function archivedHint([first]: readonly HistoryEntry[]): string {
  if (first === undefined || first.revision === 0) return '';
  return '\nThe events before are in an archive file, in the folder retention.folder of the service. Verify it: wfe verify FILE\n';
}
