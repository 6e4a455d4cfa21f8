import type { Clock } from './clock.ts';

/** Keys to work on: each waits at most once, and is never worked on twice at the same time. */
export class WorkQueue {
  private readonly waiting = new Set<string>();
  private readonly busy = new Set<string>();
  private readonly timers = new Map<string, number>();
  private readonly idle: (() => void)[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => this.wakeAll(), { once: true });
  }

  add(key: string): void {
    this.waiting.add(key);
    this.idle.shift()?.();
  }

  /** Adds the key at a time; of several times asked for, the earliest counts. */
  addAt(key: string, atMs: number): void {
    if ((this.timers.get(key) ?? Number.POSITIVE_INFINITY) <= atMs) return;
    this.timers.set(key, atMs);
    void this.clock.sleep(Math.max(0, atMs - this.clock.now()), this.signal).then(() => {
      if (this.timers.get(key) === atMs) this.timers.delete(key);
      if (!this.signal.aborted) this.add(key);
    });
  }

  /** Works on keys until the signal aborts. Several of these may run side by side. */
  async work(on: (key: string) => Promise<void>): Promise<void> {
    while (!this.signal.aborted) {
      const key = this.take();
      if (key === undefined) {
        await new Promise<void>((resolve) => this.idle.push(resolve));
        continue;
      }
      await on(key);
      this.busy.delete(key);
      if (this.waiting.has(key)) this.idle.shift()?.();
    }
  }

  private take(): string | undefined {
    for (const key of this.waiting) {
      if (this.busy.has(key)) continue;
      this.waiting.delete(key);
      this.busy.add(key);
      return key;
    }
    return undefined;
  }

  private wakeAll(): void {
    for (const wake of this.idle.splice(0)) wake();
  }
}
