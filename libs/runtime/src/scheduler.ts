import type { Clock } from '#kubernetes';
import type { ReadModel } from './read-model.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { Log, Telemetry } from './telemetry.ts';

export interface SchedulerParts {
  readonly readModel: Pick<ReadModel, 'cooledDown' | 'nextCooldownEnd' | 'expired' | 'oldestEnd'>;
  readonly reconciliation: Reconciliation;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
  /** How long the resource of a finished execution is kept; undefined: for good. */
  readonly ttlMs: number | undefined;
}

/** Longest sleep: a clock that was set back or forward is noticed within this. */
const LONGEST_MS = 30_000;
const AFTER_FAULT_MS = 1_000;
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
      const released = await this.each(await this.cooledDown(), (id) => this.release(id), signal);
      const pruned = await this.each(await this.expired(), (id) => this.prune(id), signal);
      return released && pruned ? await this.untilNext() : AFTER_FAULT_MS;
    } catch (error) {
      this.parts.telemetry.driverFault('scheduler');
      this.parts.log.error({ err: error }, 'the scheduler could not tell what is due; it will try again');
      return AFTER_FAULT_MS;
    }
  }

  /** One that fails is tried again, and keeps no other waiting. @returns true when none failed */
  private async each(
    ids: readonly string[],
    act: (id: string) => Promise<unknown>,
    signal: AbortSignal,
  ): Promise<boolean> {
    let isWell = true;
    for (const id of ids) {
      if (signal.aborted) return false;
      try {
        await act(id);
      } catch (error) {
        isWell = false;
        this.parts.telemetry.driverFault('scheduler');
        this.parts.log.error(
          { executionId: id, err: error },
          'the scheduler could not do what is due; it will try again',
        );
      }
    }
    return isWell;
  }

  private release(id: string): Promise<unknown> {
    const command = { type: 'ReleaseExecution', cause: 'CooldownOver', reason: 'the cooldown is over' } as const;
    return this.parts.reconciliation.command(id, command, 'scheduler');
  }

  private prune(id: string): Promise<unknown> {
    const observation = { kind: 'ResourceExpired', ttlMs: this.parts.ttlMs ?? 0 } as const;
    return this.parts.reconciliation.command(id, { type: 'SyncExecution', observation }, 'scheduler');
  }

  private cooledDown(): Promise<readonly string[]> {
    return this.parts.readModel.cooledDown(this.time(0), BATCH);
  }

  private async expired(): Promise<readonly string[]> {
    const { ttlMs, readModel } = this.parts;
    return ttlMs === undefined ? [] : readModel.expired(this.time(-ttlMs), BATCH);
  }

  /** What was just done may still be listed as due: the read model follows the log, and wakes us when it has. */
  private async untilNext(): Promise<number> {
    const { readModel, ttlMs, clock } = this.parts;
    const cooledMs = Date.parse((await readModel.nextCooldownEnd()) ?? '');
    const expiredMs = ttlMs === undefined ? NaN : Date.parse((await readModel.oldestEnd()) ?? '') + ttlMs;
    const dueMs = [cooledMs, expiredMs].filter((ms) => !Number.isNaN(ms)).map((ms) => ms - clock.now());
    return Math.min(LONGEST_MS, Math.max(AFTER_FAULT_MS / 4, Math.min(LONGEST_MS, ...dueMs)));
  }

  private time(offsetMs: number): string {
    return new Date(this.parts.clock.now() + offsetMs).toISOString();
  }
}
