import { createWriteStream } from 'node:fs';
import { link, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Failure } from '../exit-codes.ts';
import { counted, type BundleSource, type Counted } from './bundle-source.ts';

/**
 * Writes a bundle beside its place and moves it there when it is whole and on the disk; otherwise nothing is left.
 * @throws Failure
 */
export async function bundleTo(
  path: string,
  bundle: BundleSource,
  { isCompressed, mayReplace }: { readonly isCompressed: boolean; readonly mayReplace: boolean },
): Promise<Counted> {
  const part = `${path}.part`;
  const into: Counted = { events: 0, bytes: 0 };
  try {
    // Only the owner: a bundle holds what the log holds. `x`: two exports to one file do not mix.
    const file = createWriteStream(part, { flags: 'wx', mode: 0o600, flush: true });
    await (isCompressed ? pipeline(counted(bundle, into), createGzip(), file) : pipeline(counted(bundle, into), file));
    await (mayReplace ? rename(part, path) : placed(part, path));
    return into;
  } catch (error) {
    const failure = failureOf(error, path, part);
    if (!isTaken(error)) await rm(part, { force: true });
    throw failure;
  }
}

/** @throws Failure when there is a file already */
export async function mustBeNew(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined)) !== undefined) throw exists(path);
}

/** Moves it without replacing what came in the meantime. */
async function placed(part: string, path: string): Promise<void> {
  await link(part, path);
  await rm(part);
}

/** Nothing is wrong with the name of the file. */
const OF_THE_DISK = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG', 'EROFS']);

const isTaken = (error: unknown): boolean => {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'EEXIST' && syscall === 'open';
};

function failureOf(error: unknown, path: string, part: string): unknown {
  if (error instanceof Failure) return error;
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (isTaken(error))
    return new Failure('usage', `another export to ${path} is under way, or one was killed: ${part} is there`, {
      advice: 'Remove that file when nobody writes it any more.',
    });
  if (code === 'EEXIST') return exists(path);
  if (code === undefined) return error;
  const exit = OF_THE_DISK.has(code) ? 'unwritten' : 'usage';
  return new Failure(exit, `${path} cannot be written (${code})`, { cause: error });
}

const exists = (path: string): Failure =>
  new Failure('usage', `expected a new file; ${path} is there already`, { advice: 'Choose another, or give --force.' });
