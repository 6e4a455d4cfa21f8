import type { PublishedHead, SealKey } from '#event-store';
import {
  isSealSignedBy,
  LOG_SEALED,
  NO_SEAL,
  ROLLBACK_ACCEPTED,
  SEAL_KEY_INTRODUCED,
  SEAL_KEY_ROTATED,
  signedAcceptance,
  signedIntroduction,
  signedRotation,
  signedSeal,
} from '#event-store';
import type { CommandOrigin } from '../dispatcher.ts';
import type { SealKeys } from './ports.ts';
import { SealingError } from './ports.ts';
import type { Sealed, SealLog, SealTail } from './seal-log.ts';
import type { Unsealed } from './unsealed.ts';

/** The tail with the key that signs what comes after it. */
export interface SignedTail {
  readonly tail: SealTail;
  readonly key: SealKey;
}

/** Writes the events of the seal log: each key is kept before anybody hears of it. */
export class SealSigning {
  constructor(
    private readonly seals: SealLog,
    private readonly keys: SealKeys,
    /** Id of a key that may be replaced by one for which nobody vouches. */
    private readonly acceptedLoss: string | undefined,
  ) {}

  /**
   * The key in force, introduced when the log has none, or when it is lost and somebody accepted that.
   * @throws SealingError when it is not where keys are kept, or when it did not sign the newest seal
   */
  async keyFor(tail: SealTail, origin: CommandOrigin): Promise<SignedTail> {
    if (tail.keyId === undefined) return this.introduce(tail, 'first start', origin);
    const key = await this.find(tail.keyId);
    if (key === undefined) return this.introduce(tail, `key ${this.mustBeAcceptedLoss(tail.keyId)} was lost`, origin);
    mustHaveSigned(key, tail);
    return { tail, key };
  }

  /** The same without writing anything. @throws SealingError */
  async check(tail: SealTail): Promise<void> {
    const key = tail.keyId === undefined ? undefined : await this.find(tail.keyId);
    if (key !== undefined) mustHaveSigned(key, tail);
    else if (tail.keyId !== undefined) this.mustBeAcceptedLoss(tail.keyId);
  }

  async seal({ tail, key }: SignedTail, unsealed: Unsealed, origin: CommandOrigin): Promise<SignedTail> {
    const { newest } = tail;
    const seal = await signedSeal(key, {
      number: newest === undefined ? 0 : newest.seal.number + 1,
      storeId: this.seals.store.storeId,
      from: unsealed.from,
      events: unsealed.events,
      position: unsealed.position,
      root: unsealed.root,
      previousSeal: newest?.recorded.hash ?? NO_SEAL,
    });
    const recorded = await this.seals.append(tail, LOG_SEALED, seal, origin);
    return { tail: { revision: recorded.revision, keyId: key.keyId, newest: { recorded, seal } }, key };
  }

  /** The next key signs from here on; the one before vouches for it. */
  async rotate({ tail, key }: SignedTail, next: SealKey, reason: string, origin: CommandOrigin): Promise<SignedTail> {
    const rotation = await signedRotation(key, next, reason);
    const recorded = await this.seals.append(tail, SEAL_KEY_ROTATED, rotation, origin);
    return { tail: { ...tail, revision: recorded.revision, keyId: next.keyId }, key: next };
  }

  /** What a published head says against the log was accepted. */
  async accept({ tail, key }: SignedTail, head: PublishedHead, origin: CommandOrigin): Promise<SignedTail> {
    const acceptance = await signedAcceptance(key, {
      storeId: this.seals.store.storeId,
      publishedStoreId: head.storeId,
      publishedNumber: head.number,
      publishedTotal: head.total,
      publishedSeal: head.sealHash,
      newestSeal: tail.newest?.recorded.hash ?? NO_SEAL,
      reason: 'accepted by the configuration (audit.acceptHeads)',
    });
    const recorded = await this.seals.append(tail, ROLLBACK_ACCEPTED, acceptance, origin);
    return { tail: { ...tail, revision: recorded.revision, keyId: key.keyId }, key };
  }

  /** A key of which the log knows nothing yet. @throws SealingError */
  create(): Promise<SealKey> {
    return this.asked(() => this.keys.create());
  }

  /** The key that signed a seal, if it is still there. */
  signerOf({ seal }: Sealed): Promise<SealKey | undefined> {
    return this.find(seal.keyId);
  }

  private async introduce(tail: SealTail, reason: string, origin: CommandOrigin): Promise<SignedTail> {
    const key = await this.create();
    const introduction = await signedIntroduction(key, reason);
    const recorded = await this.seals.append(tail, SEAL_KEY_INTRODUCED, introduction, origin);
    return { tail: { ...tail, revision: recorded.revision, keyId: key.keyId }, key };
  }

  private find(keyId: string): Promise<SealKey | undefined> {
    return this.asked(() => this.keys.find(keyId));
  }

  private async asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new SealingError(`the keys in ${this.keys.place} cannot be used: ${message}`, { cause: error });
    }
  }

  private mustBeAcceptedLoss(keyId: string): string {
    if (this.acceptedLoss === keyId) return keyId;
    throw new SealingError(
      `the key that signs the seals of this log, ${keyId}, is not in ${this.keys.place}. Put it back, or say where keys are kept ` +
        '(audit.keys, audit.keyFolder, audit.keySecret). If it is lost for good, set audit.acceptLostKey (WFE_AUDIT_ACCEPT_LOST_KEY) ' +
        'to its id: a new key is introduced, for which nobody vouches',
    );
  }
}

function mustHaveSigned(key: SealKey, { newest }: SealTail): void {
  if (newest === undefined || newest.seal.keyId !== key.keyId) return;
  if (isSealSignedBy(key.publicKey, { type: LOG_SEALED, data: newest.seal })) return;
  throw new SealingError(
    `seal ${newest.seal.number}, the newest of the log, is not signed by the key it names: it was changed. Run "wfe verify" to see ` +
      'what else is damaged, and put back a good copy of the log',
  );
}
