import type { LogSealed } from '#event-store';
import { isSealSignedBy, LOG_SEALED, NO_SEAL, SEAL_ALGORITHM } from '#event-store';
import { BundleDamageError, mustBe } from './damage.ts';
import type { BundledEvent, BundleHead } from './format.ts';
import type { KeyRing, LogKey } from './key-ring.ts';
import { checkedSealEvent, placeOf } from './seal-event-check.ts';

/** A seal line that was found good. */
export interface CheckedSeal {
  readonly event: BundledEvent;
  readonly seal: LogSealed;
  readonly key: LogKey;
}

/** The seal lines: each good in itself, and following the one before. */
export class SealCheck {
  count = 0;
  first: CheckedSeal | undefined;
  last: CheckedSeal | undefined;

  constructor(
    private readonly head: BundleHead,
    private readonly keys: KeyRing,
  ) {}

  /**
   * @param nextOrdinal of the next event line; undefined when the bundle is no run of the log
   * @throws BundleDamageError
   */
  add(event: BundledEvent, nextOrdinal: number | undefined): CheckedSeal {
    const { seal, key } = this.signed(event);
    this.mustFollow(event, seal, nextOrdinal);
    const checked = { event, seal, key };
    this.first ??= checked;
    this.last = checked;
    this.count += 1;
    return checked;
  }

  /** What the first line says of the newest seal. @throws BundleDamageError */
  checkNewest(): void {
    const { newestSeal: newest, scope } = this.head;
    const last = this.last && {
      number: this.last.seal.number,
      total: totalOf(this.last.seal),
      hash: this.last.event.hash,
    };
    const differs = (found: string): BundleDamageError =>
      new BundleDamageError('SealDiffers', `newest seal ${shown(newest)}`, found);
    if (scope.kind === 'all') {
      if (shown(newest) !== shown(last)) throw differs(shown(last));
    } else if (last !== undefined) {
      const isOlder = newest === null || newest.number < last.number || newest.total < last.total;
      if (isOlder || (newest.number === last.number && newest.hash !== last.hash)) throw differs(shown(last));
    }
  }

  private signed(event: BundledEvent): { seal: LogSealed; key: LogKey } {
    const checked = checkedSealEvent(event, [LOG_SEALED], SEAL_ALGORITHM);
    const seal = checked.data as LogSealed;
    const place = placeOf(event);
    mustBe('StoreDiffers', 'store', this.head.storeId, seal.storeId, place);
    const key = this.keys.inForce(event.revision);
    if (key?.keyId !== seal.keyId)
      throw new BundleDamageError('KeyDiffers', `key ${key?.keyId ?? 'line before'}`, seal.keyId, place);
    if (!isSealSignedBy(key.publicKey, checked))
      throw new BundleDamageError('SignatureDiffers', `signature of seal ${seal.number}`, 'another', place);
    return { seal, key };
  }

  private mustFollow(event: BundledEvent, seal: LogSealed, nextOrdinal: number | undefined): void {
    const { last } = this;
    const place = placeOf(event);
    const fits = (what: string, expected: string | number, found: string | number): void =>
      mustBe('SealDiffers', what, expected, found, place);
    if (last !== undefined && event.revision <= last.event.revision)
      throw new BundleDamageError(
        'SealDiffers',
        `a revision above ${last.event.revision}`,
        String(event.revision),
        place,
      );
    if (seal.number === 0) {
      fits('from', 0, seal.from);
      fits('seal before', NO_SEAL, seal.previousSeal);
    }
    const number = last === undefined ? this.firstNumber(seal) : this.nextNumber(seal, last);
    fits('number', number, seal.number);
    if (last !== undefined && seal.number === last.seal.number + 1) {
      fits('from', totalOf(last.seal), seal.from);
      fits('seal before', last.event.hash, seal.previousSeal);
    }
    if (last !== undefined && seal.from < totalOf(last.seal)) fits('from', totalOf(last.seal), seal.from);
    if (nextOrdinal !== undefined) fits('from', nextOrdinal, seal.from);
  }

  private firstNumber({ number }: LogSealed): number {
    return this.head.scope.kind === 'all' ? 0 : number;
  }

  private nextNumber({ number }: LogSealed, { seal: { number: before } }: CheckedSeal): number {
    return this.head.firstOrdinal === null ? Math.max(number, before + 1) : before + 1;
  }
}

export const totalOf = ({ from, events }: LogSealed): number => from + events;

const shown = (newest: { number: number; total: number; hash: string } | null | undefined): string =>
  newest ? `${newest.number}, total ${newest.total}, hash ${newest.hash}` : 'none';
