import { reportOf } from '../api/reporting.ts';
import { progressOn } from '../render/progress.ts';
import { verdictOfLog, type LogReport } from '../render/verdict-view.ts';
import type { Session } from '../session.ts';
import { acting, outputOption, print, usage, type Ending, type Form, type Registry } from './command.ts';

interface VerifyOptions {
  readonly key?: readonly string[];
  readonly head?: string;
  readonly output: Form;
}

export function registerVerify(registry: Registry): void {
  const command = registry.program
    .command('verify')
    .summary('prove that nothing was changed, removed or put in: of the log, or of a bundle')
    .description(
      'Let the service verify its whole log: chains, seals, completeness, published heads. With FILE: verify a bundle here, without any service. Exit code 1 when damage is found.',
    )
    .argument('[file]', 'a bundle of wfe export; - is stdin')
    .addOption(outputOption('table', 'json', 'yaml'));
  acting<VerifyOptions>(registry, command, async (session, options, [file]) => {
    if (file === undefined) return verifyLog(session, options);
    throw usage('not yet');
  });
}

async function verifyLog(session: Session, { output }: VerifyOptions): Promise<Ending> {
  const api = await session.api();
  const progress = progressOn(session.shell.stderr, 'verifying', 'events');
  try {
    const report = await reportOf(api, { path: '/v1/audit/verify' }, isReport, ({ events, of }) =>
      progress.at(Number(events ?? 0), typeof of === 'number' ? of : undefined),
    );
    progress.stop();
    print(session, output, report, { text: () => verdictOfLog(report, session.layout.colours) });
    return report.ok ? 'ok' : 'no';
  } finally {
    progress.stop();
  }
}

const isReport = (line: object): line is LogReport => 'ok' in line;
