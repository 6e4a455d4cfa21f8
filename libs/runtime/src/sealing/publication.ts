import type { PublishedHead } from '#event-store';
import type { Clock } from '#kubernetes';
import type { Log, Telemetry } from '../telemetry.ts';
import type { HeadPublisher } from './ports.ts';
import { SealingError } from './ports.ts';
import type { PublishedHeads } from './published-heads.ts';
import type { Sealing } from './sealing.ts';

export interface PublicationParts {
  readonly publisher: HeadPublisher;
  readonly heads: Pick<PublishedHeads, 'judge'>;
  readonly acceptances: Pick<Sealing, 'accept'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

/** A new head is shown at once; without one, it is looked whether the last one is still there. */
const LOOK_MS = 600_000;
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** Failures in a row that are told one by one; after that, each power of two. */
const TOLD_FAILURES = 3;
/** Attempts when the service stops. */
const LAST_ATTEMPTS = 3;

/** Shows the newest seal in one place outside the store. It goes its own way: trouble there keeps nobody from sealing. */
export class Publication {
  private wanted: PublishedHead | undefined;
  /** What this process knows to be there and good. */
  private shown: PublishedHead | undefined;
  /** Whether to look although it is known: somebody may have removed it, or put another in its place. */
  private isLookDue = false;
  private failures = 0;
  private fault: string | undefined;
  private wakeUp = new AbortController();

  constructor(private readonly parts: PublicationParts) {}

  /** Why the newest seal is not shown there; undefined when it is. */
  get trouble(): string | undefined {
    return this.fault && `the newest seal is not published in ${this.parts.publisher.place}: ${this.fault}`;
  }

  /** To be shown instead of any older one. */
  offer(head: PublishedHead): void {
    if (this.wanted !== undefined && this.wanted.number >= head.number) return;
    this.wanted = head;
    this.wakeUp.abort();
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.wakeUp = new AbortController();
      if (await this.show()) await this.rest(signal);
      else await this.parts.clock.sleep(this.retryMs(), signal);
    }
  }

  /** Tries a few times to show what is wanted, not longer than until the signal aborts. */
  async finish(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; attempt <= LAST_ATTEMPTS && !signal.aborted; attempt += 1) {
      if (await this.show()) return;
      await this.parts.clock.sleep(RETRY_MS, signal);
    }
  }

  private async rest(signal: AbortSignal): Promise<void> {
    const { clock, publisher } = this.parts;
    const either = AbortSignal.any([signal, this.wakeUp.signal]);
    await clock.sleep(LOOK_MS, either);
    this.isLookDue = publisher.where !== 'log' && !either.aborted; // of a line nothing is read back
  }

  /** False when it failed and is to be tried again. */
  private async show(): Promise<boolean> {
    const { publisher, telemetry, log } = this.parts;
    const head = this.wanted;
    if (head === undefined || (head.sealHash === this.shown?.sealHash && !this.isLookDue)) return true;
    try {
      await this.replace(head);
      this.shown = head;
      this.isLookDue = false;
      this.failures = 0;
      this.fault = undefined;
      telemetry.headPublished(publisher.where, head.number);
      return true;
    } catch (error) {
      this.failures += 1;
      this.fault = error instanceof Error ? error.message : String(error);
      telemetry.sealPublishError(publisher.where);
      if (this.failures <= TOLD_FAILURES || Number.isInteger(Math.log2(this.failures)))
        log.warn(
          { err: error, place: publisher.place, failures: this.failures },
          'the newest seal could not be published; it will be tried again',
        );
      return false;
    }
  }

  /** What is there is looked at first: a head that speaks against the log is evidence, and one that is newer is better. */
  private async replace(head: PublishedHead): Promise<void> {
    const { publisher, heads, acceptances } = this.parts;
    const there = await publisher.read();
    if (there?.sealHash === head.sealHash) return;
    this.tellIfGone(there);
    if (there !== undefined && there.sealHash !== this.shown?.sealHash) {
      const judgement = await heads.judge(there, publisher.place);
      if (judgement.kind === 'Contradicted')
        throw new SealingError(`${judgement.message}. It is left there as evidence`);
      // Nothing is overwritten before the log says who let it happen.
      if (judgement.kind === 'Accepted') await acceptances.accept(there);
      if (judgement.kind === 'BorneOut' && there.number >= head.number) return;
    }
    await publisher.publish(head);
  }

  /** Somebody was there: what is put in its place now hides that. A newer one is another replica's. */
  private tellIfGone(there: PublishedHead | undefined): void {
    const { shown, parts } = this;
    const { where, place } = parts.publisher;
    if (shown === undefined || where === 'log' || (there !== undefined && there.number >= shown.number)) return;
    parts.log.warn(
      { place, expected: shown.number, found: there?.number ?? 'nothing' },
      'the newest seal was published there and is not there any more: somebody removed or replaced it',
    );
  }

  private retryMs(): number {
    return Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** Math.min(this.failures - 1, 10));
  }
}
