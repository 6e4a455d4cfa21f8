import type { Clock } from '#kubernetes';

/** Something that happens at a moment; cancelled, it does not. */
interface Moment {
  readonly dueMs: number;
  readonly order: number;
  happen: (() => void) | undefined;
}

/** Takes back what was planned. */
export type Cancel = () => void;

/** Moments of one run at most: more, and something goes round in circles. */
const MAX_MOMENTS = 400_000;

/**
 * The one true time of a simulated world. It jumps from one planned moment to the next, in order, and lets everything
 * that follows from one happen before the next.
 */
export class Timeline implements Clock {
  private readonly heap: Moment[] = [];
  private readonly sleepers = new Set<() => void>();
  private planned = 0;
  private passed = 0;

  constructor(private timeMs: number) {}

  now(): number {
    return this.timeMs;
  }

  /** Since the epoch as well: the one true time never steps. */
  monotonic(): number {
    return this.timeMs;
  }

  after(ms: number, happen: () => void): Cancel {
    const moment: Moment = { dueMs: this.timeMs + Math.ceil(Math.max(0, ms)), order: this.planned++, happen };
    this.push(moment);
    return () => (moment.happen = undefined);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const forget = (): void => signal?.removeEventListener('abort', done);
      const done = (): void => {
        cancel();
        forget();
        this.sleepers.delete(forget);
        resolve();
      };
      const cancel = this.after(ms, done);
      if (signal === undefined) return;
      this.sleepers.add(forget);
      signal.addEventListener('abort', done);
    });
  }

  /** Time stands still for good: nobody who sleeps is woken, and no signal remembers a sleeper. */
  end(): void {
    for (const forget of this.sleepers) forget();
    this.sleepers.clear();
    this.heap.length = 0;
  }

  /** Lets time pass until the condition holds, at most up to a moment. @returns whether it holds */
  async until(condition: () => boolean, limitMs: number): Promise<boolean> {
    for (;;) {
      await settle();
      if (condition()) return true;
      const next = this.pop(limitMs);
      if (next === undefined) {
        this.timeMs = Math.max(this.timeMs, limitMs);
        return false;
      }
      if (++this.passed > MAX_MOMENTS)
        throw new Error(`more than ${MAX_MOMENTS} moments: something never comes to rest`);
      this.timeMs = next.dueMs;
      next.happen?.();
    }
  }

  private push(moment: Moment): void {
    const { heap } = this;
    let at = heap.push(moment) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, moment)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = moment;
  }

  /** The next moment that was not taken back, if it is due by then. */
  private pop(limitMs: number): Moment | undefined {
    for (let top = this.heap[0]; top !== undefined; top = this.heap[0]) {
      if (top.happen !== undefined && top.dueMs > limitMs) return undefined;
      this.removeTop();
      if (top.happen !== undefined) return top;
    }
    return undefined;
  }

  private removeTop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (isBefore(last, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

const isBefore = (one: Moment, other: Moment): boolean =>
  one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);

/** Every promise that can go on without new input has gone on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
