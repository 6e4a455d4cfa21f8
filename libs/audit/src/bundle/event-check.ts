import { GENESIS_HASH, LOG_SEALED, MerkleTree, provesInclusion, ROLLBACK_ACCEPTED, SEAL_STREAM } from '#event-store';
import { streamOf } from '#execution';
import { CLAIM_TYPE } from '../verify/archive-claims.ts';
import type { DamagePlace } from './damage.ts';
import { BundleDamageError, mustBe } from './damage.ts';
import type { BundledEvent, BundleHead, BundleScope, EventLine, LinePlace, LineProof, StubLine } from './format.ts';
import type { CheckedSeal } from './seal-check.ts';
import { checkHash, placeOf } from './seal-event-check.ts';
import { StreamHeads, TooManyStreamsError } from './stream-heads.ts';
import { StubCheck } from './stub-check.ts';

/** What an event and a stub have. */
type Placed = Pick<BundledEvent, 'stream' | 'revision' | 'position' | 'previousHash' | 'hash'>;

/** Seal lines whose events may still be to come. */
const AWAITED_LIMIT = 100_000;

/** The event and stub lines: each good in itself, in its stream, and under the seal before it. */
export class EventCheck {
  count = 0;
  unsealed = 0;
  /** `RollbackAccepted` events met: somebody let the service go on with a log that a published head did not bear out. */
  rollbacks = 0;
  readonly heads = new StreamHeads();
  readonly stubs = new StubCheck();
  private readonly isRun: boolean;
  /** The only streams there may be; undefined in a run. */
  private readonly wanted: ReadonlySet<string> | undefined;
  private ordinal: number;
  /** The last seal line, with what is missing of it in a run. */
  private cover: { readonly by: CheckedSeal; readonly tree: MerkleTree } | undefined;
  private firstNumber: number | undefined;
  /** Hashes of seal lines that did not come as events yet, in a run. */
  private readonly awaited: string[] = [];

  constructor(private readonly head: BundleHead) {
    this.isRun = head.firstOrdinal !== null;
    this.wanted = wantedStreams(head.scope);
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
  add(line: EventLine | StubLine): void {
    const placed = line.kind === 'event' ? line.event : line.stub;
    this.checkBefore(placed, line);
    if (line.kind === 'event') this.checkWhole(line.event);
    else this.stubs.stub(line.stub);
    this.count += 1;
    this.remember(placed);
    const { ordinal, proof } = line;
    if (this.isRun) this.addToRun(placed, line.kind === 'event' ? line.event : undefined);
    else if (ordinal !== undefined && proof !== undefined) this.checkProof(placed, ordinal, proof);
    else this.unsealed += 1;
  }

  /** By it a stream says, after the times of the bundle, that it was archived. @throws BundleDamageError */
  claim(event: BundledEvent): void {
    const place = placeOf(event);
    if (!this.stubs.isWaiting(event.stream))
      throw new BundleDamageError('Misplaced', 'a claim of a stream with stubs and without one', 'another', place);
    mustBe('Malformed', 'type', CLAIM_TYPE, event.type, place);
    const last = this.heads.get(event.stream)!;
    if (event.revision <= last.revision)
      throw new BundleDamageError('RevisionMissing', `above ${last.revision}`, String(event.revision), place);
    if (event.revision === last.revision + 1)
      mustBe('PreviousHashDiffers', 'previous hash', last.hash, event.previousHash, place);
    checkHash(event);
    this.stubs.event(event);
  }

  /** Every execution the bundle is of has come. @throws BundleDamageError `EventMissing` */
  checkExecutionsCame(): void {
    if (this.wanted !== undefined)
      mustBe('EventMissing', 'executions with events:', this.wanted.size, this.heads.count);
  }

  private checkBefore(placed: Placed, { ordinal, proof }: LinePlace): void {
    const place = placeOf(placed);
    this.checkPlace(ordinal, proof, place);
    if (this.wanted?.has(placed.stream) === false)
      throw new BundleDamageError('ForeignEvent', 'a stream of the scope', placed.stream, place);
    if (this.isRun) mustBe('OrdinalDiffers', 'ordinal', this.ordinal, ordinal!, place);
    this.checkChain(placed);
  }

  private checkWhole(event: BundledEvent): void {
    checkHash(event);
    this.stubs.event(event);
  }

  private checkPlace(ordinal: number | undefined, proof: LineProof | undefined, place: DamagePlace): void {
    const isAsItsScope = this.isRun
      ? ordinal !== undefined && proof === undefined
      : (ordinal === undefined) === (proof === undefined);
    const isAfterUnsealed = proof !== undefined && this.unsealed > 0;
    if (!isAsItsScope || isAfterUnsealed)
      throw new BundleDamageError('Misplaced', 'an event line as its scope has them', 'another one', place);
  }

  private checkChain(event: Placed): void {
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

  private remember(event: Placed): void {
    try {
      this.heads.set(event);
    } catch (error) {
      if (!(error instanceof TooManyStreamsError)) throw error;
      throw new BundleDamageError('Malformed', error.message, 'more', placeOf(event));
    }
  }

  private checkProof(event: Placed, ordinal: number, { seal, index, path }: LineProof): void {
    const covered = this.cover?.by.seal;
    const isThere =
      covered !== undefined && seal === covered.number && ordinal === covered.from + index && ordinal > this.ordinal;
    if (!isThere || !provesInclusion({ index, count: covered.events, path }, event.hash, covered.root))
      throw new BundleDamageError('ProofDiffers', 'a proof under the seal before', 'another', placeOf(event));
    this.ordinal = ordinal;
  }

  private addToRun(event: Placed, whole: BundledEvent | undefined): void {
    this.ordinal += 1;
    if (whole?.stream === SEAL_STREAM) this.checkSealEvent(whole);
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

function wantedStreams(scope: BundleScope): ReadonlySet<string> | undefined {
  switch (scope.kind) {
    case 'execution':
      return new Set([scope.stream]);
    case 'executions':
      return new Set(scope.executionIds.map(streamOf));
    case 'all':
    case 'time':
      return undefined;
  }
}
