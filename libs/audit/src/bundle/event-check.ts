import { GENESIS_HASH, LOG_SEALED, MerkleTree, provesInclusion, ROLLBACK_ACCEPTED, SEAL_STREAM } from '#event-store';
import type { DamagePlace } from './damage.ts';
import { BundleDamageError, mustBe } from './damage.ts';
import type { BundleHead, BundledEvent, EventLine, LineProof } from './format.ts';
import type { CheckedSeal } from './seal-check.ts';
import { checkHash, placeOf } from './seal-event-check.ts';
import { StreamHeads, TooManyStreamsError } from './stream-heads.ts';

/** Seal lines whose events may still be to come. */
const AWAITED_LIMIT = 100_000;

/** The event lines: each good in itself, in its stream, and under the seal before it. */
export class EventCheck {
  count = 0;
  unsealed = 0;
  /** `RollbackAccepted` events met: somebody let the service go on with a log that a published head did not bear out. */
  rollbacks = 0;
  readonly heads = new StreamHeads();
  private readonly isRun: boolean;
  private ordinal: number;
  /** The last seal line, with what is missing of it in a run. */
  private cover: { readonly by: CheckedSeal; readonly tree: MerkleTree } | undefined;
  private firstNumber: number | undefined;
  /** Hashes of seal lines that did not come as events yet, in a run. */
  private readonly awaited: string[] = [];

  constructor(private readonly head: BundleHead) {
    this.isRun = head.firstOrdinal !== null;
    this.ordinal = head.firstOrdinal ?? -1;
  }

  /** Ordinal of the next event line; undefined when the bundle is no run. */
  get nextOrdinal(): number | undefined {
    return this.isRun ? this.ordinal : undefined;
  }

  /** Every event that the last seal covers is there. @throws BundleDamageError `EventMissing` */
  checkCovered(): void {
    const { cover } = this;
    if (!this.isRun || cover === undefined) return;
    mustBe('EventMissing', `events under seal ${cover.by.seal.number}:`, cover.by.seal.events, cover.tree.count);
  }

  /** Every seal line of a whole log is in the log too. @throws BundleDamageError `SealDiffers` */
  checkSealsCame(): void {
    if (this.head.scope.kind === 'all') mustBe('SealDiffers', 'seals that are not in the log:', 0, this.awaited.length);
  }

  /** The events after this are under it. */
  under(by: CheckedSeal): void {
    this.cover = { by, tree: new MerkleTree() };
    this.firstNumber ??= by.seal.number;
    if (!this.isRun) return;
    if (this.awaited.push(by.event.hash) > AWAITED_LIMIT)
      throw new BundleDamageError('Malformed', `at most ${AWAITED_LIMIT} seals that come later in the log`, 'more');
  }

  /** @throws BundleDamageError */
  add({ event, ordinal, proof }: EventLine): void {
    this.checkPlace(ordinal, proof, placeOf(event));
    const { scope } = this.head;
    if (scope.kind === 'execution') mustBe('ForeignEvent', 'stream', scope.stream, event.stream, placeOf(event));
    if (this.isRun) mustBe('OrdinalDiffers', 'ordinal', this.ordinal, ordinal!, placeOf(event));
    this.checkChain(event);
    checkHash(event);
    this.count += 1;
    this.remember(event);
    if (this.isRun) this.addToRun(event);
    else if (ordinal !== undefined && proof !== undefined) this.checkProof(event, ordinal, proof);
    else this.unsealed += 1;
  }

  private checkPlace(ordinal: number | undefined, proof: LineProof | undefined, place: DamagePlace): void {
    const isAsItsScope = this.isRun
      ? ordinal !== undefined && proof === undefined
      : (ordinal === undefined) === (proof === undefined);
    const isAfterUnsealed = proof !== undefined && this.unsealed > 0;
    if (!isAsItsScope || isAfterUnsealed)
      throw new BundleDamageError('Misplaced', 'an event line as its scope has them', 'another one', place);
  }

  private checkChain(event: BundledEvent): void {
    const before = this.heads.get(event.stream);
    const place = placeOf(event);
    if (before !== undefined) {
      mustBe('RevisionMissing', 'revision', before.revision + 1, event.revision, place);
      mustBe('PreviousHashDiffers', 'previous hash', before.hash, event.previousHash, place);
      return;
    }
    if (this.head.scope.kind !== 'time') mustBe('RevisionMissing', 'revision', 0, event.revision, place);
    if (event.revision === 0) mustBe('PreviousHashDiffers', 'previous hash', GENESIS_HASH, event.previousHash, place);
  }

  private remember(event: BundledEvent): void {
    try {
      this.heads.set(event);
    } catch (error) {
      if (!(error instanceof TooManyStreamsError)) throw error;
      throw new BundleDamageError('Malformed', error.message, 'more', placeOf(event));
    }
  }

  private checkProof({ hash, ...event }: BundledEvent, ordinal: number, { seal, index, path }: LineProof): void {
    const covered = this.cover?.by.seal;
    const isThere =
      covered !== undefined && seal === covered.number && ordinal === covered.from + index && ordinal > this.ordinal;
    if (!isThere || !provesInclusion({ index, count: covered.events, path }, hash, covered.root))
      throw new BundleDamageError(
        'ProofDiffers',
        'a proof under the seal before',
        'another',
        placeOf({ ...event, hash }),
      );
    this.ordinal = ordinal;
  }

  private addToRun(event: BundledEvent): void {
    this.ordinal += 1;
    if (event.stream === SEAL_STREAM) this.checkSealEvent(event);
    const { cover } = this;
    if (cover === undefined || cover.tree.count === cover.by.seal.events) {
      this.unsealed += 1;
      return;
    }
    const { seal } = cover.by;
    cover.tree.add(event.hash);
    if (cover.tree.count < seal.events) return;
    mustBe('RootDiffers', `root of seal ${seal.number}`, seal.root, cover.tree.root(), placeOf(event));
    mustBe('SealDiffers', 'position', seal.position, event.position, placeOf(event));
  }

  private checkSealEvent(event: BundledEvent): void {
    if (event.type !== LOG_SEALED) {
      if (event.type === ROLLBACK_ACCEPTED) this.rollbacks += 1;
      return;
    }
    const number = event.data['number'];
    if (this.firstNumber === undefined || typeof number !== 'number' || number < this.firstNumber) return;
    mustBe('SealDiffers', 'the seal line', this.awaited.shift() ?? 'before it', event.hash, placeOf(event));
  }
}
