import type { Clock } from '../clock.ts';

/** Aborts its signal when nothing was heard for `idleMs`. One sleeper however many messages come. */
export class Watchdog {
  private readonly abort = new AbortController();
  private readonly stopped = new AbortController();
  private heardMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly idleMs: number,
  ) {
    this.heardMs = clock.monotonic();
    void this.guard();
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  get barked(): boolean {
    return this.abort.signal.aborted;
  }

  heard(): void {
    this.heardMs = this.clock.monotonic();
  }

  stop(): void {
    this.stopped.abort();
  }

  private async guard(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const leftMs = this.heardMs + this.idleMs - this.clock.monotonic();
      if (leftMs <= 0) return this.abort.abort();
      await this.clock.sleep(leftMs, this.stopped.signal);
    }
  }
}
