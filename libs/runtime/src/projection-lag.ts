import type { EventStore } from '#event-store';
import { STREAM_CATEGORY } from '#execution';
import type { Clock } from '#kubernetes';
import type { Projector } from './projector.ts';
import type { Telemetry } from './telemetry.ts';

/** How far the read model is behind the log. */
export interface Lag {
  /** Events not taken in yet. */
  readonly events: number;
  /** Age of the oldest of them; 0 when there is none. */
  readonly seconds: number;
}

const NONE: Lag = { events: 0, seconds: 0 };
const INTERVAL_MS = 5_000;

/** Compares how far a projector has come with how far the log has. */
export class ProjectionLag {
  constructor(
    private readonly store: EventStore,
    private readonly projector: Pick<Projector, 'position'>,
    private readonly clock: Clock,
  ) {}

  /** @throws the errors of #event-store */
  async measure(): Promise<Lag> {
    const { position } = this.projector;
    const events = this.store.compare(await this.store.head(), position);
    if (events <= 0) return NONE;
    const filter = { streamPrefixes: [`${STREAM_CATEGORY}-`] };
    const [oldest] = (await this.store.readAll(position, filter, 1)).events;
    if (oldest === undefined) return NONE; // what is left is not about executions
    return { events, seconds: Math.max(0, this.clock.now() - Date.parse(oldest.metadata.time)) / 1000 };
  }

  /** Tells it until the signal aborts. */
  async report(telemetry: Telemetry, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const lag = await this.measure().catch(() => undefined); // the store says itself what ails it
      if (lag !== undefined) telemetry.projection(lag.events, lag.seconds);
      await this.clock.sleep(INTERVAL_MS, signal);
    }
  }
}
