import type { EventStore } from '#event-store';
import type { Clock } from '#kubernetes';
import type { Pace } from './projector.ts';
import { Projector } from './projector.ts';
import type { ReadModel, Successor } from './read-model.ts';
import type { Log, Telemetry } from './telemetry.ts';

export interface RebuildParts {
  readonly store: EventStore;
  readonly readModel: Pick<ReadModel, 'successor'>;
  /** Keeps the read model that answers. */
  readonly projector: Projector;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

/** Requests are answered meanwhile: short pieces of work, and room between them. */
const BESIDE_OTHERS: Pace = { batch: 500, restMs: 2 };
const LOOK_MS = 1_000;
/** Looks in a row at which the new read model could not be kept, after which it is given up. */
const MAX_FAULTS = 30;
/** How long nothing is taken in, at most, for the new one to come to the place of the old one. */
const HANDOVER_MS = 5_000;
const MAX_HANDOVERS = 20;

/** Fills a read model from nothing beside the one that answers, and puts it in its place. */
export class Rebuild {
  private readonly next: Projector;
  private readonly stopping = new AbortController();

  private constructor(
    private readonly parts: RebuildParts,
    private readonly successor: Successor,
    readonly startedAt: string,
  ) {
    const { store, clock, telemetry, log } = parts;
    const kept = { readModel: successor.model, onApplied: () => undefined, pace: BESIDE_OTHERS };
    this.next = new Projector({ store, clock, telemetry, log, ...kept });
  }

  /** @throws Error when there is no room for another read model */
  static async begin(parts: RebuildParts): Promise<Rebuild> {
    const startedAt = new Date(parts.clock.now()).toISOString();
    return new Rebuild(parts, await parts.readModel.successor(), startedAt);
  }

  /** Events taken in so far. */
  get events(): Promise<number> {
    return this.successor.model.size();
  }

  /**
   * Resolves when the new one has taken the place of the old one, or the signal has aborted: then nothing has changed.
   * @throws Error when the new one cannot be kept; nothing has changed
   */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.stopping.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const following = this.next.run(this.stopping.signal);
    try {
      await this.untilCaughtUp(signal);
      await this.handOver(following, signal);
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
      await following;
      await this.successor.discard();
    }
  }

  private async untilCaughtUp(signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    const caughtUp = new AbortController();
    void this.next.caughtUp().then(() => caughtUp.abort());
    const either = AbortSignal.any([signal, caughtUp.signal]);
    for (let faults = 0; !either.aborted;) {
      await clock.sleep(LOOK_MS, either);
      faults = this.next.trouble === undefined ? 0 : faults + 1;
      if (faults >= MAX_FAULTS)
        throw new Error(`the new read model could not be kept for ${faults} looks in a row: ${this.next.trouble}`);
    }
  }

  private async handOver(following: Promise<void>, signal: AbortSignal): Promise<void> {
    const { projector } = this.parts;
    for (let attempt = 0; attempt < MAX_HANDOVERS && !signal.aborted; attempt += 1) {
      const isTaken = await projector.takeOver(this.next, async () => {
        if (!(await this.next.reached(projector.position, HANDOVER_MS)) || signal.aborted) return false;
        this.stopping.abort();
        await following;
        await this.successor.take();
        return true;
      });
      if (isTaken) return;
    }
    if (!signal.aborted) throw new Error(`the new read model was behind at ${MAX_HANDOVERS} attempts to use it`);
  }
}
