import { Worker } from 'node:worker_threads';
import { OutcomeUnknownError, UnavailableError } from '../errors.ts';
import { STORE_LIMITS } from '../port.ts';
import { errorOf, PendingOrders } from './pending-orders.ts';
import type { Order, Success } from './pending-orders.ts';
import type { Answer, WriterOrder, WriterReport, WriterStart } from './protocol.ts';

/** Threads that may die one after the other, without an answer between, before the store stays unavailable. */
const RESTART_LIMIT = 3;
/** Looks for orders past their time this often within it. */
const WATCHES_PER_TIMEOUT = 4;

export interface WriterOptions {
  /** How long one order may take before its outcome counts as unknown. */
  readonly timeoutMs: number;
  /** Called when events were written, or may have been. */
  readonly onMoved: () => void;
}

/**
 * The writer as the event loop sees it: orders go in, promises come out. Starts the thread, starts it again when it
 * dies, and lets nobody wait for ever.
 */
export class Writer {
  readonly #pending = new PendingOrders(() => this.#idle());
  readonly #watch: NodeJS.Timeout;
  #outbox: WriterOrder[] = [];
  #isFlushing = false;
  #deaths = 0;
  #drained: (() => void) | undefined;
  /** Set while a thread is ready to take orders. */
  #thread: Worker | undefined;
  /** Why no more orders are taken. */
  #refusal: UnavailableError | undefined;

  private constructor(
    private readonly start: WriterStart,
    private readonly options: WriterOptions,
  ) {
    this.#watch = setInterval(() => this.#giveUpLate(), options.timeoutMs / WATCHES_PER_TIMEOUT).unref();
  }

  /** @throws UnavailableError, CorruptionError when the file cannot be opened */
  static async open(start: WriterStart, options: WriterOptions): Promise<{ writer: Writer; storeId: string }> {
    const writer = new Writer(start, options);
    try {
      return { writer, storeId: await writer.#startThread() };
    } catch (error) {
      clearInterval(writer.#watch);
      throw error;
    }
  }

  /** @throws UnavailableError, OutcomeUnknownError, CorruptionError */
  submit(order: Order): Promise<Success> {
    const refusal = this.#refusal ?? this.#tooMany(order);
    if (refusal !== undefined) return Promise.reject(refusal);
    const { numbered, answer } = this.#pending.add(order);
    this.#outbox.push(numbered);
    this.#flushSoon();
    return answer;
  }

  /** Takes no more orders; resolves when those accepted are answered, or after `timeoutMs`. */
  async drain(timeoutMs: number): Promise<void> {
    this.#refusal ??= new UnavailableError(`event store ${this.start.file}: it is closed`);
    if (this.#pending.size === 0) return;
    const timer = setTimeout(() => this.#giveUp('the store was closed before an answer came'), timeoutMs);
    await new Promise<void>((resolve) => (this.#drained = resolve));
    clearTimeout(timer);
  }

  /** Closes the file and ends the thread, bounded by `timeoutMs`. */
  async stop(timeoutMs: number): Promise<void> {
    await this.drain(timeoutMs);
    clearInterval(this.#watch);
    const thread = this.#thread;
    if (thread === undefined) return;
    thread.ref();
    this.#outbox.push({ kind: 'stop' });
    this.#flush();
    await ended(thread, timeoutMs);
  }

  #tooMany(order: Order): UnavailableError | undefined {
    if (this.#pending.hasRoomFor(order)) return undefined;
    const { pendingAppends, pendingBytes } = STORE_LIMITS;
    const { size, bytes } = this.#pending;
    return new UnavailableError(
      `event store ${this.start.file}: ${size} appends of ${bytes} bytes are waiting for the disk (limits ${pendingAppends} and ${pendingBytes}); try again later`,
    );
  }

  /** Once per turn of the event loop, after everything in it that appends has done so. */
  #flushSoon(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    process.nextTick(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushing = false;
    if (this.#thread === undefined || this.#outbox.length === 0) return;
    this.#thread.ref();
    for (const order of this.#outbox) if (order.kind !== 'stop') this.#pending.markSent(order.number);
    this.#thread.postMessage(this.#outbox);
    this.#outbox = [];
  }

  #startThread(): Promise<string> {
    return new Promise((resolve, reject) => {
      const thread = new Worker(new URL('./writer-thread.js', import.meta.url), {
        workerData: this.start,
        execArgv: [],
        name: 'event-store-writer',
      });
      let cause = 'it ended';
      thread.on('error', (error) => (cause = error.message));
      thread.on('exit', () => {
        reject(new UnavailableError(`event store ${this.start.file}: its writer thread did not start: ${cause}`));
        if (this.#thread === thread) this.#died(cause);
      });
      thread.on('message', (report: WriterReport) => {
        if (report.kind === 'answers') return this.#settle(report.answers);
        if (report.kind === 'refused') return reject(errorOf(report.failure));
        this.#thread = thread;
        thread.unref();
        this.#flush();
        resolve(report.storeId);
      });
    });
  }

  #settle(answers: readonly Answer[]): void {
    this.#deaths = 0;
    let hasMoved = false;
    for (const [number, outcome] of answers) {
      hasMoved ||= outcome.kind === 'appended' || outcome.kind === 'unknown';
      this.#pending.settle(number, outcome);
    }
    if (hasMoved) this.options.onMoved();
  }

  /** What the thread had been given may be recorded or not; what still waits here goes to the next thread. */
  #died(cause: string): void {
    this.#thread = undefined;
    const text = `event store ${this.start.file}: the writer thread ended: ${cause}`;
    this.#pending.rejectSent(() => new OutcomeUnknownError(`${text}; perhaps recorded: repeat with the same ids`));
    this.options.onMoved();
    if (this.#refusal !== undefined) return;
    this.#deaths += 1;
    if (this.#deaths > RESTART_LIMIT)
      return this.#refuse(new UnavailableError(`${text}, again and again; restart the program`));
    this.#startThread().catch((error: unknown) => {
      this.#refuse(new UnavailableError(`${text}, and could not be started again: ${String(error)}`));
    });
  }

  #refuse(refusal: UnavailableError): void {
    this.#refusal = refusal;
    this.#outbox = [];
    this.#pending.rejectAll(() => refusal);
  }

  #giveUpLate(): void {
    const { timeoutMs } = this.options;
    const text = `event store ${this.start.file}: no answer from the disk within ${timeoutMs} ms`;
    this.#pending.rejectOlderThan(
      timeoutMs,
      () => new OutcomeUnknownError(`${text}; perhaps recorded: repeat with the same ids`),
    );
  }

  #giveUp(reason: string): void {
    this.#pending.rejectAll(() => new OutcomeUnknownError(`event store ${this.start.file}: ${reason}`));
  }

  /** Nobody waits: the program may end without this thread. */
  #idle(): void {
    this.#thread?.unref();
    this.#drained?.();
  }
}

/** Waits for the thread's own end; past the time it is told to end, and left to it: a disk may hold it still. */
async function ended(thread: Worker, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const exit = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      void thread.terminate();
      thread.unref();
      resolve();
    }, timeoutMs);
  });
  await Promise.race([exit, tooLong]);
  clearTimeout(timer);
}
