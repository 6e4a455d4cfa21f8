import type { EventStore, Position } from '#event-store';
import { CorruptionError } from '#event-store';
import type { VerifyOptions } from './options.ts';
import type { VerificationReport } from './report.ts';
import { storeDamages } from './store-damage.ts';
import { Verification } from './verification.ts';

/**
 * Goes over the whole log once, in bounded memory, and says that nothing is missing or was changed, or the first place
 * where that does not hold. Give the store as it was opened, without upcasters: what was hashed is what is judged.
 * Events that come while it runs are not looked at.
 * @throws UnavailableError when the store cannot be read now; the signal's reason
 */
export async function verifyLog(store: EventStore, options: VerifyOptions = {}): Promise<VerificationReport> {
  const { signal, onProgress } = options;
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const selfCheck = store.selfCheck(both);
  // Waited for at the end; when the walk fails before, its own failure is the one to tell.
  selfCheck.catch(() => undefined);
  try {
    const verification = new Verification(store, options, await endOf(store));
    const found = await verification.walk(() => {
      signal?.throwIfAborted();
      onProgress?.(verification.progress);
    });
    return await verification.report(found, storeDamages(await selfCheck));
  } finally {
    stop.abort();
  }
}

/** Undefined when the store cannot even say that; the self-check tells why. */
async function endOf(store: EventStore): Promise<Position | undefined> {
  try {
    return await store.head();
  } catch (error) {
    if (error instanceof CorruptionError) return undefined;
    throw error;
  }
}
