import type { ArchiveReader, VerificationProgress, VerificationReport } from '#audit';
import { verifyLog } from '#audit';
import type { Clock } from '#kubernetes';
import type { Log } from '../logging/log.ts';
import type { Telemetry } from '../metrics/telemetry.ts';
import type { AuditedLog } from '../wiring/assembled.ts';
import type { Vouchers } from '../wiring/vouchers.ts';

/** How often a verification says how far it is. */
const PROGRESS_MS = 500;

/** What was found, and what the log was not held against because it could not be asked: why, in sentences. */
export interface LogReport extends VerificationReport {
  readonly without: readonly string[];
}

export type VerificationMessage = { readonly progress: VerificationProgress } | { readonly report: LogReport };

export interface LogVerificationParts {
  readonly store: AuditedLog['store'];
  readonly vouchers: Vouchers;
  readonly archives: ArchiveReader;
  readonly telemetry: Pick<Telemetry, 'verified'>;
  readonly log: Log;
  readonly clock: Clock;
}

/** The verification of the service's own log: says how far it is, and in the end what it found. */
export class LogVerification {
  constructor(private readonly parts: LogVerificationParts) {}

  /**
   * Ends early when the signal aborts.
   * @param withArchives whether the archive files the log names are read and verified too
   * @throws what `verifyLog` throws
   */
  async *run(withArchives: boolean, signal: AbortSignal): AsyncGenerator<VerificationMessage> {
    const { clock } = this.parts;
    const over = new AbortController();
    let progress: VerificationProgress | undefined;
    const verifying = this.verified(withArchives, AbortSignal.any([signal, over.signal]), (news) => (progress = news));
    verifying.catch(() => undefined); // thrown below, unless nobody waits for it any more
    try {
      for (;;) {
        const tick = clock.sleep(PROGRESS_MS, over.signal).then(() => undefined);
        const report = await Promise.race([verifying, tick]);
        if (report !== undefined) {
          yield { report };
          return;
        }
        if (progress !== undefined) yield { progress };
      }
    } finally {
      over.abort();
    }
  }

  private async verified(
    withArchives: boolean,
    signal: AbortSignal,
    onProgress: (progress: VerificationProgress) => void,
  ): Promise<LogReport> {
    const { store, vouchers, telemetry, log, clock } = this.parts;
    const beganMs = clock.monotonic();
    // First what was shown elsewhere, then the log: so the log is never behind it for no reason.
    const { without, ...beside } = await vouchers.gather(signal);
    const files = withArchives ? { archives: this.parts.archives } : {};
    const report = await verifyLog(store, { ...beside, ...files, signal, onProgress });
    const seconds = (clock.monotonic() - beganMs) / 1000;
    telemetry.verified(report, seconds, clock.now() / 1000);
    const { ok, events, seals, firstDamage } = report;
    if (ok) log.info({ events, seals, seconds, without }, 'the log was verified: nothing is missing or was changed');
    else log.error({ events, seals, seconds, without, damage: firstDamage }, 'the log was verified: it is damaged');
    return { ...report, without };
  }
}
