import { basename } from 'node:path';
import { EXIT_CODES, type Exit } from './exit-codes.ts';
import { run } from './run.ts';
import type { Sink } from './shell.ts';

/** The process around the program: its streams, its signals, its exit code. */
const stopping = new AbortController();
let isInterrupted = false;
/** What a broken stdout makes of the exit, whatever the command says. */
let unheard: Exit | undefined;

// The first Ctrl-C ends it quietly, a second one at once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    isInterrupted = true;
    stopping.abort();
  });

process.stdout.on('error', ({ code = 'unknown reason' }: NodeJS.ErrnoException) => {
  // `wfe list | head`: nobody reads on, and that is no error. A full disk is: half an answer is none.
  if (unheard === undefined && code !== 'EPIPE')
    process.stderr.write(`wfe: the answer cannot be written to stdout (${code})\n`);
  unheard ??= code === 'EPIPE' ? 'ok' : 'unwritten';
  stopping.abort();
});
// Remarks that nobody can read change nothing of how it ends.
process.stderr.on('error', () => undefined);

const sink = (stream: NodeJS.WriteStream): Sink => ({
  write: (text) => void (stream.writable && stream.write(text)),
  isTTY: stream.isTTY === true,
  ...(stream.isTTY && { columns: stream.columns }),
  stream,
});

const exit = await run(process.argv.slice(2), {
  env: process.env,
  calledAs: basename(process.env['WFE_CALLED_AS'] ?? '').startsWith('kubectl-') ? 'kubectl wfe' : 'wfe',
  stdin: process.stdin,
  stdout: sink(process.stdout),
  stderr: sink(process.stderr),
  signal: stopping.signal,
  now: () => Date.now(),
});
// A stream may break with its last word, when the command has ended already.
process.on('exit', () => (process.exitCode = EXIT_CODES[unheard ?? (isInterrupted ? 'interrupted' : exit)].code));
process.stdin.destroy();
