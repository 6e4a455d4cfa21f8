import { Failure } from '../exit-codes.ts';

/** A bundle as it arrives. */
export interface BundleSource {
  readonly source: AsyncIterable<Uint8Array>;
  /** Says what a broken connection is. */
  readonly fault: (error: unknown) => Failure;
  /** Called now and then with the number of lines so far. */
  readonly onLines: (count: number) => void;
}

/** What a bundle turned out to be. */
export interface Counted {
  /** As its last line says. */
  events: number;
  /** Before they were compressed. */
  bytes: number;
}

const LINE_FEED = 0x0a;
/** The line that ends a bundle is short; so much of the end is kept to look at it. */
const TAIL_BYTES = 4096;

/** The bytes as they come, counted; fails unless the last line is the one that ends a bundle. */
export async function* counted({ source, fault, onLines }: BundleSource, into: Counted): AsyncGenerator<Uint8Array> {
  let tail: Buffer = Buffer.alloc(0);
  let lines = 0;
  try {
    for await (const chunk of source) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      into.bytes += bytes.length;
      for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
      tail = Buffer.concat([tail, bytes]).subarray(-TAIL_BYTES);
      onLines(lines);
      yield chunk;
    }
  } catch (error) {
    throw fault(error);
  }
  into.events = eventsSaidBy(tail);
}

/** What the last line says of the number of events. @throws Failure when it is not the one that ends a bundle */
function eventsSaidBy(tail: Buffer): number {
  const text = tail.toString('utf8');
  const last = text.endsWith('\n') ? text.trimEnd().split('\n').at(-1) : undefined;
  const end = parsed(last ?? '');
  if (end?.kind === 'end' && typeof end.counts?.events === 'number') return end.counts.events;
  throw new Failure('serviceFailed', 'the bundle broke off before its end; nothing was kept', {
    advice: 'Run this again; look at the log of the service if it happens again.',
  });
}

function parsed(
  line: string,
): { readonly kind?: unknown; readonly counts?: { readonly events?: unknown } } | undefined {
  try {
    return JSON.parse(line) as { kind?: unknown };
  } catch {
    return undefined;
  }
}
