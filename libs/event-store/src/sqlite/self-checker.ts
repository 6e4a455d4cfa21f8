import type { StoreFault } from '../port.ts';
import type { Positions } from '../positions.ts';
import type { ReadingThreads } from './reading-threads.ts';
import type { FoundFault } from './self-check.ts';
import { UnavailableError } from '../errors.ts';

export type SelfCheckReport =
  | { readonly kind: 'checked'; readonly faults: readonly FoundFault[] }
  | { readonly kind: 'failed'; readonly message: string };

/** Runs the self-check in a thread of its own, which lives as long as it. */
export async function selfCheckOf(
  file: string,
  positions: Positions,
  threads: ReadingThreads,
  signal: AbortSignal | undefined,
): Promise<readonly StoreFault[]> {
  signal?.throwIfAborted();
  const thread = threads.start(new URL('./self-check-thread.js', import.meta.url), file);
  let abort: (() => void) | undefined;
  try {
    const report = await new Promise<SelfCheckReport>((resolve, reject) => {
      const ended = (why: unknown): void =>
        reject(new UnavailableError(`event store ${file}: the self-check ended early: ${String(why)}`));
      abort = () => reject(signal?.reason as Error);
      signal?.addEventListener('abort', abort, { once: true });
      thread.once('message', resolve).once('error', ended).once('exit', ended);
    });
    if (report.kind === 'failed') throw new UnavailableError(report.message);
    return report.faults.map((fault) => placed(fault, positions));
  } finally {
    if (abort !== undefined) signal?.removeEventListener('abort', abort);
    // Going over a large file takes seconds: who gave up does not wait for that, who closes the store does.
    if (signal?.aborted === true) void threads.end(thread);
    else await threads.end(thread);
  }
}

function placed({ number, ...fault }: FoundFault, positions: Positions): StoreFault {
  return number === undefined ? fault : { ...fault, position: positions.at(number) };
}
