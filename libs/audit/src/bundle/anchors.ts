import type { PublishedHead } from '#event-store';
import { keyIdOf } from '#event-store';
import type { AnchorKind } from '../verify/trust.ts';
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

/** One kind of anchor. A seal names the one before it, so one that is vouched for speaks for all it is linked to. */
class Voucher {
  private families: ReadonlySet<number> | undefined;
  private before: CheckedSeal | undefined;
  /** First of the seals up to now that are linked with each other and that nothing vouches for yet. */
  private doubted: CheckedSeal | undefined;
  /** A seal that nothing can vouch for any more. */
  private unproven: CheckedSeal | undefined;

  constructor(
    readonly kind: AnchorKind,
    private readonly keyIds: ReadonlySet<string>,
    private readonly keys: KeyRing,
  ) {}

  seal(seal: CheckedSeal): void {
    if (this.before === undefined || this.before.seal.number + 1 !== seal.seal.number) this.giveUpDoubted();
    if (this.trusted.has(seal.key.family)) this.doubted = undefined;
    else this.doubted ??= seal;
    this.before = seal;
  }

  judge({ keyId }: BundleEnd): void {
    const { last } = this.keys;
    if (last !== undefined && !this.trusted.has(last.family)) throw unproven('the newest key');
    this.giveUpDoubted();
    if (this.unproven !== undefined) throw unproven(`the key of seal ${this.unproven.seal.number}`);
    if (keyId === null) throw new BundleDamageError('Unsigned', 'a signature of the end line', 'none');
  }

  private giveUpDoubted(): void {
    this.unproven ??= this.doubted;
    this.doubted = undefined;
  }

  /** All keys are known when this is asked first: they come before the seals. */
  private get trusted(): ReadonlySet<number> {
    this.families ??= this.keys.trusted(this.keyIds);
    return this.families;
  }
}

/** Holds a bundle against what the verifier believes: follows its seals, and judges at the end. */
export class AnchorCheck {
  private readonly vouchers: readonly Voucher[];
  private headFound: string | undefined;

  constructor(
    private readonly anchors: BundleAnchors,
    private readonly keys: KeyRing,
  ) {
    const { keys: given = [], head } = anchors;
    this.vouchers = [
      ...(given.length > 0 ? [new Voucher('given-key', new Set(given.map(keyIdOf)), keys)] : []),
      ...(head === undefined ? [] : [new Voucher('published-head', new Set([head.keyId]), keys)]),
    ];
  }

  /** The strongest that was given. What it is worth, `judge` says. */
  get kind(): AnchorKind | 'nobody' {
    return this.vouchers[0]?.kind ?? 'nobody';
  }

  /** The seal line of the head was met. */
  get isHeadMet(): boolean {
    return this.headFound !== undefined;
  }

  seal(seal: CheckedSeal): void {
    for (const voucher of this.vouchers) voucher.seal(seal);
    if (seal.seal.number === this.anchors.head?.number) this.headFound = seal.event.hash;
  }

  /** The judgement, in the order of the format. @throws BundleDamageError */
  judge(head: BundleHead, end: BundleEnd): void {
    const published = this.anchors.head;
    if (published !== undefined) mustBe('StoreDiffers', 'store', head.storeId, published.storeId);
    if (this.vouchers.length === 0 && this.keys.families > 1) throw unproven('a key that was introduced later');
    for (const voucher of this.vouchers) voucher.judge(end);
    if (published !== undefined) this.judgeHead(published, head);
  }

  private judgeHead(published: PublishedHead, { newestSeal }: BundleHead): void {
    const { number, sealHash } = published;
    if (newestSeal === null || newestSeal.number < number)
      throw new BundleDamageError('HeadMissing', `seal ${number} or a newer one`, String(newestSeal?.number ?? 'none'));
    const same = [newestSeal.number === number ? newestSeal.hash : undefined, this.headFound];
    for (const hash of same) if (hash !== undefined) mustBe('HeadDiffers', `hash of seal ${number}`, sealHash, hash);
  }
}

const unproven = (what: string): BundleDamageError =>
  new BundleDamageError('KeyUnproven', `${what} to be vouched for by a trusted key`, 'that nothing vouches for it');
