import type { Clock } from '../clock.ts';
import { ClusterError, type Cluster, type ObjectName } from '../cluster.ts';
import { NotLeaderError } from './fenced-cluster.ts';
import { LeaseLock } from './lease-lock.ts';
import { failureOf, type LeadershipNews, type LeaseAction } from './leadership-news.ts';
import { HeldTerm, momentOf, type LossReason, type Term } from './term.ts';

export interface LeaderElectionOptions {
  readonly cluster: Pick<Cluster, 'get' | 'create' | 'replace'>;
  readonly clock: Clock;
  readonly lease: ObjectName;
  /** Who we are, for people and in the Lease; one of its own for each process, such as `<pod>_<uuid>`. */
  readonly identity: string;
  /** For how long others leave an unchanged Lease alone; more than `renewDeadlineMs`. */
  readonly leaseDurationMs?: number;
  /** How long a term is good for after its last successful renewal was sent. */
  readonly renewDeadlineMs?: number;
  /** Time between renewals, and between looks of a candidate. */
  readonly retryMs?: number;
  /** In [0, 1); for jitter. */
  readonly random?: () => number;
  /** Must not throw. */
  readonly report?: (news: LeadershipNews) => void;
}

type Timing = Required<Pick<LeaderElectionOptions, 'leaseDurationMs' | 'renewDeadlineMs' | 'retryMs'>>;

const TIMING: Timing = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryMs: 2_000 };
/** A pause is up to this much longer than `retryMs`, so that candidates that started together do not stay together. */
const JITTER = 0.2;
/** A request that hangs leaves time for another before the term is over. */
const REQUESTS_PER_DEADLINE = 3;
/** Writes in one renewal: each conflict (somebody else touched the object) costs one. */
const RENEWAL_TRIES = 3;
const RELEASE_TRIES = 3;

/**
 * Leads whenever it holds the Lease, until it is told to stop. At most one candidate's term may act at any moment, as long
 * as no two clocks run apart by more than `leaseDurationMs` to `renewDeadlineMs`, whatever time of day they show.
 */
export class LeaderElection {
  private readonly timing: Timing;
  private readonly lock: LeaseLock;
  private readonly random: () => number;
  private current: HeldTerm | undefined;
  private toldHolder: string | undefined;
  private failures = 0;
  private isRunning = false;

  /** @throws Error when the three times make no sense together */
  constructor(private readonly options: LeaderElectionOptions) {
    const { leaseDurationMs, renewDeadlineMs, retryMs } = { ...TIMING, ...options };
    this.timing = { leaseDurationMs, renewDeadlineMs, retryMs };
    assertTiming(this.timing);
    this.random = options.random ?? Math.random;
    const requestLimitMs = renewDeadlineMs / REQUESTS_PER_DEADLINE;
    this.lock = new LeaseLock({ ...options, leaseDurationMs, requestLimitMs, random: this.random });
  }

  /** The term of this process, while it has one. */
  get term(): Term | undefined {
    return this.current;
  }

  /** Who held the Lease when it was last seen; nobody, or not seen yet: absent. */
  get holder(): string | undefined {
    return this.lock.holder;
  }

  /**
   * Campaigns, calls `lead` for each term that is won, and waits for it to return before campaigning again. When the signal
   * aborts and `lead` has returned, gives the Lease back and resolves. Trouble with the API is reported and waited out.
   * @throws what `lead` throws, after giving the Lease back (a `NotLeaderError` only ends the term); Error when it runs already
   */
  async run(signal: AbortSignal, lead: (term: Term) => Promise<void>): Promise<void> {
    if (this.isRunning) throw new Error(`the election of ${this.options.identity} runs already; make another one`);
    this.isRunning = true;
    try {
      while (!signal.aborted) {
        const term = await this.campaign();
        if (term?.mayAct() && !signal.aborted) await this.reign(term, signal, lead);
        else await this.pause(signal);
      }
    } finally {
      await this.release();
      this.isRunning = false;
    }
  }

  /** One look, and one try if the Lease is free. */
  private async campaign(): Promise<HeldTerm | undefined> {
    let action: LeaseAction = 'read';
    try {
      await this.lock.look();
      this.tellHolder();
      const isFree = this.lock.isFree;
      action = this.lock.exists ? 'claim' : 'create';
      const sent = momentOf(this.options.clock);
      const number = isFree ? await this.lock.claim() : undefined;
      this.failures = 0;
      if (number === undefined) return undefined;
      return new HeldTerm(number, this.options.clock, this.timing.renewDeadlineMs, sent);
    } catch (error) {
      if (!isOutrun(error, action)) this.failed(action, error);
      return undefined;
    }
  }

