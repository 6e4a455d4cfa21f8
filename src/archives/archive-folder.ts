import { randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { access, chmod, constants, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createGzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArchiveReader } from '#audit';
import { StartupError } from '../startup-error.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
/** What is not finished has this ending, so that nobody takes it for an archive. */
const UNFINISHED = '.tmp';
/** The names this program gives. */
const NAME = /^archive-\d{8}T\d{6}Z-[0-9a-f]{8}\.ndjson\.gz$/;
const RANDOM_BYTES = 4;

/** A folder with archive files: each is written once, as a whole, and never changed. */
export class ArchiveFolder implements ArchiveReader {
  readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /** Makes the folder, removes what a crash left unfinished, and proves that files can be written. @throws StartupError */
  async prepare(): Promise<void> {
    try {
      await mkdir(this.path, { recursive: true, mode: FOLDER_MODE });
      await this.removeUnfinished();
      const proof = join(this.path, `proof${UNFINISHED}`);
      await (await open(proof, 'w', FILE_MODE)).close();
      await rm(proof);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StartupError(
        `retention.folder: expected a folder that can be written, found ${this.path}: ${reason}. Name another one, or set retention.archiveAfter to 0s.`,
        { cause: error },
      );
    }
  }

  async read(file: string): Promise<AsyncIterable<Uint8Array> | undefined> {
    const handle = await this.opened(file);
    if (handle === undefined || (await handle.stat()).isFile()) return handle?.createReadStream();
    await handle.close();
    throw new Error(`${join(this.path, file)}: expected an archive file, found something else of that name`);
  }

  /** Without waiting for anybody: opening a pipe would, until somebody writes to it. */
  private async opened(file: string): Promise<FileHandle | undefined> {
    try {
      return await open(join(this.path, safe(file)), constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  /**
   * Writes a file of these texts, packed, and lets `check` read it before it gets its name. Durable when it resolves;
   * answers its name and what `check` said. Whatever fails, the unfinished file is removed as far as possible.
   */
  async write<Checked>(
    nowMs: number,
    texts: AsyncIterable<string>,
    check: (chunks: AsyncIterable<Uint8Array>) => Promise<Checked>,
  ): Promise<{ readonly file: string; readonly checked: Checked }> {
    await mkdir(this.path, { recursive: true, mode: FOLDER_MODE });
    const file = nameAt(nowMs);
    const unfinished = `${file}${UNFINISHED}`;
    try {
      await this.pack(unfinished, texts);
      const checked = await this.checked(unfinished, check);
      await this.name(unfinished, file);
      return { file, checked };
    } catch (error) {
      await rm(join(this.path, unfinished), { force: true }).catch(() => undefined); // the error before is the one to tell
      throw error;
    }
  }

  private async pack(unfinished: string, texts: AsyncIterable<string>): Promise<void> {
    const handle = await open(join(this.path, unfinished), 'wx', FILE_MODE);
    try {
      await chmod(join(this.path, unfinished), FILE_MODE);
      await pipeline(Readable.from(texts), createGzip(), (packed: AsyncIterable<Uint8Array>) =>
        writeAll(handle, packed),
      );
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Whatever the check does not read of the file, it is closed. */
  private async checked<Checked>(
    file: string,
    check: (chunks: AsyncIterable<Uint8Array>) => Promise<Checked>,
  ): Promise<Checked> {
    const written = await this.read(file);
    if (written === undefined) throw new Error(`${file}: expected the file that was just written, found none`);
    try {
      return await check(written);
    } finally {
      if (written instanceof Readable) written.destroy();
    }
  }

  /** One process writes here, and no name is given twice: a file that is there is never replaced. */
  private async name(unfinished: string, file: string): Promise<void> {
    const path = join(this.path, file);
    if (await isThere(path)) throw new Error(`${path}: expected no such file, found one; it is left as it is`);
    await rename(join(this.path, unfinished), path);
    const folder = await open(this.path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  private async removeUnfinished(): Promise<void> {
    for (const name of await readdir(this.path))
      if (name.endsWith(UNFINISHED) && NAME.test(name.slice(0, -UNFINISHED.length))) await rm(join(this.path, name));
  }
}

async function writeAll(handle: FileHandle, packed: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of packed) await handle.writeFile(chunk);
}

/** `archive-20260301T100000Z-a1b2c3d4.ndjson.gz` */
function nameAt(nowMs: number): string {
  const time = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `archive-${time}-${randomBytes(RANDOM_BYTES).toString('hex')}.ndjson.gz`;
}

/** A name, never a path out of the folder. */
function safe(file: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(file)) return file;
  throw new Error(`expected the name of an archive file, found ${JSON.stringify(file.slice(0, 100))}`);
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
