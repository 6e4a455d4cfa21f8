import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { PublishedHead } from '#event-store';
import { parsePublishedHead } from '#event-store';
import type { HeadPublisher } from '#runtime';

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
