import { randomUUID } from 'node:crypto';
import type { EventStore, RecordedEvent } from '#event-store';
import { MemoryEventStore, MemoryLog } from '#event-store';
import { streamOf } from '#execution';
import { VirtualClock } from '#kubernetes';
import type { Delivery, Webhook, WebhookSender } from '#runtime';
import type { WebhooksOptions } from '../../src/webhooks/webhooks.ts';
import { Webhooks } from '../../src/webhooks/webhooks.ts';
import { quietLog, quietTelemetry } from '../support/quiet.ts';

const MAX_WAKES = 20_000;

export const execution = (n: number): string => streamOf(`${String(n).padStart(8, '0')}-0000-4000-8000-000000000000`);

/** What the receiver does with one attempt; `lost`: it takes the event, and its answer does not arrive. */
export type Answer = Delivery | { readonly kind: 'lost' };
export type Answering = (
  event: RecordedEvent,
  attempt: number,
) => { readonly answer: Answer; readonly tookMs?: number };

export const DELIVERED: Answer = { kind: 'Delivered' };
export const FAILED: Answer = { kind: 'Failed', error: 'HTTP 500' };

/** A receiver that does what it is told, and remembers what it was given, in order. */
export class ScriptedReceiver implements WebhookSender {
  /** Events it took. */
  readonly received: RecordedEvent[] = [];
  /** When every attempt began, by the clock. */
  readonly attempts: { readonly id: string; readonly atMs: number }[] = [];
  underWay = 0;
  mostUnderWay = 0;

  constructor(
    private readonly clock: VirtualClock,
    public answering: Answering = () => ({ answer: DELIVERED }),
  ) {}

  async send(event: RecordedEvent, signal: AbortSignal): Promise<Delivery> {
    const attempt = this.attempts.filter(({ id }) => id === event.id).length + 1;
    this.attempts.push({ id: event.id, atMs: this.clock.monotonic() });
    const { answer, tookMs = 10 } = this.answering(event, attempt);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    await this.clock.sleep(tookMs, signal);
    this.underWay -= 1;
    if (signal.aborted) return { kind: 'Failed', error: 'aborted' };
    if (answer.kind === 'Delivered' || answer.kind === 'lost') this.received.push(event);
    return answer.kind === 'lost' ? { kind: 'Failed', error: 'no answer in time' } : answer;
  }

  get ids(): string[] {
    return this.received.map(({ id }) => id);
  }
}

/** A log, a clock, and webhooks that run over them, one process after the other. */
export class WebhookScene {
  readonly clock = new VirtualClock();
  readonly disk = new MemoryLog('00000000-0000-4000-8000-000000000001');
  readonly warned: object[] = [];
  readonly failed: object[] = [];
  /** Whether it is sure that this replica still leads. */
  isSure = true;
  store: EventStore = new MemoryEventStore(this.disk);
  webhooks!: Webhooks;
  private term = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private commands = 0;
  private written = 0;

  receiver(answering?: Answering): ScriptedReceiver {
    return new ScriptedReceiver(this.clock, answering);
  }

  webhook(name: string, sender: WebhookSender, more: Partial<Webhook> = {}): Webhook {
    return { name, url: `https://${name}.example.test/hook`, begin: 'start', wants: async () => true, sender, ...more };
  }

  /** A process begins to lead. */
  start(...webhooks: Webhook[]): this {
    this.term = new AbortController();
    const { signal } = this.term;
    this.webhooks = new Webhooks(this.options(webhooks));
    this.running = this.webhooks.run({ signal, mayAct: () => this.isSure && !signal.aborted });
    return this;
  }

  /** A process that answers and does not lead. */
  bystander(...webhooks: Webhook[]): Webhooks {
    return new Webhooks(this.options(webhooks));
  }

  async stop(): Promise<void> {
    this.term.abort();
    await this.within(this.running);
  }

  /** The process dies: what it did not write is lost. */
  async crash(): Promise<void> {
    await this.store.close();
    this.store = new MemoryEventStore(this.disk);
    await this.stop();
  }

  /** Records so many events, of these executions in turn. */
  async record(count: number, executions = 3, type = 'StatusDriftCorrected'): Promise<void> {
    for (let n = 0; n < count; n += 1) await this.recordOne(execution(n % executions), type);
  }

  async recordOne(stream: string, type = 'StatusDriftCorrected'): Promise<RecordedEvent> {
    const time = new Date(this.clock.now()).toISOString();
    const event = {
      ...{ id: randomUUID(), type, schemaVersion: 1, data: { n: (this.written += 1) } },
      metadata: {
        ...{ time, actor: { user: 'tester' }, source: 'driver' as const },
        ...{ commandId: 'c', correlationId: 'rr', causationId: 'c' },
      },
    };
    return (await this.store.append(stream, 'any', [event])).events[0]!;
  }

  /** Events of executions, in the order of the log. */
  get events(): readonly RecordedEvent[] {
    return this.disk.events.filter(({ stream }) => stream.startsWith('workflowexecution-'));
  }

  /** What was recorded of a webhook. */
  recorded(name: string): readonly RecordedEvent[] {
    return this.disk.stream(`webhook-${name}`);
  }

  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    for (let wakes = 0; wakes < MAX_WAKES; wakes += 1) {
      await this.clock.advance(0);
      if (await condition()) return;
      await this.clock.advance(this.clock.pendingMs[0] ?? 0);
    }
    throw new Error(`expected ${what} within ${MAX_WAKES} wake-ups of the clock`);
  }

  private async within(promise: Promise<void>): Promise<void> {
    let isSettled = false;
    void promise.finally(() => (isSettled = true)).catch(() => undefined);
    await this.until('a promise to settle', () => isSettled);
    return promise;
  }

  private options(webhooks: readonly Webhook[]): WebhooksOptions {
    return {
      ...{ store: this.store, clock: this.clock, telemetry: quietTelemetry, random: () => 0.5, webhooks },
      ids: {
        execution: () => '',
        command: () => `d0000000-0000-7000-8000-${String((this.commands += 1)).padStart(12, '0')}`,
      },
      log: {
        ...quietLog,
        warn: (fields: object) => void this.warned.push(fields),
        error: (fields: object) => void this.failed.push(fields),
      },
    };
  }
}
