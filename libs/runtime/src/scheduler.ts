import type { Clock } from '#kubernetes';
import type { Executions } from './executions.ts';
import type { ReadModel } from './read-model.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { Log, Telemetry } from './telemetry.ts';

export interface SchedulerParts {
  readonly readModel: Pick<ReadModel, 'cooledDown' | 'nextCooldownEnd' | 'expired' | 'oldestEnd'>;
  readonly reconciliation: Reconciliation;
  readonly executions: Pick<Executions, 'load'>;
  readonly clock: Clock;
  readonly stopwatch: Stopwatch;
  readonly telemetry: Telemetry;
  readonly log: Log;
  /** How long the resource of a finished execution is kept; undefined: for good. */
  readonly ttlMs: number | undefined;
}

/** Longest sleep: a clock that was set back or forward is noticed within this. */
const LONGEST_MS = 30_000;
const AFTER_FAULT_MS = 1_000;
/** After something was done: it may still be listed as due, and the next may be due already. */
const SOONEST_MS = 250;
const BATCH = 100;

/**
 * Gives locks back when their cooldown is over, and has resources deleted that were kept long enough. What is due is read
 * from the read model, so that a restart forgets nothing.
 */
export class Scheduler {
  private wakeUp = new AbortController();

  constructor(private readonly parts: SchedulerParts) {}

  /** Something may be due earlier than was thought. */
  wake(): void {
    this.wakeUp.abort();
  }

  /** A cooldown begins to be timed when it is heard of. @returns milliseconds left of it */
  cooling(id: string, until: string): number {
    return this.parts.stopwatch.left(`${id} cooldown`, Date.parse(until));
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.wakeUp = new AbortController();
      const waitMs = await this.doDue(signal);
      await this.parts.clock.sleep(waitMs, AbortSignal.any([signal, this.wakeUp.signal]));
    }
  }

  /** @returns milliseconds until something may be due */
  private async doDue(signal: AbortSignal): Promise<number> {
    try {
      const cooled = await this.cooledDown();
      const expired = await this.expired();
      return Math.min(
        cooled.length > 0 ? await this.each(cooled, (id) => this.release(id), signal) : await this.untilCooledDown(),
        expired.length > 0 ? await this.each(expired, (id) => this.prune(id), signal) : await this.untilExpired(),
      );
    } catch (error) {
      this.parts.telemetry.driverFault('scheduler');
      this.parts.log.error({ err: error }, 'the scheduler could not tell what is due; it will try again');
      return AFTER_FAULT_MS;
    }
  }

  /** One that fails is tried again, and keeps no other waiting. @returns when to look at these again, in milliseconds */
  private async each(
    ids: readonly string[],
    act: (id: string) => Promise<number>,
    signal: AbortSignal,
  ): Promise<number> {
    let againMs = LONGEST_MS;
    for (const id of ids) {
      if (signal.aborted) return 0;
      try {
        againMs = Math.min(againMs, await act(id));
      } catch (error) {
        againMs = Math.min(againMs, AFTER_FAULT_MS);
        this.parts.telemetry.driverFault('scheduler');
        this.parts.log.error(
          { executionId: id, err: error },
          'the scheduler could not do what is due; it will try again',
        );
      }
    }
    return againMs;
  }

  /** Over by the wall clock; when that was set forward meanwhile, not before its time has passed all the same. */
  private async release(id: string): Promise<number> {
    const { execution } = await this.parts.executions.load(id);
    const until = execution.phase === 'Finished' && execution.lock.state === 'Held' ? execution.lock.until : undefined;
    const leftMs = until === undefined ? 0 : this.cooling(id, until);
    if (leftMs > 0) return leftMs;
    const command = { type: 'ReleaseExecution', cause: 'CooldownOver', reason: 'the cooldown is over' } as const;
    await this.parts.reconciliation.command(id, command, 'scheduler');
    return SOONEST_MS;
  }

  private async prune(id: string): Promise<number> {
    const observation = { kind: 'ResourceExpired', ttlMs: this.parts.ttlMs ?? 0 } as const;
    await this.parts.reconciliation.command(id, { type: 'SyncExecution', observation }, 'scheduler');
    return SOONEST_MS;
  }

  private cooledDown(): Promise<readonly string[]> {
    return this.parts.readModel.cooledDown(this.time(0), BATCH);
  }

  private async expired(): Promise<readonly string[]> {
    const { ttlMs, readModel } = this.parts;
    return ttlMs === undefined ? [] : readModel.expired(this.time(-ttlMs), BATCH);
  }

  private async untilCooledDown(): Promise<number> {
    return this.until(await this.parts.readModel.nextCooldownEnd(), 0);
  }

  private async untilExpired(): Promise<number> {
    const { ttlMs, readModel } = this.parts;
    return ttlMs === undefined ? LONGEST_MS : this.until(await readModel.oldestEnd(), ttlMs);
  }

  private until(time: string | undefined, laterMs: number): number {
    if (time === undefined) return LONGEST_MS;
    return Math.min(LONGEST_MS, Math.max(SOONEST_MS, Date.parse(time) + laterMs - this.parts.clock.now()));
  }

  private time(offsetMs: number): string {
    return new Date(this.parts.clock.now() + offsetMs).toISOString();
  }
}
