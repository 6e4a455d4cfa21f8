import { createHash } from 'node:crypto';
import type { RecordedEvent, SealKey } from '#event-store';
import { canonicalJson } from '#event-store';
import type { BundledEvent, BundleLine, EventLine } from './format.ts';
import { LINE_LIMIT } from './format.ts';
import { lineText, signedEnd } from './line-texts.ts';
import { StreamHeads } from './stream-heads.ts';

/** Makes the lines of one bundle, in order, and keeps what the last one says of them all. */
export class BundleComposer {
  private readonly digest = createHash('sha256');
  private readonly heads = new StreamHeads();
  private counts = { events: 0, keys: 0, seals: 0, streams: 0, unsealed: 0 };
  private lastKeyId: unknown;

  /** @throws RangeError when it is longer than a line may be: no event of a store is */
  line(line: BundleLine): string {
    const text = `${lineText(line)}\n`;
    if (Buffer.byteLength(text) > LINE_LIMIT)
      throw new RangeError(`${line.kind} line of a bundle: expected at most ${LINE_LIMIT} bytes, found more`);
    this.digest.update(text);
    return text;
  }

  event(kind: 'key' | 'seal', event: RecordedEvent): string {
    if (kind === 'seal') this.counts.seals += 1;
    else {
      this.counts.keys += 1;
      this.lastKeyId = event.data['keyId'];
    }
    return this.line({ kind, event: bundled(event) });
  }

  /** @param isSealed whether a seal line before covers it */
  eventLine(event: RecordedEvent, place: Pick<EventLine, 'ordinal' | 'proof'>, isSealed: boolean): string {
    this.counts.events += 1;
    if (!isSealed) this.counts.unsealed += 1;
    this.heads.set(event);
    return this.line({ kind: 'event', event: bundled(event), ...place });
  }

  *streamLines(): Iterable<string> {
    for (const head of this.heads.sorted()) {
      this.counts.streams += 1;
      yield this.line({ kind: 'stream', ...head });
    }
  }

  /** Signed when the key is the one in force by the log; another one would prove nothing. */
  async end(key: SealKey | undefined): Promise<string> {
    const sha256 = this.digest.copy().digest('hex');
    const signer = key?.keyId === this.lastKeyId ? key : undefined;
    const end = { kind: 'end', counts: this.counts, sha256, keyId: signer?.keyId ?? null } as const;
    const signature = signer === undefined ? null : Buffer.from(await signer.sign(signedEnd(end))).toString('base64');
    return this.line({ ...end, signature });
  }
}

function bundled(event: RecordedEvent): BundledEvent {
  const { stream, revision, position, id, type, schemaVersion, data, previousHash, hash } = event;
  const metadata = event.metadata as unknown as BundledEvent['metadata'];
  return {
    ...{ stream, revision, position, id, type, schemaVersion, data, metadata, previousHash, hash },
    dataText: canonicalJson(data, `stream ${stream}, revision ${revision}, data`),
    metadataText: canonicalJson(metadata, `stream ${stream}, revision ${revision}, metadata`),
  };
}
