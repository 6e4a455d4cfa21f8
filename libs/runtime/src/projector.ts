import type { EventStore, Position, RecordedEvent, SubscriptionMessage } from '#event-store';
import { PositionError, START } from '#event-store';
import { STREAM_CATEGORY } from '#execution';
import type { Clock } from '#kubernetes';
import type { FoldedBatch } from './folding.ts';
import { Folding } from './folding.ts';
import type { ReadModel, RowChange } from './read-model.ts';
import type { Log, Telemetry } from './telemetry.ts';

export interface ProjectorParts {
  readonly store: EventStore;
  readonly readModel: Pick<ReadModel, 'apply' | 'checkpoint' | 'reset'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
  /** Told after the rows are written. */
  readonly onApplied: (changes: readonly RowChange[]) => void;
  /** Milliseconds to leave to others after each batch of history; none when absent. */
  readonly restMs?: number;
}

/** Events taken into one transaction of the read model, at most: some milliseconds of work. */
const BATCH = 500;
const RETRY_MS = 1_000;

/** Follows the log and keeps the read model: rows and checkpoint in one transaction, from the stored checkpoint on. */
export class Projector {
  private applied: Position = START;
  private fault: string | undefined;
  private readonly folding: Folding;
  private readonly waiting = new Set<{ readonly until: Position; readonly done: () => void }>();
  private readonly firstCatchUp = Promise.withResolvers<void>();
  /** The last of those who want the read model for themselves. */
  private turn: Promise<unknown> = Promise.resolve();

  /** True until the subscription went live: then every event is taken in as it comes. */
  private isBehind = true;
  /** Where the stored checkpoint stays since an execution could not be read, so that a later version reads it again. */
  private heldAt: Position | undefined;

  constructor(private readonly parts: ProjectorParts) {
    this.folding = new Folding(parts.store);
  }

  /** Resolves when the read model has caught up with the log for the first time. */
  caughtUp(): Promise<void> {
    return this.firstCatchUp.promise;
  }

  /** Why the read model is not being kept; undefined when it is. */
  get trouble(): string | undefined {
    return this.fault;
  }

  /** Up to where the log has been taken in. */
  get position(): Position {
    return this.applied;
  }

  /** Runs until the signal aborts; starts again from the stored checkpoint when something breaks. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.follow(signal);
      } catch (error) {
        if (error instanceof PositionError) await this.startOver(error);
        this.fault = error instanceof Error ? error.message : String(error);
        this.parts.telemetry.driverFault('projector');
        this.parts.log.error(
          { err: error },
          'the read model could not follow the log; it will try again from its checkpoint',
        );
      }
      if (!signal.aborted) await this.parts.clock.sleep(RETRY_MS, signal);
    }
  }

  /** Waits until the read model has taken in everything up to this position; false when it has not after the time given. */
  async reached(position: Position, timeoutMs: number): Promise<boolean> {
    if (this.hasApplied(position)) return true;
    const timer = new AbortController();
    const waiter = { until: position, done: () => timer.abort() };
    this.waiting.add(waiter);
    await this.parts.clock.sleep(timeoutMs, timer.signal);
    this.waiting.delete(waiter);
    return this.hasApplied(position);
  }

  /**
   * Has `swap` put the read model of another projector, which has stopped, in the place of its own. Nothing is taken in
   * meanwhile; then this one goes on from where the further of the two had come.
   */
  async takeOver(other: Projector, swap: () => Promise<void>): Promise<void> {
    await this.exclusively(async () => {
      await swap();
      this.heldAt = other.heldAt;
      this.fault = undefined;
      if (this.hasApplied(other.applied)) return;
      this.folding.clear();
      this.reach(other.applied);
    });
  }

  private hasApplied(position: Position): boolean {
    return this.parts.store.compare(this.applied, position) >= 0;
  }

  private exclusively<T>(act: () => Promise<T>): Promise<T> {
    const result = this.turn.then(act);
    this.turn = result.catch(() => undefined);
    return result;
  }

  /** The rows speak of another log, or of one that was rolled back: they are rebuilt from this one. */
  private async startOver(error: PositionError): Promise<void> {
    this.parts.log.warn({ err: error }, 'the read model belongs to another log and is rebuilt');
    await this.exclusively(() => this.parts.readModel.reset()).catch(() => undefined); // tried again with the next round
  }

  private async follow(signal: AbortSignal): Promise<void> {
    this.applied = await this.exclusively(() => this.begin());
    const filter = { streamPrefixes: [`${STREAM_CATEGORY}-`] };
    const messages = this.parts.store.subscribe(this.applied, filter, signal);
    let batch: RecordedEvent[] = [];
    for await (const message of messages) {
      if (message.kind === 'event') batch.push(message.event);
      if (batch.length < BATCH && message.kind === 'event' && this.isBehind) continue;
      const taken = batch;
      batch = [];
      await this.exclusively(() => this.flush(taken, message));
      if (this.isBehind && this.parts.restMs !== undefined) await this.parts.clock.sleep(this.parts.restMs, signal);
    }
  }

  private begin(): Promise<Position> {
    this.isBehind = true;
    this.heldAt = undefined;
    this.folding.clear();
    return this.parts.readModel.checkpoint();
  }

  private async flush(batch: readonly RecordedEvent[], message: SubscriptionMessage): Promise<void> {
    const position = message.kind === 'event' ? message.event.position : message.position;
    if (this.parts.store.compare(position, this.applied) >= 0) await this.take(this.unseen(batch), position);
    this.fault = undefined;
    if (message.kind !== 'caught-up') return;
    this.isBehind = false;
    this.firstCatchUp.resolve();
  }

  private async take(batch: readonly RecordedEvent[], position: Position): Promise<void> {
    const { changes, entries, unreadable } = await this.folding.take(batch);
    this.complain(unreadable);
    await this.parts.readModel.apply(changes, entries, this.heldAt ?? position);
    this.reach(position);
    this.parts.onApplied(changes);
  }

  /** A read model that took the place of another may be further than the messages are. */
  private unseen(batch: readonly RecordedEvent[]): readonly RecordedEvent[] {
    const [first] = batch;
    if (first === undefined || !this.hasApplied(first.position)) return batch;
    return batch.filter((event) => !this.hasApplied(event.position));
  }

  private reach(position: Position): void {
    this.applied = position;
    for (const waiter of this.waiting) if (this.parts.store.compare(position, waiter.until) >= 0) waiter.done();
  }

  /** An execution that cannot be read (a newer version wrote it) is shown in the log; the others go on without it. */
  private complain(unreadable: FoldedBatch['unreadable']): void {
    for (const { executionId, error } of unreadable) {
      this.heldAt ??= this.applied;
      this.parts.telemetry.driverFault('projector');
      this.parts.log.error({ executionId, err: error }, 'an execution cannot be read and is missing in lists');
    }
  }
}
