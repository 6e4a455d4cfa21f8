import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BundleDamageError } from './damage.ts';
import { LINE_LIMIT } from './format.ts';

const LINE_FEED = 0x0a;
const GZIP_MAGIC = [0x1f, 0x8b] as const;
type Bytes = AsyncIterable<Uint8Array>;

/**
 * The lines of a bundle without their line feeds, unpacked when it is gzip. Keeps one line and one chunk.
 * @throws BundleDamageError `Truncated`, `Malformed`
 */
export async function* bundleLines(chunks: Bytes): AsyncIterable<Buffer> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of unpacked(chunks)) {
    let from = 0;
    for (let to = chunk.indexOf(LINE_FEED); to >= 0; to = chunk.indexOf(LINE_FEED, from)) {
      const line = Buffer.concat([...rest, chunk.subarray(from, to)]);
      mustFit(line.length);
      yield line;
      [rest, length, from] = [[], 0, to + 1];
    }
    if (from === chunk.length) continue;
    rest.push(chunk.subarray(from));
    length += chunk.length - from;
    mustFit(length);
  }
  if (length > 0)
    throw new BundleDamageError('Truncated', 'a line feed', 'the end of the file in the middle of a line');
}

function mustFit(length: number): void {
  if (length > LINE_LIMIT) throw new BundleDamageError('Malformed', `a line of at most ${LINE_LIMIT} bytes`, 'more');
}

async function* unpacked(chunks: Bytes): AsyncIterable<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  while (first.reduce((sum, { length }) => sum + length, 0) < GZIP_MAGIC.length) {
    const next = await iterator.next();
    if (next.done === true) break;
    first.push(bufferOf(next.value));
  }
  const start = Buffer.concat(first);
  const all = restored(start, iterator);
  if (start[0] === GZIP_MAGIC[0] && start[1] === GZIP_MAGIC[1]) yield* unzipped(all);
  else yield* all;
}

async function* restored(start: Buffer, rest: AsyncIterator<Uint8Array>): AsyncIterable<Buffer> {
  try {
    yield start;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield bufferOf(next.value);
  } finally {
    await rest.return?.();
  }
}

async function* unzipped(packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let length = 0;
  const counted = async function* (): AsyncIterable<Buffer> {
    for await (const chunk of packed) {
      length += chunk.length;
      yield chunk;
    }
  };
  const gunzip = createGunzip();
  const source = Readable.from(counted());
  source.on('error', (error) => gunzip.destroy(error));
  try {
    yield* source.pipe(gunzip) as AsyncIterable<Buffer>;
  } catch (error) {
    throw gzipDamage(error);
  } finally {
    source.destroy();
  }
  // Node takes what follows a member and is none itself for the end.
  if (!source.readableEnded || gunzip.bytesWritten !== length)
    throw new BundleDamageError('Malformed', 'the end of the file after the gzip member', 'more bytes');
}

function gzipDamage(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR')
    return new BundleDamageError('Truncated', 'the end of the gzip member', 'the end of the file');
  if (code === 'Z_DATA_ERROR') return new BundleDamageError('Malformed', 'gzip', 'bytes that are none');
  return error;
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
