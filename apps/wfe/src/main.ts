import { basename } from 'node:path';
import { EXIT_CODES } from './exit-codes.ts';
import { run } from './run.ts';
import type { Sink } from './shell.ts';

/** The process around the program: its streams, its signals, its exit code. */
const stopping = new AbortController();
let isInterrupted = false;
let isUnread = false;

// The first Ctrl-C ends it quietly, a second one at once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    isInterrupted = true;
    stopping.abort();
  });

// `wfe list | head`: nobody reads on, and that is no error.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    isUnread = true;
    stopping.abort();
  });

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
process.exitCode = isUnread ? EXIT_CODES.ok.code : EXIT_CODES[isInterrupted ? 'interrupted' : exit].code;
process.stdin.destroy();
