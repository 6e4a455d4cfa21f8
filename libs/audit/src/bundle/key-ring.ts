import type { SealKeyIntroduced, SealKeyRotated } from '#event-store';
import { isSealSignedBy, isVouchedFor, KEY_ALGORITHM, SEAL_KEY_INTRODUCED, SEAL_KEY_ROTATED } from '#event-store';
import { BundleDamageError, mustBe } from './damage.ts';
import type { BundledEvent } from './format.ts';
import { checkedSealEvent, placeOf } from './seal-event-check.ts';

/** A bundle with more key lines is none. */
export const KEY_LIMIT = 10_000;

/** A key of the log. */
export interface LogKey {
  /** Of the event that brought it in. */
  readonly revision: number;
  readonly keyId: string;
  readonly publicKey: Uint8Array;
  /** Keys that vouch for each other by rotation have the same number, counted from 0. */
  readonly family: number;
}

/** The keys of the log, each checked against the one before. */
export class KeyRing {
  private readonly keys: LogKey[] = [];

  get count(): number {
    return this.keys.length;
  }

  /** The newest. */
  get last(): LogKey | undefined {
    return this.keys.at(-1);
  }

  get families(): number {
    return this.last === undefined ? 0 : this.last.family + 1;
  }

  /** The key in force for what was recorded at a revision of the seal log. */
  inForce(revision: number): LogKey | undefined {
    return this.keys.findLast((key) => key.revision < revision);
  }

  /** Families that hold one of these keys, by id. */
  trusted(keyIds: ReadonlySet<string>): ReadonlySet<number> {
    return new Set(this.keys.filter(({ keyId }) => keyIds.has(keyId)).map(({ family }) => family));
  }

  /** @throws BundleDamageError */
  add(event: BundledEvent): void {
    if (this.count >= KEY_LIMIT) throw new BundleDamageError('Malformed', `at most ${KEY_LIMIT} key lines`, 'more');
    const { type, data } = checkedSealEvent(event, [SEAL_KEY_INTRODUCED, SEAL_KEY_ROTATED], KEY_ALGORITHM);
    const key = data as SealKeyIntroduced | SealKeyRotated;
    const rotation = 'previousKeyId' in key ? key : undefined;
    this.mustFollow(event, rotation);
    const publicKey = Buffer.from(key.publicKey, 'base64');
    const isGood = isSealSignedBy(publicKey, { type, data } as Parameters<typeof isSealSignedBy>[1]);
    const isPassedOn = rotation === undefined || isVouchedFor(this.last!.publicKey, rotation);
    if (!isGood || !isPassedOn)
      throw new BundleDamageError('SignatureDiffers', `signatures of ${type}`, 'others', placeOf(event));
    const family = rotation === undefined ? this.families : this.last!.family;
    this.keys.push({ revision: event.revision, keyId: key.keyId, publicKey, family });
  }

  private mustFollow(event: BundledEvent, rotation: SealKeyRotated | undefined): void {
    const { last } = this;
    const place = placeOf(event);
    if (last === undefined) {
      mustBe('KeyDiffers', 'first', SEAL_KEY_INTRODUCED, event.type, place);
      mustBe('KeyDiffers', 'revision', 0, event.revision, place);
      return;
    }
    if (event.revision <= last.revision)
      throw new BundleDamageError('KeyDiffers', `a revision above ${last.revision}`, String(event.revision), place);
    if (rotation !== undefined) mustBe('KeyDiffers', 'key before', last.keyId, rotation.previousKeyId, place);
  }
}
