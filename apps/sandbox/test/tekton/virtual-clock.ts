import type { Clock } from '../../src/tekton/clock.ts';

/** Turns of the event loop in which everything that can go on without time passing goes on. */
const SETTLING_TURNS = 25;

/** Time that passes only when everything waits for it. */
export class VirtualClock implements Clock {
  private readonly sleepers = new Map<() => void, number>();

  constructor(private ms = Date.UTC(2026, 10, 21, 12, 0, 0, 250)) {}

  now(): number {
    return this.ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = (): void => {
        this.sleepers.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.sleepers.set(wake, this.ms + ms);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Lets time pass until the condition holds; fails when that takes longer than `withinMs` of its time. */
  async until(condition: () => boolean, withinMs = 7_200_000): Promise<void> {
    const deadlineMs = this.ms + withinMs;
    for (;;) {
      await this.settle();
      if (condition()) return;
      const next = [...this.sleepers].sort(([, a], [, b]) => a - b)[0];
      if (next === undefined) throw new Error('the condition does not hold, and nobody waits for anything');
      if (next[1] > deadlineMs) throw new Error(`the condition did not hold within ${withinMs} ms`);
      this.ms = Math.max(this.ms, next[1]);
      next[0]();
    }
  }

  /** Lets this much time pass. */
  async pass(ms: number): Promise<void> {
    const atMs = this.ms + ms;
    void this.sleep(ms);
    await this.until(() => this.ms >= atMs);
  }

  private async settle(): Promise<void> {
    for (let turn = 0; turn < SETTLING_TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
