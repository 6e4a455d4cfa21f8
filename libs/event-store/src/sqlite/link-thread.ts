import type { Worker } from 'node:worker_threads';
import type { LinkPage, LogRange } from './links.ts';
import type { ReadingThreads } from './reading-threads.ts';

export interface LinksStart {
  readonly file: string;
  readonly scheme: string;
  readonly storeId: string;
}

export interface ReadFailure {
  readonly kind: 'corrupt' | 'failed';
  readonly message: string;
}

export type LinksAnswer = LinkPage | ReadFailure;

/** A thread that reads ranges of the log and hashes them, one after the other as it is asked. */
export class LinkThread {
  readonly #thread: Worker;
  /** Those who asked, in order; the thread answers in order. */
  readonly #asked: ((answer: LinksAnswer) => void)[] = [];
  #ended: ReadFailure | undefined;

  constructor(
    start: LinksStart,
    private readonly threads: ReadingThreads,
  ) {
    this.#thread = threads.start(new URL('./links-thread.js', import.meta.url), start);
    const ended = (why: unknown): void =>
      this.#end(`event store ${start.file}: reading it ended early: ${String(why)}`);
    this.#thread.on('message', (answer: LinksAnswer) => this.#asked.shift()?.(answer));
    this.#thread.once('error', ended).once('exit', ended);
  }

  /** Never fails: that it could not be read is an answer. */
  read(range: LogRange): Promise<LinksAnswer> {
    if (this.#ended !== undefined) return Promise.resolve(this.#ended);
    return new Promise((resolve) => {
      this.#asked.push(resolve);
      this.#thread.postMessage(range);
    });
  }

  async end(): Promise<void> {
    await this.threads.end(this.#thread);
  }

  #end(message: string): void {
    this.#ended ??= { kind: 'failed', message };
    for (const answer of this.#asked.splice(0)) answer(this.#ended);
  }
}
