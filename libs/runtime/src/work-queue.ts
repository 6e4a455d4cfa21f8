import type { Clock } from '#kubernetes';

export interface WorkQueueOptions {
  /** Handles one key; never two of the same key at once. Resolves to when to look again, in milliseconds, if ever. */
  readonly handle: (key: string) => Promise<number | undefined>;
  /** Told when a key's handling threw; the key is tried again with backoff. */
  readonly onFault: (key: string, error: unknown, attempt: number) => void;
  readonly onTaken?: (depth: number, waitMs: number) => void;
  readonly workers: number;
  readonly clock: Clock;
  /** In [0, 1); for jitter. */
  readonly random: () => number;
  /** The wait after a fault doubles from the first to the longest; absent: from 100 ms to 30 s. */
  readonly backoff?: { readonly firstMs: number; readonly maxMs: number };
}

const BACKOFF = { firstMs: 100, maxMs: 30_000 } as const;
/** Up to so much of a wait is taken off, so that keys that failed together do not come back together. */
const JITTER = 0.5;

/**
 * Keys to be looked at. A key waits at most once however often it is added; one that is added while it is being
 * handled is handled once more afterwards. Failing keys come back with capped exponential backoff and jitter.
 */
export class WorkQueue {
  /** Key to the time it was added, first come first. */
  private readonly waiting = new Map<string, number>();
  private readonly handling = new Set<string>();
  private readonly again = new Set<string>();
  private readonly delayed = new Map<string, AbortController>();
  private readonly attempts = new Map<string, number>();
  private readonly idle = new Set<() => void>();
  private isStopped = false;

  constructor(private readonly options: WorkQueueOptions) {}

  /** Looks at the key as soon as a worker is free. */
  add(key: string): void {
    if (this.isStopped) return;
    this.delayed.get(key)?.abort();
    this.delayed.delete(key);
    if (this.handling.has(key)) this.again.add(key);
    else if (!this.waiting.has(key)) this.waiting.set(key, this.options.clock.monotonic());
    this.fill();
  }

  /** Looks at the key after a while, or earlier when it is added meanwhile. The latest call counts. */
  addAfter(key: string, ms: number): void {
    if (this.isStopped) return;
    if (ms <= 0) return this.add(key);
    this.delayed.get(key)?.abort();
    const timer = new AbortController();
    this.delayed.set(key, timer);
    void this.options.clock.sleep(ms, timer.signal).then(() => {
      if (!timer.signal.aborted) this.add(key);
    });
  }

  /** Keys waiting for a worker now. */
  get depth(): number {
    return this.waiting.size;
  }

  /** Resolves once nothing is waiting or being handled (delayed keys do not count). */
  async drained(): Promise<void> {
    if (this.waiting.size === 0 && this.handling.size === 0) return;
    await new Promise<void>((resolve) => this.idle.add(resolve));
  }

  /** Takes no more keys and resolves when those being handled are done. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.delayed.values()) timer.abort();
    this.delayed.clear();
    this.waiting.clear();
    this.again.clear();
    await this.drained();
  }

  private fill(): void {
    while (this.handling.size < this.options.workers) {
      const next = this.waiting.entries().next().value;
      if (next === undefined) return;
      const [key, addedMs] = next;
      this.waiting.delete(key);
      this.handling.add(key);
      this.options.onTaken?.(this.waiting.size, this.options.clock.monotonic() - addedMs);
      void this.work(key);
    }
  }

  private async work(key: string): Promise<void> {
    try {
      const againMs = await this.options.handle(key);
      this.attempts.delete(key);
      this.done(key, againMs);
    } catch (error) {
      const attempt = (this.attempts.get(key) ?? 0) + 1;
      this.attempts.set(key, attempt);
      this.options.onFault(key, error, attempt);
      this.done(key, this.backoffMs(attempt));
    }
  }

  private done(key: string, againMs: number | undefined): void {
    this.handling.delete(key);
    if (this.again.delete(key)) this.add(key);
    else if (againMs !== undefined) this.addAfter(key, againMs);
    this.fill();
    if (this.waiting.size > 0 || this.handling.size > 0) return;
    for (const resolve of this.idle) resolve();
    this.idle.clear();
  }

  private backoffMs(attempt: number): number {
    const { firstMs, maxMs } = this.options.backoff ?? BACKOFF;
    const fullMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 20));
    return fullMs * (1 - JITTER * this.options.random());
  }
}
