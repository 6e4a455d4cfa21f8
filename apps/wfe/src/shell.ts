/** A stream of this process that text is written to. */
export interface Sink {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Columns of the terminal; absent when it is none. */
  readonly columns?: number;
  /** The same, for what needs more than text: progress bars, and answers of many bytes. */
  readonly stream: NodeJS.WritableStream;
}

/** What the program has from the process it runs in; nothing else of the process is read. */
export interface Shell {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As it is typed: `wfe`, or `kubectl wfe`. */
  readonly calledAs: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** The answer, and nothing else. */
  readonly stdout: Sink;
  /** Everything else: what went wrong, what to do, progress. */
  readonly stderr: Sink;
  /** Aborted by Ctrl-C, and when nobody reads the answer any longer. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now(): number;
}
