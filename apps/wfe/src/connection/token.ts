import { open } from 'node:fs/promises';
import { Failure } from '../exit-codes.ts';
import type { Shell } from '../shell.ts';
import type { ConnectionOptions } from './options.ts';

const MAX_TOKEN_BYTES = 64 * 1024;
const PRINTABLE = /^[\x21-\x7e]+$/;

/** The bearer token: option, file, WFE_TOKEN. It is sent, and never shown, not even when it is wrong. @throws Failure */
export async function tokenOf(
  { token, tokenFile }: Pick<ConnectionOptions, 'token' | 'tokenFile'>,
  env: Shell['env'],
): Promise<string | undefined> {
  if (token !== undefined && tokenFile !== undefined)
    throw new Failure('usage', 'expected --token or --token-file, found both');
  const found = token ?? (tokenFile === undefined ? env['WFE_TOKEN'] || undefined : await read(tokenFile));
  if (found !== undefined && !PRINTABLE.test(found))
    throw new Failure('usage', 'expected a token of printable ASCII characters without spaces, found something else');
  return found;
}

async function read(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_TOKEN_BYTES + 1));
    if (bytesRead <= MAX_TOKEN_BYTES) return buffer.toString('utf8', 0, bytesRead).trim();
  } catch (error) {
    const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
    throw new Failure('notFound', `--token-file ${path} cannot be read (${code})`, { cause: error });
  }
  throw new Failure('usage', `expected a token of at most ${MAX_TOKEN_BYTES} bytes in ${path}, found more`);
}
