/**
 * Says that the head of the log has moved, and nothing else: whoever is waiting reads the log to see how far. So a slow
 * follower costs one waiting entry, however much was appended meanwhile.
 */
export class HeadSignal {
  #moves = 0;
  #closed = false;
  readonly #waiting = new Set<() => void>();

  /** Take this before reading; waiting for a later one then misses nothing. */
  get moves(): number {
    return this.#moves;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  moved(): void {
    this.#moves += 1;
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Resolves when the head has moved since, the signal closes, or `stop` aborts. */
  movedSince(moves: number, stop: AbortSignal): Promise<void> {
    if (this.#moves !== moves || this.#closed || stop.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        stop.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      stop.addEventListener('abort', wake);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
