import type { Clock } from '#kubernetes';
import type { ReadModel } from './read-model.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { Log, Telemetry } from './telemetry.ts';

/** Longest sleep: a clock that was set back or forward is noticed within this. */
const LONGEST_MS = 30_000;
const AFTER_FAULT_MS = 1_000;
const BATCH = 100;

/** Gives locks back when their cooldown is over. What is due is read from the read model, so that a restart forgets nothing. */
export class Scheduler {
  private wakeUp = new AbortController();

  constructor(
    private readonly readModel: Pick<ReadModel, 'cooledDown' | 'nextCooldownEnd'>,
    private readonly reconciliation: Reconciliation,
    private readonly clock: Clock,
    private readonly telemetry: Telemetry,
    private readonly log: Log,
  ) {}

  /** Something may be due earlier than was thought. */
  wake(): void {
    this.wakeUp.abort();
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.wakeUp = new AbortController();
      const waitMs = await this.releaseDue(signal);
      await this.clock.sleep(waitMs, AbortSignal.any([signal, this.wakeUp.signal]));
    }
  }

  /** @returns milliseconds until something may be due */
  private async releaseDue(signal: AbortSignal): Promise<number> {
    try {
      let failed = 0;
      for (const id of await this.readModel.cooledDown(this.now(), BATCH)) {
        if (signal.aborted) return 0;
        if (!(await this.release(id))) failed += 1;
      }
      return failed > 0 ? AFTER_FAULT_MS : await this.untilNext();
    } catch (error) {
      this.telemetry.driverFault('scheduler');
      this.log.error({ err: error }, 'the scheduler could not tell what is due; it will try again');
      return AFTER_FAULT_MS;
    }
  }

  /** @returns false when it failed: that one is tried again, and keeps no other waiting */
  private async release(id: string): Promise<boolean> {
    try {
      await this.reconciliation.command(
        id,
        { type: 'ReleaseExecution', cause: 'CooldownOver', reason: 'the cooldown is over' },
        'scheduler',
      );
      return true;
    } catch (error) {
      this.telemetry.driverFault('scheduler');
      this.log.error({ executionId: id, err: error }, 'the scheduler could not give a lock back; it will try again');
      return false;
    }
  }

  /** Just released ones may still be listed as due: the read model follows the log, and wakes us when it has. */
  private async untilNext(): Promise<number> {
    const next = await this.readModel.nextCooldownEnd();
    if (next === undefined) return LONGEST_MS;
    return Math.min(LONGEST_MS, Math.max(AFTER_FAULT_MS / 4, Date.parse(next) - this.clock.now()));
  }

  private now(): string {
    return new Date(this.clock.now()).toISOString();
  }
}
