import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Log } from '#runtime';
import { checkKey, KEY_BYTES_LIMIT, KeyExistsError } from './key-vault.ts';
import type { KeyVault } from './key-vault.ts';

const ONLY_OWNER_FOLDER = 0o700;
const ONLY_OWNER_FILE = 0o600;
const OTHERS = 0o077;
const UNFINISHED = /^\.[0-9a-f-]{36}\.tmp$/;

/** Keys as files that only the user of the service may read: `<name>.key`, the bytes in base64. */
export class FileKeyVault implements KeyVault {
  readonly place: string;
  private readonly folder: string;
  /** Names of what this process is writing now. */
  private readonly unfinished = new Set<string>();

  constructor(
    folder: string,
    private readonly log: Pick<Log, 'warn'>,
  ) {
    this.folder = resolve(folder);
    this.place = `the folder ${this.folder}`;
  }

  async read(name: string): Promise<Uint8Array | undefined> {
    checkKey(name);
    const path = this.path(name);
    try {
      await this.warnIfOpen(path);
      return decoded(await readFile(path, 'utf8'), path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async create(name: string, bytes: Uint8Array): Promise<void> {
    checkKey(name, bytes);
    await this.secureFolder();
    await this.removeUnfinished();
    const unfinished = `.${randomUUID()}.tmp`;
    this.unfinished.add(unfinished);
    try {
      await writeDurably(join(this.folder, unfinished), bytes);
      await this.keep(unfinished, name, bytes);
    } finally {
      await rm(join(this.folder, unfinished), { force: true });
      this.unfinished.delete(unfinished);
    }
    await this.syncFolder();
  }

  private async keep(unfinished: string, name: string, bytes: Uint8Array): Promise<void> {
    try {
      // A link appears whole or not at all, and never takes the place of another file.
      await link(join(this.folder, unfinished), this.path(name));
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      if (!Buffer.from(bytes).equals((await this.read(name)) ?? Buffer.alloc(0)))
        throw new KeyExistsError(name, this.place);
    }
  }

  /** What a crash left is no key, but may be as secret as one. */
  private async removeUnfinished(): Promise<void> {
    for (const file of await readdir(this.folder))
      if (UNFINISHED.test(file) && !this.unfinished.has(file)) await rm(join(this.folder, file), { force: true });
  }

  private path(name: string): string {
    return join(this.folder, `${name}.key`);
  }

  /** A folder made by somebody else keeps its owner, but not its openness. */
  private async secureFolder(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: ONLY_OWNER_FOLDER });
    const { mode } = await stat(this.folder);
    if ((mode & OTHERS) === 0) return;
    try {
      await chmod(this.folder, ONLY_OWNER_FOLDER);
    } catch (error) {
      this.log.warn(
        { err: error, folder: this.folder },
        'others may look into the folder of the keys: expected mode 0700',
      );
    }
  }

  private async syncFolder(): Promise<void> {
    const folder = await open(this.folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }

  private async warnIfOpen(path: string): Promise<void> {
    const { mode } = await stat(path);
    if ((mode & OTHERS) === 0) return;
    const found = (mode & 0o777).toString(8);
    this.log.warn({ path, mode: found }, 'a key can be read by others: expected mode 600; run chmod 600 on it');
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', ONLY_OWNER_FILE);
  try {
    await file.writeFile(`${Buffer.from(bytes).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @throws Error when the file holds something else; the message shows none of it */
function decoded(text: string, path: string): Uint8Array {
  const trimmed = text.trim();
  const bytes = trimmed.length > 2 * KEY_BYTES_LIMIT ? Buffer.alloc(0) : Buffer.from(trimmed, 'base64');
  if (bytes.length > 0 && bytes.toString('base64') === trimmed) return bytes;
  throw new Error(`the key file ${path} is damaged: expected one line of base64; restore it from a copy`);
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | undefined)?.code;
