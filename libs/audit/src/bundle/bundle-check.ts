import { createHash } from 'node:crypto';
import type { Anchor } from '../verify/trust.ts';
import type { BundleAnchors } from './anchors.ts';
import { AnchorCheck } from './anchors.ts';
import { BundleDamageError, mustBe } from './damage.ts';
import { EventCheck } from './event-check.ts';
import type { BundleCounts, BundledEvent, BundleEnd, BundleHead, BundleLine, StreamHead } from './format.ts';
import { KeyRing } from './key-ring.ts';
import { signedEnd } from './line-texts.ts';
import { SealCheck } from './seal-check.ts';
import { placeOf } from './seal-event-check.ts';
import { isSignature } from './signature.ts';

const LINE_FEED = Buffer.from('\n');
/** Where in the file a kind of line may stand; never before one that is higher. */
const STAGES: Readonly<Record<BundleLine['kind'], number>> = {
  bundle: 0,
  key: 1,
  seal: 2,
  event: 2,
  stub: 2,
  claim: 3,
  stream: 4,
  end: 5,
};

const COUNTED = [
  ...(['claims', 'events', 'keys', 'seals'] as const),
  ...(['streams', 'stubs', 'unsealed'] as const),
] satisfies readonly (keyof BundleCounts)[];

/** What comes after the first line: it needs to know what that says. */
interface Parts {
  readonly head: BundleHead;
  readonly seals: SealCheck;
  readonly events: EventCheck;
}

/** The checks of a bundle, line by line; the first that fails throws. */
export class BundleCheck {
  private readonly keys = new KeyRing();
  private readonly anchors: AnchorCheck;
  private readonly digest = createHash('sha256');
  private parts: Parts | undefined;
  private stage = -1;
  private streams = 0;
  private lastStream = '';
  private claims = 0;
  private lastClaimed = '';
  private end: BundleEnd | undefined;

  constructor(private readonly given: BundleAnchors) {
    this.anchors = new AnchorCheck(given, this.keys);
  }

  get head(): BundleHead | undefined {
    return this.parts?.head;
  }

  get counts(): BundleCounts {
    const { count: events = 0, unsealed = 0 } = this.parts?.events ?? {};
    const [seals, stubs] = [this.parts?.seals.count ?? 0, this.parts?.events.stubs.count ?? 0];
    return { claims: this.claims, events, keys: this.keys.count, seals, streams: this.streams, stubs, unsealed };
  }

  get signedBy(): string | undefined {
    return this.end?.keyId ?? undefined;
  }

  get streamsMet(): number {
    return this.parts?.events.heads.count ?? 0;
  }

  /** Files that have the contents of stubs. */
  get archives(): readonly string[] {
    return this.parts?.events.stubs.archives ?? [];
  }

  get acceptedRollbacks(): number {
    return this.parts?.events.rollbacks ?? 0;
  }

  get anchor(): Anchor {
    const { kind } = this.anchors;
    const keyId = this.keys.last?.keyId;
    if (keyId === undefined) return { kind: 'nobody' };
    return { kind, keyId };
  }

  /** Whether the seal of the published head was met; undefined when there was no head. */
  get isHeadMet(): boolean | undefined {
    return this.given.head && this.anchors.isHeadMet;
  }

  /** @throws BundleDamageError */
  take(line: BundleLine, bytes: Uint8Array): void {
    this.enter(line);
    switch (line.kind) {
      case 'bundle':
        this.begin(line);
        break;
      case 'key':
        this.keys.add(line.event);
        break;
      case 'seal':
        this.seal(line.event);
        break;
      case 'event':
      case 'stub':
        this.parts!.events.add(line);
        break;
      case 'claim':
        this.claim(line.event);
        break;
      case 'stream':
        this.stream(line);
        break;
      case 'end':
        this.close(line);
        break;
    }
    this.digest.update(bytes).update(LINE_FEED);
  }

  /** The file is over. @throws BundleDamageError */
  finish(): void {
    if (this.end === undefined) throw new BundleDamageError('Truncated', 'an end line', 'the end of the file');
    this.anchors.judge(this.parts!.head, this.end);
  }

  /** The first line is the bundle line, and the only one of its kind; so is the end line the last. */
  private enter({ kind }: BundleLine): void {
    const stage = STAGES[kind];
    const isAlone = kind === 'bundle' || this.end !== undefined;
    const isFirst = this.parts === undefined;
    const isAfterUnsealed = kind === 'seal' && (this.parts?.events.unsealed ?? 0) > 0;
    if ((isFirst ? kind !== 'bundle' : isAlone) || stage < this.stage || isAfterUnsealed)
      throw new BundleDamageError('Misplaced', 'a line in the order of the format', `a ${kind} line`);
    this.stage = stage;
  }

  private begin(head: BundleHead): void {
    this.parts = { head, seals: new SealCheck(head, this.keys), events: new EventCheck(head) };
  }

  private seal(event: BundledEvent): void {
    const { seals, events } = this.parts!;
    events.checkCovered();
    const checked = seals.add(event, events.nextOrdinal);
    events.under(checked);
    this.anchors.seal(checked);
  }

  private claim(event: BundledEvent): void {
    const { events, head } = this.parts!;
    events.checkCovered();
    if (head.scope.kind !== 'time' || event.stream <= this.lastClaimed)
      throw new BundleDamageError('Misplaced', 'claims in the scope of a time, by stream', 'another', placeOf(event));
    events.claim(event);
    this.lastClaimed = event.stream;
    this.claims += 1;
  }

  private stream({ stream, revision, hash }: StreamHead): void {
    const { events } = this.parts!;
    events.checkCovered();
    if (stream <= this.lastStream)
      throw new BundleDamageError('Misplaced', `a stream after ${this.lastStream}`, stream, { stream });
    const found = events.heads.get(stream);
    mustBe('StreamHeadDiffers', 'revision', found?.revision ?? 'none', revision, { stream });
    mustBe('StreamHeadDiffers', 'hash', found?.hash ?? 'none', hash, { stream });
    events.stubs.mustBeClaimed(stream);
    this.lastStream = stream;
    this.streams += 1;
  }

  private close(end: BundleEnd): void {
    const { events, seals } = this.parts!;
    events.checkCovered();
    mustBe('DigestDiffers', 'sha256', this.digest.copy().digest('hex'), end.sha256);
    for (const name of COUNTED) mustBe('CountDiffers', name, this.counts[name], end.counts[name]);
    mustBe('CountDiffers', 'stream lines', events.heads.count, this.streams);
    events.checkExecutionsCame();
    events.checkSealsCame();
    seals.checkNewest();
    this.checkSignature(end);
    this.end = end;
  }

  private checkSignature({ signature, ...signed }: BundleEnd): void {
    const { last } = this.keys;
    if ((signature === null) !== (signed.keyId === null))
      throw new BundleDamageError('Malformed', 'both of keyId and signature, or none', 'one');
    if (signature === null) return;
    if (last === undefined || signed.keyId !== last.keyId)
      throw new BundleDamageError('KeyDiffers', `key ${last?.keyId ?? 'line before'}`, String(signed.keyId));
    if (!isSignature(last.publicKey, signedEnd(signed), signature))
      throw new BundleDamageError('SignatureDiffers', 'the signature of the end line', 'another');
  }
}
