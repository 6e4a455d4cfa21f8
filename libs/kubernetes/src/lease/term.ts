import type { Clock } from '../clock.ts';

/** One time of leading. */
export interface Term {
  /** Aborts when the term is over, or when the election is told to stop: begin nothing new, finish what is in hand. */
  readonly signal: AbortSignal;
  /**
   * Whether no other candidate can be leading at this moment. Ask right before each act, without waiting in between: a
   * process that was paused learns of it here first. May answer false for a moment and then true again (clock step).
   */
  mayAct(): boolean;
  /** `leaseTransitions` of the Lease: grows with every term of any candidate. */
  readonly number: number;
}

/** Why a term ended before its time: no renewal succeeded in time, another holds the Lease, or somebody deleted it. */
export type LossReason = 'Overdue' | 'Taken' | 'Deleted';

/** A moment on both clocks. */
export interface Moment {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

export function momentOf(clock: Clock): Moment {
  return { wallMs: clock.now(), monotonicMs: clock.monotonic() };
}

/**
 * A term and how long it is good for. It counts from the moment at which the last successful write was *sent*: others
 * count from when they see it, which is later.
 */
export class HeldTerm implements Term {
  private readonly over = new AbortController();
  private isClosed = false;
  private lossReason: LossReason | undefined;

  /** @param confirmed when the write that began the term was sent */
  constructor(
    readonly number: number,
    private readonly clock: Clock,
    private readonly renewDeadlineMs: number,
    private confirmed: Moment,
  ) {}

  get signal(): AbortSignal {
    return this.over.signal;
  }

  /**
   * The monotonic clock decides, and the wall clock may only shorten: while a machine is suspended the former stands still, and
   * what looks like a step forward may be that. A step forward that was only a step is healed by the next renewal.
   */
  mayAct(): boolean {
    if (this.isClosed || this.leftMs() <= 0) return false;
    return this.clock.now() - this.confirmed.wallMs < this.renewDeadlineMs;
  }

  /** Milliseconds until the term is over if no renewal succeeds. */
  leftMs(): number {
    return this.confirmed.monotonicMs + this.renewDeadlineMs - this.clock.monotonic();
  }

  get lost(): LossReason | undefined {
    return this.lossReason;
  }

  /** A renewal sent at this moment has succeeded. */
  renewed(sent: Moment): void {
    this.confirmed = sent;
  }

  /** Asks the leader to finish: it may still act until the last renewal has run out. */
  stop(): void {
    this.over.abort();
  }

  /** Nothing may act under this term any more. */
  close(): void {
    this.isClosed = true;
    this.over.abort();
  }

  /** @returns whether this ended it; false when it was over already */
  lose(reason: LossReason): boolean {
    if (this.isClosed) return false;
    this.lossReason = reason;
    this.close();
    return true;
  }

  /** Ends with the term, or by losing it when it runs out. */
  async guard(): Promise<void> {
    while (!this.signal.aborted && this.leftMs() > 0) await this.clock.sleep(this.leftMs(), this.signal);
  }
}
