import type { PublishedHead } from '#event-store';
import { keyIdOf } from '#event-store';
import { BundleDamageError, mustBe } from './damage.ts';
import type { BundleEnd, BundleHead } from './format.ts';
import type { KeyRing } from './key-ring.ts';
import type { CheckedSeal } from './seal-check.ts';

/** What the verifier believes beforehand. Without any, a bundle can only be consistent in itself. */
export interface BundleAnchors {
  /** Public keys, each as its 32 raw bytes. */
  readonly keys?: readonly Uint8Array[];
  /** A head kept elsewhere, as `parsePublishedHead` gives it. It stands for its key too. */
  readonly head?: PublishedHead;
}

/** Holds a bundle against what the verifier believes: follows its seals, and judges at the end. */
export class AnchorCheck {
  readonly isGiven: boolean;
  private readonly trustedIds: ReadonlySet<string>;
  private trusted: ReadonlySet<number> | undefined;
  private before: CheckedSeal | undefined;
  /** First of the seals up to now that are linked with each other and that nothing vouches for yet. */
  private doubted: CheckedSeal | undefined;
  /** A seal that nothing can vouch for any more. */
  private unproven: CheckedSeal | undefined;
  private headFound: string | undefined;

  constructor(
    private readonly anchors: BundleAnchors,
    private readonly keys: KeyRing,
  ) {
    const { keys: given = [], head } = anchors;
    this.trustedIds = new Set([...given.map(keyIdOf), ...(head === undefined ? [] : [head.keyId])]);
    this.isGiven = this.trustedIds.size > 0;
  }

  /** The seal line of the head was met. */
  get isHeadMet(): boolean {
    return this.headFound !== undefined;
  }

  seal(seal: CheckedSeal): void {
    const { number } = seal.seal;
    const isLinked = this.before !== undefined && this.before.seal.number + 1 === number;
    if (!isLinked) this.giveUpDoubted();
    if (this.families().has(seal.key.family)) this.doubted = undefined;
    else this.doubted ??= seal;
    this.before = seal;
    if (number === this.anchors.head?.number) this.headFound = seal.event.hash;
  }

  /** The judgement, in the order of the format. @throws BundleDamageError */
  judge(head: BundleHead, end: BundleEnd): void {
    if (!this.isGiven) return;
    const published = this.anchors.head;
    if (published !== undefined) mustBe('StoreDiffers', 'store', head.storeId, published.storeId);
    this.judgeKeys(end);
    if (published !== undefined) this.judgeHead(published, head);
  }

  private judgeKeys({ keyId }: BundleEnd): void {
    const families = this.families();
    for (let family = 1; family < this.keys.families; family += 1)
      if (!families.has(family)) throw unproven('a key that was introduced later');
    this.giveUpDoubted();
    if (this.unproven !== undefined) throw unproven(`the key of seal ${this.unproven.seal.number}`);
    if (keyId === null) throw new BundleDamageError('Unsigned', 'a signature of the end line', 'none');
    if (!families.has(this.keys.last!.family)) throw unproven('the key of the end line');
  }

  private judgeHead(published: PublishedHead, { newestSeal }: BundleHead): void {
    const { number, sealHash } = published;
    if (newestSeal === null || newestSeal.number < number)
      throw new BundleDamageError('HeadMissing', `seal ${number} or a newer one`, String(newestSeal?.number ?? 'none'));
    const same = [newestSeal.number === number ? newestSeal.hash : undefined, this.headFound];
    for (const hash of same) if (hash !== undefined) mustBe('HeadDiffers', `hash of seal ${number}`, sealHash, hash);
  }

  private giveUpDoubted(): void {
    this.unproven ??= this.doubted;
    this.doubted = undefined;
  }

  /** All keys are known when this is asked first: they come before the seals. */
  private families(): ReadonlySet<number> {
    this.trusted ??= this.keys.trusted(this.trustedIds);
    return this.trusted;
  }
}

const unproven = (what: string): BundleDamageError =>
  new BundleDamageError('KeyUnproven', `${what} to be vouched for by a trusted key`, 'that nothing vouches for it');
