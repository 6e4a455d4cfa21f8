import type { EventStore, LogSealed, RecordedEvent } from '#event-store';
import { LOG_SEALED, MemoryEventStore, MemoryLog, SEAL_STREAM } from '#event-store';
import type { NewEvent } from '#execution';
import { VirtualClock } from '#kubernetes';
import type { Telemetry } from '#runtime';
import type { SealerOptions } from '#runtime';
import { Sealer } from '#runtime';
import { quietLog, quietTelemetry } from '../support/quiet.ts';
import { faultsOfSeals, MemoryKeys, MemoryPublisher } from '../support/sealed-log.ts';

export const INTERVAL_MS = 60_000;
export const SOMEBODY = { actor: { user: 'alice' }, source: 'rest' } as const;

/** A log with its sealers, which can crash and come back. */
export class Scene {
  readonly log = new MemoryLog('5eed0000-0000-4000-8000-000000000000');
  readonly store = new MemoryEventStore(this.log);
  readonly clock = new VirtualClock();
  readonly keys = new MemoryKeys();
  readonly file = new MemoryPublisher('file');
  readonly told: string[] = [];
  /** Metrics, by what they count. */
  readonly counted = { unsealed: [] as [number, number][], publishErrors: [] as string[], published: [] as number[] };
  private commands = 0;
  private written = 0;

  sealer(options: Partial<SealerOptions> = {}): Sealer {
    const telemetry: Telemetry = {
      ...quietTelemetry,
      unsealed: (events, seconds) => this.counted.unsealed.push([events, seconds]),
      sealPublishError: (where) => this.counted.publishErrors.push(where),
      headPublished: (_, number) => this.counted.published.push(number),
    };
    const say = (_: object, message: string): void => void this.told.push(message);
    return new Sealer({
      ...{ store: this.store, keys: this.keys, publishers: [this.file], clock: this.clock, telemetry },
      ids: { command: () => `command-${(this.commands += 1)}`, execution: () => 'none' },
      log: { ...quietLog, warn: say, error: say },
      intervalMs: INTERVAL_MS,
      maxEvents: 1_000,
      ...options,
    });
  }

  /** Leads until the signal that comes with it aborts. */
  leading(sealer: Sealer): { readonly stop: () => Promise<void> } {
    const over = new AbortController();
    const running = sealer.run(over.signal);
    return { stop: () => (over.abort(), running) };
  }

  async record(count: number, store: EventStore = this.store): Promise<void> {
    for (let left = count; left > 0; left -= 500) {
      const events = Array.from({ length: Math.min(left, 500) }, () => this.newEvent());
      await store.append('sample-1', 'any', events);
    }
  }

  get seals(): readonly LogSealed[] {
    return this.log
      .stream(SEAL_STREAM)
      .filter(({ type }) => type === LOG_SEALED)
      .map(({ data }) => data as unknown as LogSealed);
  }

  get sealEvents(): readonly RecordedEvent[] {
    return this.log.stream(SEAL_STREAM);
  }

  get faults(): readonly string[] {
    return faultsOfSeals(this.log.events, this.log.storeId);
  }

  /** How many seconds of events one seal covers, in the order they were made. */
  get covered(): readonly number[] {
    return this.seals.map(({ events }) => events);
  }

  private newEvent(): NewEvent {
    this.written += 1;
    const id = `00000000-0000-4000-8000-${String(this.written).padStart(12, '0')}`;
    const time = new Date(this.clock.now()).toISOString();
    const metadata = {
      time,
      actor: { user: 'tester' },
      source: 'rest',
      commandId: id,
      correlationId: '',
      causationId: id,
    } as const;
    return { id, type: 'SampleHappened', schemaVersion: 1, data: { n: this.written }, metadata };
  }
}

/** The store, with the next appends to the seal log answered otherwise. */
export function troubled(
  store: EventStore,
  answers: ((append: () => Promise<unknown>) => Promise<unknown>)[],
): EventStore {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      if (name !== 'append') return method;
      return (...args: unknown[]) => {
        const answer = args[0] === SEAL_STREAM ? answers.shift() : undefined;
        return answer === undefined ? method(...args) : answer(() => method(...args));
      };
    },
  });
}
