import { reportOf } from '../api/reporting.ts';
import { progressOn } from '../render/progress.ts';
import { verdictOfBundle, verdictOfLog } from '../render/verdict-view.ts';
import type { Session } from '../session.ts';
import { acting, collected, outputOption, print, usage, type Ending, type Form, type Registry } from './command.ts';

interface VerifyOptions {
  readonly key?: readonly string[];
  readonly head?: string;
  readonly archives?: true;
  readonly output: Form;
}

export function registerVerify(registry: Registry): void {
  const command = registry.program
    .command('verify')
    .summary('prove that nothing was changed, removed or put in: of the log, or of a bundle')
    .description(
      'Let the service verify its whole log: chains, seals, completeness, published heads. With FILE: verify a bundle here, without any service. Exit code 1 when damage is found.',
    )
    .argument('[file]', 'a bundle of wfe export or an archive file, plain or gzip; - is stdin')
    .option(
      '--key <file>',
      'with FILE: a public key to trust (PEM, base64 or hex); may be given several times',
      collected,
    )
    .option('--head <file>', 'with FILE: a published head to hold it against; its key is trusted too')
    .option('--archives', 'without FILE: let the service read the archive files that its log names too')
    .addOption(outputOption('table', 'json', 'yaml'))
    .addHelpText(
      'after',
      '\nWithout --key and --head a bundle can only be consistent in itself: anybody could have made it.',
    );
  acting<VerifyOptions>(registry, command, async (session, options, [file]) => {
    if (file !== undefined && options.archives === true)
      throw usage('expected --archives without FILE, found both', 'An archive file is a bundle: wfe verify FILE');
    if (file !== undefined) return verifyBundleFile(session, file, options);
    if (options.key !== undefined || options.head !== undefined)
      throw usage('expected FILE with --key and --head, found none', 'The service has its own keys and heads.');
    return verifyLog(session, options);
  });
}

async function verifyLog(session: Session, { output, archives }: VerifyOptions): Promise<Ending> {
  const api = await session.api();
  const progress = progressOn(session.shell.stderr, 'verifying', 'events');
  try {
    const query = archives === true ? { archives: 'true' } : {};
    const report = await reportOf(api, 'VerificationReport', { path: '/v1/audit/verify', query }, ({ events, of }) =>
      progress.at(events ?? 0, of),
    );
    progress.stop();
    print(session, output, report, { text: () => verdictOfLog(report, session.layout.colours) });
    return report.ok ? 'ok' : 'no';
  } finally {
    progress.stop();
  }
}

async function verifyBundleFile(session: Session, file: string, options: VerifyOptions): Promise<Ending> {
  // Loaded when it is needed: no other command has anything to do with it.
  const { verifyFile } = await import('../files/verify-file.ts');
  const progress = progressOn(session.shell.stderr, 'verifying', 'bytes');
  try {
    const verdict = await verifyFile(file, options, session.shell, (bytes, of) => progress.at(bytes, of));
    progress.stop();
    print(session, options.output, verdict, { text: () => verdictOfBundle(verdict, session.layout.colours) });
    return verdict.ok ? 'ok' : 'no';
  } finally {
    progress.stop();
  }
}
