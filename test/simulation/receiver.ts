import type { MemoryLog, RecordedEvent } from '#event-store';
import type { Delivery, Webhook, WebhookReplay } from '#runtime';
import type { SimulatedProcess } from './process.ts';
import { never } from './process.ts';

export const WEBHOOK = 'listener';

/** An event that was taken, and how many events the log had by then. */
export interface Arrival {
  readonly event: RecordedEvent;
  readonly logLength: number;
}

/** An event that nobody waits for any more is taken within this. */
const LATE_MS = 20_000;

const REFUSED: Delivery = { kind: 'Failed', error: 'HTTP 503' };
const UNANSWERED: Delivery = { kind: 'Failed', error: 'no answer in time' };

/** Somebody outside who is sent all events of executions, and remembers each: it outlives every process. */
export class Receiver {
  readonly arrivals: Arrival[] = [];
  /** Replays that somebody was promised. */
  readonly replays: WebhookReplay[] = [];
  /** Of each stream, how many events came in order, from the first. */
  private readonly inOrder = new Map<string, number>();
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly log: MemoryLog,
    /** An answer comes within this. */
    readonly answerMs: number,
    private readonly onGap: (message: string) => void,
  ) {}

  /** Resolves when the next event is on its way. */
  next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** The webhook as one process runs it. Requests to the receiver may fail in every way, and the process may die on the way. */
  webhookOf(process: SimulatedProcess): Webhook {
    return {
      ...{ name: WEBHOOK, url: 'https://listener.example.test/', begin: 'start', wants: async () => true },
      sender: { send: (event, signal) => this.sent(process, event, signal) },
    };
  }

  private async sent(process: SimulatedProcess, event: RecordedEvent, signal: AbortSignal): Promise<Delivery> {
    if (!process.survives('before send event')) return never();
    for (const tell of this.waiting.splice(0)) tell();
    const { timeline, weather } = process.around;
    await process.within(timeline.sleep(weather.between(1, this.answerMs), signal));
    if (signal.aborted) return UNANSWERED;
    if (weather.isAway('receiver') || weather.strikes('webhook: refused')) return REFUSED;
    if (weather.strikes('webhook: taken late')) {
      timeline.after(weather.between(1, LATE_MS), () => this.take(event));
      return UNANSWERED;
    }
    this.take(event);
    if (!process.survives('after send event')) return never();
    return weather.strikes('webhook: answer lost') ? UNANSWERED : { kind: 'Delivered' };
  }

  private take(event: RecordedEvent): void {
    const { stream, revision } = event;
    this.arrivals.push({ event, logLength: this.log.events.length });
    const next = this.inOrder.get(stream) ?? 0;
    if (revision > next) this.onGap(`${stream}: revision ${revision} came before revision ${next}`);
    this.inOrder.set(stream, Math.max(next, revision + 1));
  }
}
