import { executionOf } from '../naming/execution.ts';
import { momentsOf } from '../naming/point.ts';
import { bundleTo, mustBeNew } from '../files/bundle-file.ts';
import { bundleToStdout } from '../files/bundle-stdout.ts';
import { progressOn } from '../render/progress.ts';
import type { Session } from '../session.ts';
import { acting, present, remark, usage, type Registry } from './command.ts';

interface ExportOptions {
  readonly execution?: string;
  readonly from?: string;
  readonly to?: string;
  readonly output?: string;
  readonly gzip?: boolean;
  readonly force?: boolean;
}

export function registerExport(registry: Registry): void {
  const command = registry.program
    .command('export')
    .summary('the log, or a part of it, as a file that proves itself')
    .description(
      'Write a bundle: events with their seals, proofs and public keys, which anybody can verify without the service (wfe verify FILE). Of everything, unless an execution or a time is named.',
    )
    .option('--execution <execution>', 'only this execution: id, beginning of an id, or namespace/name')
    .option('--from <time>', 'only what was recorded at or after, rounded outwards to whole seals')
    .option('--to <time>', 'only what was recorded before, rounded outwards to whole seals')
    .option('-o, --output <file>', 'file to write; - is stdout. One that ends in .gz is compressed')
    .option('--gzip', 'compress, whatever the name of the file')
    .option('--force', 'replace a file that exists')
    .addHelpText('after', '\nThe file appears when it is whole; a broken connection leaves none.');
  acting<ExportOptions>(registry, command, exportBundle);
}

async function exportBundle(session: Session, options: ExportOptions): Promise<void> {
  const { shell } = session;
  const { output, gzip, force } = options;
  if (output === undefined && shell.stdout.isTTY)
    throw usage('expected -o FILE: a bundle is not for a terminal', 'Give -o FILE, or -o - for stdout.');
  if (output !== undefined && output !== '-' && force !== true) await mustBeNew(output);
  const query = await scopeOf(session, options);
  const api = await session.api();
  const progress = progressOn(shell.stderr, 'exporting', 'lines');
  try {
    const source = await api.stream({ path: '/v1/audit/export', query, accept: 'application/x-ndjson' });
    const asked = {
      source,
      fault: (error: unknown) => api.fault(error),
      onLines: (count: number) => progress.at(count),
    };
    if (output === undefined || output === '-') await bundleToStdout(shell, asked, gzip === true);
    else {
      const written = await bundleTo(output, asked, {
        isCompressed: gzip ?? output.endsWith('.gz'),
        mayReplace: force === true,
      });
      progress.stop();
      remark(session, `${output}: ${written.events} events, ${written.bytes} bytes`);
    }
  } finally {
    progress.stop();
  }
}

async function scopeOf(session: Session, { execution, from, to }: ExportOptions) {
  if (execution !== undefined && (from !== undefined || to !== undefined))
    throw usage('expected --execution, or --from and --to; found both');
  return present({
    execution:
      execution === undefined ? undefined : await executionOf(await session.api(), execution, session.namespace),
    ...(await momentsOf(session, { from, to })),
  });
}
