import { Worker } from 'node:worker_threads';

/**
 * Threads that read the file, each by a connection of its own. While one is open nobody else has the file alone, and the
 * write-ahead log stays beside it: so a thread counts as ended when it is gone.
 */
export class ReadingThreads {
  readonly #threads = new Set<Worker>();

  /** @param module compiled @param workerData what it is given */
  start(module: URL, workerData: unknown): Worker {
    const thread = new Worker(module, { workerData });
    this.#threads.add(thread);
    thread.once('exit', () => this.#threads.delete(thread));
    return thread;
  }

  /** Waits for the statement the thread is at, which nothing interrupts. */
  async end(thread: Worker): Promise<void> {
    await thread.terminate();
  }

  /** Past the time they are left to their end: a disk may hold them. */
  async endAll(timeoutMs: number): Promise<void> {
    const ended = Promise.all([...this.#threads].map((thread) => this.end(thread)));
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)));
    await Promise.race([ended, tooLong]);
    clearTimeout(timer);
    for (const thread of this.#threads) thread.unref();
  }
}
