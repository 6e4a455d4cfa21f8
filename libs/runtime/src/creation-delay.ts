import type { Delay, DelayedPart, Execution } from '#execution';
import type { Clock } from '#kubernetes';
import type { Loaded } from './executions.ts';
import { Patience } from './patience.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { Stopwatch } from './stopwatch.ts';

/** Trouble shorter than this (or than a tenth of the patience) is nobody's business and is not recorded. */
const TOLD_AFTER_MS = 5_000;
const TOLD_SHARE = 10;

/**
 * What cannot be created for a reason that may pass. Once that has lasted a little, it is recorded, and from then on the
 * log knows since when: patience does not begin anew with a restart.
 */
export class CreationDelay {
  private readonly lasting: Patience;

  constructor(
    private readonly reconciliation: Reconciliation,
    clock: Clock,
    private readonly stopwatch: Stopwatch,
    private readonly patienceMs: number,
  ) {
    this.lasting = new Patience(clock, Math.min(TOLD_AFTER_MS, patienceMs / TOLD_SHARE));
  }

  /** Told of each failure. @returns the execution afterwards; it has ended when patience is exhausted */
  async failed(loaded: Loaded, what: DelayedPart, code: string, message: string): Promise<Loaded> {
    const delay = delayOf(loaded.execution);
    if (delay === undefined && this.lasting.exhausted(loaded.id) === undefined) return loaded;
    if (delay?.what === what && this.left(loaded.id, delay) > 0) return loaded;
    const { patienceMs } = this;
    return this.reconciliation.sync(loaded, { kind: 'CreationDelayed', what, code, message, patienceMs });
  }

  /** True when the next failure ends the execution: time to make sure that it is one. */
  isLast({ id, execution }: Loaded): boolean {
    const delay = delayOf(execution);
    return delay !== undefined && this.left(id, delay) <= 0;
  }

  /** Of the patience, in milliseconds: a wall clock that is set forward does not exhaust it. */
  private left(id: string, { since }: Delay): number {
    return this.stopwatch.left(`${id} patience`, Date.parse(since) + this.patienceMs);
  }

  /** It went on, or is over. */
  forget(id: string): void {
    this.lasting.forget(id);
  }
}

const delayOf = (execution: Execution) => (execution.phase === 'Pending' ? execution.delay : undefined);
