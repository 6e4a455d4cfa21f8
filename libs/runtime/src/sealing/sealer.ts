import type { EventStore, PublishedHead } from '#event-store';
import type { Clock } from '#kubernetes';
import type { CommandOrigin } from '../dispatcher.ts';
import type { Ids } from '../ids.ts';
import { ownOrigin } from '../origin.ts';
import type { CommandContext } from '../service.ts';
import type { Log, Telemetry } from '../telemetry.ts';
import type { HeadPublisher, SealKeys } from './ports.ts';
import { SealingError } from './ports.ts';
import { Publication } from './publication.ts';
import { PublishedHeads } from './published-heads.ts';
import { SealLog } from './seal-log.ts';
import type { SealKeyView, SealPage, SealService, SealView } from './seal-service.ts';
import { SealSigning } from './seal-signing.ts';
import { Sealing } from './sealing.ts';
import { sealView, StoredSeals } from './stored-seals.ts';

export interface SealerOptions {
  readonly store: EventStore;
  readonly keys: SealKeys;
  readonly publishers: readonly HeadPublisher[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly telemetry: Telemetry;
  readonly log: Log;
  /** How long an event stays unsealed, and how many do, before a seal is made. */
  readonly intervalMs: number;
  readonly maxEvents: number;
  /** `sealHash` of published heads that may contradict the log. */
  readonly acceptedHeads?: readonly string[];
  /** Id of a key that may be missing. */
  readonly acceptedLostKey?: string;
}

/** Longest time between two looks while something is unsealed. */
const TICK_MS = 1_000;
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** Keys of one log: each has to be kept for good, and to be in every bundle. */
export const MAX_KEYS = 1_000;
/** What the last seal, and then its publication, may take when the service stops. */
const LAST_MS = 5_000;

/** Seals the log: by itself while this replica leads, and whenever somebody asks. Shows the newest seal outside. */
export class Sealer implements SealService {
  private readonly sealLog: SealLog;
  private readonly stored: StoredSeals;
  private readonly signing: SealSigning;
  private readonly heads: PublishedHeads;
  private readonly sealing: Sealing;
  private readonly publications: readonly Publication[];
  private failures = 0;
  private fault: string | undefined;

  constructor(private readonly options: SealerOptions) {
    const { store, keys, publishers, clock, telemetry, log, intervalMs, maxEvents } = options;
    this.sealLog = new SealLog(store, clock, telemetry);
    this.stored = new StoredSeals(this.sealLog);
    this.signing = new SealSigning(this.sealLog, keys, options.acceptedLostKey);
    this.heads = new PublishedHeads(this.sealLog, publishers, options.acceptedHeads ?? [], log);
    this.sealing = new Sealing({
      ...{ seals: this.sealLog, signing: this.signing, heads: this.heads, clock, intervalMs, maxEvents },
      origin: () => ownOrigin(options.ids, 'scheduler'),
      onNewest: (head) => this.newest(head),
    });
    const parts = { heads: this.heads, acceptances: this.sealing, clock, telemetry, log };
    this.publications = publishers.map((publisher) => new Publication({ publisher, ...parts }));
  }

  /** Why the log is not sealed, or its newest seal not shown; undefined when all is well. */
  get trouble(): string | undefined {
    const troubles = [this.fault, ...this.publications.map(({ trouble }) => trouble)];
    return troubles.filter((trouble) => trouble !== undefined).join('; ') || undefined;
  }

  /**
   * Compares log, keys and published heads before anything is written.
   * @throws SealingError with a sentence that says what was found and what to do; the errors of #event-store
   */
  async check(): Promise<void> {
    await this.signing.check(await this.sealLog.tail());
    await this.heads.check();
  }

  /** Seals what is due until the signal aborts, whatever happens on the way. For the replica that leads. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.keepSealing(signal), ...this.publications.map((publication) => publication.run(signal))]);
  }

  /** The service stops in order and nothing else is recorded by it: seals all, and shows the seal. Takes seconds at most. */
  async finish(): Promise<void> {
    await this.within(LAST_MS, async (signal) => {
      try {
        await this.sealing.sealAll(undefined, signal);
      } catch (error) {
        this.options.log.warn({ err: error }, 'the last events could not be sealed; the next start seals them');
      }
    });
    await this.within(LAST_MS, async (signal) => {
      await Promise.all(this.publications.map((publication) => publication.finish(signal)));
    });
  }

  seals(page: { readonly cursor?: string; readonly limit: number }): Promise<SealPage> {
    return this.stored.page(page);
  }

  keys(): Promise<readonly SealKeyView[]> {
    return this.stored.keys();
  }

  async sealNow(context: CommandContext): Promise<SealView> {
    const newest = await this.sealing.sealAll(this.origin(context));
    if (newest === undefined) throw new SealingError('there is nothing to seal yet');
    return sealView(newest);
  }

  async rotateKey(reason: string, context: CommandContext): Promise<SealKeyView> {
    const known = (await this.keys()).length;
    if (known >= MAX_KEYS)
      throw new SealingError(`the log has ${known} keys, the limit is ${MAX_KEYS}: they are not rotated any more`);
    const { keyId } = await this.sealing.rotate(reason, this.origin(context));
    return this.stored.keyInForce(keyId);
  }

  private newest(head: PublishedHead): void {
    this.options.telemetry.sealed(head.number);
    for (const publication of this.publications) publication.offer(head);
  }

  private async keepSealing(signal: AbortSignal): Promise<void> {
    const { clock, telemetry, log } = this.options;
    while (!signal.aborted) {
      try {
        await this.sealing.sealDue(signal);
        this.failures = 0;
        this.fault = undefined;
        this.report();
        await this.nextLook(signal);
      } catch (error) {
        this.failures += 1;
        this.fault = error instanceof Error ? error.message : String(error);
        telemetry.driverFault('sealer');
        log.error({ err: error, failures: this.failures }, 'the log could not be sealed; it will be tried again');
        this.report();
        await clock.sleep(Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** Math.min(this.failures - 1, 10)), signal);
      }
    }
  }

  /** While something is unsealed, soon; otherwise when there is something new. */
  private async nextLook(signal: AbortSignal): Promise<void> {
    const { clock, intervalMs, store } = this.options;
    const { unsealed } = this.sealing;
    if (unsealed?.isWorthSealing === true) {
      const leftMs = intervalMs - unsealed.ageMs(clock.monotonic());
      return clock.sleep(Math.max(0, Math.min(TICK_MS, leftMs)), signal);
    }
    if (unsealed === undefined) return clock.sleep(TICK_MS, signal);
    for await (const message of store.subscribe(unsealed.position, undefined, signal))
      if (message.kind === 'event') return;
    return clock.sleep(TICK_MS, signal);
  }

  private report(): void {
    const { clock, telemetry } = this.options;
    const { unsealed } = this.sealing;
    if (unsealed !== undefined) telemetry.unsealed(unsealed.events, unsealed.ageMs(clock.monotonic()) / 1000);
  }

  private origin(context: CommandContext): CommandOrigin {
    return { ...context, commandId: this.options.ids.command() };
  }

  /** Waits no longer than that; what is not done by then may still be done, or not. `act` must not reject. */
  private async within(ms: number, act: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const over = new AbortController();
    const done = new AbortController();
    const late = this.options.clock.sleep(ms, done.signal).then(() => over.abort());
    await Promise.race([act(over.signal), late]);
    done.abort();
  }
}
