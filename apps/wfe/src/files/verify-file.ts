import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { verifyBundle, type BundleVerdict } from '#audit';
import type { Shell } from '../shell.ts';
import { readHead, readKey } from './anchors.ts';
import { readable } from './read-text.ts';

/** Verifies a bundle in a file, or from stdin (`-`), without any service. @throws Failure when something cannot be read */
export async function verifyFile(
  path: string,
  { key = [], head }: { readonly key?: readonly string[]; readonly head?: string },
  { stdin, signal }: Pick<Shell, 'stdin' | 'signal'>,
  onBytes: (bytes: number, of: number | undefined) => void,
): Promise<BundleVerdict> {
  const anchors = {
    keys: await Promise.all(key.map(readKey)),
    ...(head !== undefined && { head: await readHead(head) }),
  };
  const size = path === '-' ? undefined : (await stat(path).catch(() => undefined))?.size;
  const source = path === '-' ? stdin : createReadStream(path, { signal });
  return verifyBundle(
    counting(readable(source, path === '-' ? 'stdin' : path), (bytes) => onBytes(bytes, size)),
    anchors,
  );
}

async function* counting(
  source: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    onBytes(bytes);
    yield chunk;
  }
}
