import { Failure } from '../exit-codes.ts';

/** A bundle as it arrives. */
export interface BundleSource {
  readonly source: AsyncIterable<Uint8Array>;
  /** Says what a broken connection is. */
  readonly fault: (error: unknown) => Failure;
  /** Called now and then with the number of event lines so far. */
  readonly onEvents: (count: number) => void;
}

export interface Counted {
  events: number;
  bytes: number;
}

const EVENT = Buffer.from('{"event":');
const END = '"kind":"end"';
const LINE_FEED = 0x0a;
/** The line that ends a bundle is short; so much of the file's end is kept to look at it. */
const TAIL_BYTES = 4096;

/** The bytes as they come, counted; fails unless the last line is the one that ends a bundle. */
export async function* counted({ source, fault, onEvents }: BundleSource, into: Counted): AsyncGenerator<Uint8Array> {
  let tail: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of source) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      into.bytes += bytes.length;
      into.events += eventsIn(tail, bytes);
      tail = Buffer.concat([tail, bytes]).subarray(-TAIL_BYTES);
      onEvents(into.events);
      yield chunk;
    }
  } catch (error) {
    throw fault(error);
  }
  if (!isEnded(tail))
    throw new Failure('serviceFailed', 'the bundle broke off before its end; nothing was kept', {
      advice: 'Run this again; look at the log of the service if it happens again.',
    });
}

/** Lines that begin in these bytes, or just before them, with an event. */
function eventsIn(before: Buffer, bytes: Buffer): number {
  const overlap = before.subarray(-EVENT.length);
  const both = Buffer.concat([overlap, bytes]);
  let count = 0;
  for (let at = both.indexOf(EVENT); at >= 0; at = both.indexOf(EVENT, at + 1)) {
    const isLineStart = at === 0 ? before.length === 0 : both[at - 1] === LINE_FEED;
    const isNew = at + EVENT.length > overlap.length;
    if (isLineStart && isNew) count += 1;
  }
  return count;
}

function isEnded(tail: Buffer): boolean {
  const text = tail.toString('utf8');
  return text.endsWith('\n') && (text.trimEnd().split('\n').at(-1) ?? '').includes(END);
}
