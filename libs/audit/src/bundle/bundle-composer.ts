import { createHash } from 'node:crypto';
import type { RecordedEvent, SealKey } from '#event-store';
import { CLAIM_TYPE } from '../verify/archive-claims.ts';
import type { BundleLine, LinePlace, StreamHead, WrittenEvent } from './format.ts';
import { LINE_LIMIT } from './format.ts';
import { lineText, signedEnd } from './line-texts.ts';
import { StreamHeads } from './stream-heads.ts';
import type { WrittenEntry } from './written-event.ts';
import { writtenEvent } from './written-event.ts';

/** Makes the lines of one bundle, in order, and keeps what the last one says of them all. */
export class BundleComposer {
  private readonly digest = createHash('sha256');
  private readonly heads = new StreamHeads();
  private counts = { claims: 0, events: 0, keys: 0, seals: 0, streams: 0, stubs: 0, unsealed: 0 };
  private readonly stubbed = new Set<string>();
  private lastKeyId: unknown;

  /** @throws RangeError when it is longer than a line may be: no event of a store is */
  line(line: BundleLine<WrittenEvent>): string {
    const text = `${lineText(line)}\n`;
    if (Buffer.byteLength(text) > LINE_LIMIT)
      throw new RangeError(`${line.kind} line of a bundle: expected at most ${LINE_LIMIT} bytes, found more`);
    this.digest.update(text);
    return text;
  }

  /** Streams of which there are stubs, and no event yet that says that they were archived; by name. */
  get unclaimed(): readonly string[] {
    return [...this.stubbed].sort();
  }

  event(kind: 'key' | 'seal' | 'claim', event: RecordedEvent): string {
    if (kind === 'seal') this.counts.seals += 1;
    else if (kind === 'claim') this.counts.claims += 1;
    else {
      this.counts.keys += 1;
      this.lastKeyId = event.data['keyId'];
    }
    return this.line({ kind, event: writtenEvent(event) });
  }

  /** @param isSealed whether a seal line before covers it */
  entryLine(entry: WrittenEntry, place: LinePlace, isSealed: boolean): string {
    this.counts.events += 1;
    if (!isSealed) this.counts.unsealed += 1;
    if (entry.kind === 'stub') this.stub(entry.stub);
    else this.whole(entry.event);
    return this.line({ ...entry, ...place });
  }

  private stub(stub: StreamHead): void {
    this.counts.stubs += 1;
    this.heads.set(stub);
    this.stubbed.add(stub.stream);
  }

  private whole(event: WrittenEvent): void {
    this.heads.set(event);
    if (event.type === CLAIM_TYPE) this.stubbed.delete(event.stream);
  }

  *streamLines(): Iterable<string> {
    for (const head of this.heads.sorted()) {
      this.counts.streams += 1;
      yield this.line({ kind: 'stream', ...head });
    }
  }

  /** Signed when the key in force by the log is at hand; another one would prove nothing. */
  async end(keyOf: (keyId: string) => Promise<SealKey | undefined> = async () => undefined): Promise<string> {
    const sha256 = this.digest.copy().digest('hex');
    const signer = typeof this.lastKeyId === 'string' ? await keyOf(this.lastKeyId) : undefined;
    const end = { kind: 'end', counts: this.counts, sha256, keyId: signer?.keyId ?? null } as const;
    const signature = signer === undefined ? null : Buffer.from(await signer.sign(signedEnd(end))).toString('base64');
    return this.line({ ...end, signature });
  }
}
