import { Writable } from 'node:stream';
import { run } from '../../src/run.ts';
import { EXIT_CODES } from '../../src/exit-codes.ts';
import type { Sink } from '../../src/shell.ts';

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Columns of the terminal that stdout and stderr are; absent: they are none. */
  readonly terminal?: number;
  /** Milliseconds since the epoch. */
  readonly now?: number;
  readonly signal?: AbortSignal;
  /** Called with everything stdout got so far, each time it gets more. */
  readonly onOut?: (out: string) => void;
}

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export const NOW = Date.parse('2026-11-20T12:00:00Z');

/** Runs the program in this process, with surroundings of the test's own. */
export async function called(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const written = { out: '', err: '' };
  const sink = (name: 'out' | 'err'): Sink => {
    const write = (text: string): void => {
      written[name] += text;
      if (name === 'out') surroundings.onOut?.(written.out);
    };
    const { terminal } = surroundings;
    const stream = new Writable({
      write: (chunk, _, done) => {
        write(String(chunk));
        done();
      },
    });
    Object.assign(stream, { isTTY: terminal !== undefined, columns: terminal });
    return { write, stream, isTTY: terminal !== undefined, ...(terminal !== undefined && { columns: terminal }) };
  };
  const exit = await run(args, {
    env: surroundings.env ?? {},
    calledAs: 'wfe',
    stdin: (async function* () {
      yield Buffer.from(surroundings.stdin ?? '');
    })(),
    stdout: sink('out'),
    stderr: sink('err'),
    signal: surroundings.signal ?? new AbortController().signal,
    now: () => surroundings.now ?? NOW,
  });
  return { code: EXIT_CODES[exit].code, ...written };
}
