import type { StreamHead } from './format.ts';
import { STREAM_LIMIT } from './format.ts';

const HASH_BYTES = 32;
const ENTRY_BYTES = HASH_BYTES + 8;
const FIRST_ENTRIES = 256;

/** More streams than one bundle may speak of. */
export class TooManyStreamsError extends Error {
  override readonly name = 'TooManyStreamsError';
  constructor() {
    super(`expected at most ${STREAM_LIMIT} streams in one bundle, found more; make one for each range of time`);
  }
}

/** Revision and hash of the last event of each stream, kept as bytes: what grows with the log is small. */
export class StreamHeads {
  private readonly places = new Map<string, number>();
  private entries = Buffer.alloc(FIRST_ENTRIES * ENTRY_BYTES);

  get count(): number {
    return this.places.size;
  }

  get(stream: string): Pick<StreamHead, 'revision' | 'hash'> | undefined {
    const place = this.places.get(stream);
    if (place === undefined) return undefined;
    const start = place * ENTRY_BYTES;
    return {
      hash: this.entries.toString('hex', start, start + HASH_BYTES),
      revision: this.entries.readDoubleLE(start + HASH_BYTES),
    };
  }

  /** @throws TooManyStreamsError */
  set({ stream, revision, hash }: StreamHead): void {
    const start = (this.places.get(stream) ?? this.added(stream)) * ENTRY_BYTES;
    this.entries.write(hash, start, 'hex');
    this.entries.writeDoubleLE(revision, start + HASH_BYTES);
  }

  /** By name. */
  *sorted(): Iterable<StreamHead> {
    for (const stream of [...this.places.keys()].sort()) yield { stream, ...this.get(stream)! };
  }

  private added(stream: string): number {
    const place = this.places.size;
    if (place >= STREAM_LIMIT) throw new TooManyStreamsError();
    this.places.set(stream, place);
    if ((place + 1) * ENTRY_BYTES > this.entries.length)
      this.entries = Buffer.concat([this.entries, Buffer.alloc(this.entries.length)]);
    return place;
  }
}
