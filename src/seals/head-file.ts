import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { PublishedHead } from '#event-store';
import { parsePublishedHead } from '#event-store';
import type { HeadPublisher } from '#runtime';

/** What follows the name of a head that is not whole yet. */
const UNFINISHED = /^\.[0-9a-f-]{36}\.tmp$/;

/** The newest seal in a file, which is replaced as a whole: whoever reads it sees the old head or the new one. */
export class HeadFile implements HeadPublisher {
  readonly where = 'file';
  readonly place: string;
  private readonly path: string;

  constructor(path: string) {
    this.path = resolve(path);
    this.place = `the file ${this.path}`;
  }

  async read(): Promise<PublishedHead | undefined> {
    try {
      return parsePublishedHead(await readFile(this.path, 'utf8'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async publish(head: PublishedHead): Promise<void> {
    const folder = dirname(this.path);
    await mkdir(folder, { recursive: true });
    await this.removeUnfinished(folder);
    const written = `${this.path}.${randomUUID()}.tmp`;
    try {
      await writeDurably(written, `${JSON.stringify(head, undefined, 2)}\n`);
      await rename(written, this.path);
    } catch (error) {
      await rm(written, { force: true });
      throw error;
    }
    await syncFolder(folder);
  }

  /** What a crash left behind. Of another writer it is the attempt, which that one repeats. */
  private async removeUnfinished(folder: string): Promise<void> {
    const name = basename(this.path);
    for (const left of await readdir(folder))
      if (left.startsWith(name) && UNFINISHED.test(left.slice(name.length)))
        await rm(join(folder, left), { force: true });
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