  private async reign(term: HeldTerm, signal: AbortSignal, lead: (term: Term) => Promise<void>): Promise<void> {
    const stop = (): void => term.stop();
    signal.addEventListener('abort', stop, { once: true });
    this.current = term;
    this.toldHolder = undefined;
    this.report({ kind: 'acquired', term: term.number });
    const parts = [this.led(term, lead), this.keepRenewing(term), this.guard(term)];
    const ends = await Promise.allSettled(parts);
    signal.removeEventListener('abort', stop);
    this.current = undefined;
    const bug = ends.find((end) => end.status === 'rejected');
    if (bug) throw bug.reason;
    if (term.lost === undefined) await this.stepDown(signal);
  }

  private async led(term: HeldTerm, lead: (term: Term) => Promise<void>): Promise<void> {
    try {
      await lead(term);
    } catch (error) {
      if (!(error instanceof NotLeaderError)) throw error;
    } finally {
      term.close();
    }
  }

  private async guard(term: HeldTerm): Promise<void> {
    await term.guard();
    if (!term.signal.aborted) this.lose(term, 'Overdue');
  }

  private async keepRenewing(term: HeldTerm): Promise<void> {
    try {
      while (!term.signal.aborted) {
        await this.pause(term.signal);
        if (!term.signal.aborted) await this.renew(term);
      }
    } catch (error) {
      term.close(); // a bug: nothing renews this term any more
      throw error;
    }
  }

  /** After a failed write the Lease is read before anything is assumed of it; the failure itself renews nothing. */
  private async renew(term: HeldTerm): Promise<void> {
    for (let tries = 0; tries < RENEWAL_TRIES && !term.signal.aborted; tries += 1)
      try {
        await this.lock.lookAfterFailure();
        if (!this.lock.isOurs) return this.lose(term, this.lock.exists ? 'Taken' : 'Deleted');
        const sent = momentOf(this.options.clock);
        await this.lock.renew();
        term.renewed(sent);
        this.failures = 0;
        return this.report({ kind: 'renewed', term: term.number, tookMs: this.since(sent.monotonicMs) });
      } catch (error) {
        if (!isOutrun(error, 'renew')) return this.failed('renew', error);
      }
  }

  /** `lead` returned by itself: the Lease goes to whoever wants it, and we wait before we want it again. */
  private async stepDown(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await this.release();
    await this.pause(signal);
  }

  /** Bounded: who cannot give the Lease back leaves it to run out. */
  private async release(): Promise<void> {
    const done = new AbortController();
    const limit = this.options.clock.sleep(this.timing.renewDeadlineMs, done.signal);
    const releasing = this.tryRelease(done.signal).finally(() => done.abort());
    await Promise.race([releasing, limit]);
    done.abort();
  }

  private async tryRelease(over: AbortSignal): Promise<void> {
    for (let tries = 0; tries < RELEASE_TRIES && this.lock.hasClaimed && !over.aborted; tries += 1)
      try {
        if (await this.lock.release()) this.report({ kind: 'released' });
      } catch (error) {
        if (isOutrun(error, 'release')) continue;
        this.failed('release', error);
        await this.options.clock.sleep(this.timing.retryMs / 2, over);
      }
  }

  private lose(term: HeldTerm, reason: LossReason): void {
    if (!term.lose(reason)) return;
    const { holder } = this.lock;
    this.report({
      kind: 'lost',
      term: term.number,
      reason,
      ...(reason === 'Taken' && holder !== undefined && { holder }),
    });
  }

  private tellHolder(): void {
    const { holder } = this.lock;
    const isNews = holder !== undefined && holder !== this.toldHolder;
    this.toldHolder = holder;
    if (isNews && !this.lock.isOurs) this.report({ kind: 'waiting', holder });
  }

  /** @throws the error itself unless it comes from the API */
  private failed(action: LeaseAction, error: unknown): void {
    if (!(error instanceof ClusterError)) throw error;
    this.failures += 1;
    this.report(failureOf(action, this.options.lease, error, this.failures));
  }

  private report(news: LeadershipNews): void {
    this.options.report?.(news);
  }

  private since(monotonicMs: number): number {
    return this.options.clock.monotonic() - monotonicMs;
  }

  private pause(signal: AbortSignal): Promise<void> {
    return this.options.clock.sleep(this.timing.retryMs * (1 + JITTER * this.random()), signal);
  }
}

/** Somebody else wrote since we looked. (What is not found by a create is the namespace: that is trouble.) */
function isOutrun(error: unknown, action: LeaseAction): boolean {
  if (!(error instanceof ClusterError)) return false;
  const isGone = error.code === 'not-found' && action !== 'create';
  return isGone || error.code === 'conflict' || error.code === 'already-exists';
}

function assertTiming({ leaseDurationMs, renewDeadlineMs, retryMs }: Timing): void {
  if (retryMs > 0 && renewDeadlineMs > 2 * retryMs * (1 + JITTER) && leaseDurationMs > renewDeadlineMs) return;
  throw new Error(
    `expected leaseDuration > renewDeadline > ${2 * (1 + JITTER)} × retry > 0, ` +
      `found ${leaseDurationMs} ms, ${renewDeadlineMs} ms and ${retryMs} ms`,
  );
}
