import { createReadStream } from 'node:fs';
import { Failure } from '../exit-codes.ts';

/** A whole file as text, up to a limit. @throws Failure */
export const readText = (path: string, maxBytes: number): Promise<string> =>
  readAll(createReadStream(path), path, maxBytes);

/** All of a source as text, up to a limit; `name` is what people call it. @throws Failure */
export async function readAll(source: AsyncIterable<Uint8Array>, name: string, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of readable(source, name)) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Failure('usage', `expected at most ${maxBytes} bytes in ${name}, found more`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The bytes; what goes wrong while they are read is the failure of the command. */
export async function* readable(source: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new Failure('notFound', `${name} cannot be read (${code})`, { cause: error });
  }
}
