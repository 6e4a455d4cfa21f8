import { createHash } from 'node:crypto';
import type { BundleAnchors } from '../bundle/anchors.ts';
import type { BundledEvent } from '../bundle/format.ts';
import type { BundleVerdict } from '../bundle/verdict.ts';
import { verifyBundle } from '../bundle/verify-bundle.ts';

/** What an archive file is, and whether it is good. */
export interface ReadArchive {
  readonly verdict: BundleVerdict;
  /** Of the file as it is, packed or not. */
  readonly sha256: string;
  readonly bytes: number;
}

/** One event of an archive. To be believed only when the verdict is good. */
export type ArchivedEvent = Pick<BundledEvent, 'stream' | 'revision' | 'hash'>;

/** Reads an archive file once: verifies it as a bundle, and hands out each event with its content, in log order. */
export async function readArchive(
  chunks: AsyncIterable<Uint8Array>,
  anchors: BundleAnchors,
  onEvent: (event: ArchivedEvent) => void,
): Promise<ReadArchive> {
  const digest = createHash('sha256');
  let bytes = 0;
  const all = digested(chunks, (chunk) => {
    digest.update(chunk);
    bytes += chunk.length;
  })[Symbol.asyncIterator]();
  try {
    const rest = { [Symbol.asyncIterator]: () => ({ next: () => all.next() }) };
    const verdict = await verifyBundle(rest, anchors, onEvent);
    // A verification ends at the first damage; the digest is of the whole file.
    for (let next = await all.next(); next.done !== true;) next = await all.next();
    return { verdict, sha256: digest.digest('hex'), bytes };
  } finally {
    await all.return(); // closes the file, however far it was read
  }
}

async function* digested(
  chunks: AsyncIterable<Uint8Array>,
  each: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    each(chunk);
    yield chunk;
  }
}
