import type { EventStore, Position, RecordedEvent, SubscriptionMessage } from '#event-store';
import { PositionError, START } from '#event-store';
import { executionIdOf, STREAM_CATEGORY } from '#execution';
import type { Clock } from '#kubernetes';
import type { Executions } from './executions.ts';
import type { ExecutionRow, ReadModel, RowChange } from './read-model.ts';
import { rowOf } from './row.ts';
import { isStoreFault } from './store-fault.ts';
import type { Log, Telemetry } from './telemetry.ts';

export interface ProjectorParts {
  readonly store: EventStore;
  readonly readModel: ReadModel;
  readonly executions: Executions;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
  /** Told after the rows are written. */
  readonly onApplied: (changes: readonly RowChange[]) => void;
}

/** Events taken into one transaction of the read model, at most. */
const BATCH = 200;
const RETRY_MS = 1_000;

/** Follows the log and keeps the read model: rows and checkpoint in one transaction, from the stored checkpoint on. */
export class Projector {
  private applied: Position = START;
  private lagEvents = 0;
  private fault: string | undefined;
  private readonly waiting = new Set<{ readonly until: Position; readonly done: () => void }>();
  private readonly firstCatchUp = Promise.withResolvers<void>();

  /** True until the subscription went live: then every event is taken in as it comes. */
  private isBehind = true;
  /** Where the stored checkpoint stays since an execution could not be read, so that a later version reads it again. */
  private heldAt: Position | undefined;

  constructor(private readonly parts: ProjectorParts) {}

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

  get lag(): number {
    return this.lagEvents;
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

  private hasApplied(position: Position): boolean {
    return this.parts.store.compare(this.applied, position) >= 0;
  }

  /** The rows speak of another log, or of one that was rolled back: they are rebuilt from this one. */
  private async startOver(error: PositionError): Promise<void> {
    this.parts.log.warn({ err: error }, 'the read model belongs to another log and is rebuilt');
    await this.parts.readModel.reset().catch(() => undefined); // tried again with the next round
  }

  private async follow(signal: AbortSignal): Promise<void> {
    this.isBehind = true;
    this.heldAt = undefined;
    this.applied = await this.parts.readModel.checkpoint();
    const filter = { streamPrefixes: [`${STREAM_CATEGORY}-`] };
    const messages = this.parts.store.subscribe(this.applied, filter, signal);
    const batch: RecordedEvent[] = [];
    for await (const message of messages) {
      if (message.kind === 'event') batch.push(message.event);
      this.lagEvents = batch.length;
      if (batch.length >= BATCH || message.kind !== 'event' || !this.isBehind) await this.flush(batch, message);
    }
  }

  private async flush(batch: RecordedEvent[], message: SubscriptionMessage): Promise<void> {
    const position = message.kind === 'event' ? message.event.position : message.position;
    const changes = await this.changesOf(batch);
    await this.parts.readModel.apply(changes, this.heldAt ?? position);
    this.fault = undefined;
    const newest = batch.at(-1);
    if (newest !== undefined)
      this.parts.telemetry.projection(0, Math.max(0, this.parts.clock.now() - Date.parse(newest.metadata.time)) / 1000);
    batch.length = 0;
    this.lagEvents = 0;
    this.applied = position;
    if (message.kind === 'caught-up') {
      this.isBehind = false;
      this.firstCatchUp.resolve();
    }
    for (const waiter of this.waiting) if (this.parts.store.compare(position, waiter.until) >= 0) waiter.done();
    this.parts.onApplied(changes);
  }

  /** One row per execution touched: the state after its last event in the batch, or a later one. */
  private async changesOf(batch: readonly RecordedEvent[]): Promise<RowChange[]> {
    const latest = new Map<string, Position>();
    for (const event of batch) {
      const id = executionIdOf(event.stream);
      if (id !== undefined) latest.set(id, event.position);
    }
    const changes: RowChange[] = [];
    for (const [id, position] of latest) {
      const row = await this.rowOf(id);
      if (row !== undefined) changes.push({ row, position });
    }
    return changes;
  }

  /** An execution that cannot be read (a newer version wrote it) is shown in the log; the others go on without it. */
  private async rowOf(id: string): Promise<ExecutionRow | undefined> {
    try {
      return rowOf(await this.parts.executions.load(id));
    } catch (error) {
      if (isStoreFault(error)) throw error;
      this.heldAt ??= this.applied;
      this.parts.telemetry.driverFault('projector');
      this.parts.log.error({ executionId: id, err: error }, 'an execution cannot be read and is missing in lists');
      return undefined;
    }
  }
}
