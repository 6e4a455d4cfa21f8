import { existsSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { format, parse } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { configure, connected, DamagedFileError, withoutSync } from './connection.ts';
import type { Generation } from './schema.ts';
import { complete, createTables, generationOf } from './schema.ts';

/** A database in one of the two places, open. */
interface Slot {
  readonly path: string;
  readonly generation: number;
  readonly db: DatabaseSync;
}

const IN_MEMORY = ':memory:';
/** What SQLite keeps beside a file. */
const SUFFIXES = ['', '-wal', '-shm', '-journal'] as const;

/**
 * Two places for the files of one read model: in one is the read model that counts, in the other, at times, the next. No
 * file is ever renamed. The complete one of the highest generation counts, so that a crash at any point leaves one.
 */
export class Slots {
  private successor: Slot | undefined;

  private constructor(
    private readonly first: string,
    private counting: Slot,
  ) {}

  /**
   * A damaged file beside a complete one is what a power loss left of building it, and is removed.
   * @throws Error that says what to do when a file is no read model or cannot be opened
   */
  static at(file: string): Slots {
    const paths = file === IN_MEMORY ? [file] : [file, beside(file)];
    const known = paths.filter((path) => existsSync(path)).map((path) => ({ path, said: generationAt(path) }));
    const [best] = known
      .flatMap(({ path, said }) => (isComplete(said) ? [{ path, generation: said.generation }] : []))
      .sort((a, b) => b.generation - a.generation);
    const damaged = known.map(({ said }) => said).find((said) => said instanceof DamagedFileError);
    if (best === undefined && damaged !== undefined) throw damaged;
    for (const path of paths) if (path !== best?.path) remove(path);
    return new Slots(file, best === undefined ? made(file, { generation: 1, isComplete: true }) : found(best));
  }

  /** The database that counts. */
  get db(): DatabaseSync {
    return this.counting.db;
  }

  /** An empty database in the other place; what was there is removed. */
  next(): DatabaseSync {
    this.discard();
    const { path, generation } = this.counting;
    const other = path === this.first ? beside(path) : this.first;
    remove(other);
    this.successor = made(other, { generation: generation + 1, isComplete: false });
    return withoutSync(this.successor.db);
  }

  /** Has what the next database wrote brought to the disk, beside the event loop: then `promote` takes no time. */
  async settle(): Promise<void> {
    const path = this.successor?.path;
    if (path !== undefined && path !== IN_MEMORY) await Promise.all([synced(path), synced(`${path}-wal`)]);
  }

  /** The next database counts, durably. The one before is closed and removed. */
  promote(): void {
    if (this.successor === undefined) throw new Error('read model: expected a next one to take the place of this one');
    const before = this.counting;
    complete(this.successor.db);
    this.counting = this.successor;
    this.successor = undefined;
    letGo(before);
  }

  /** The next database is closed and removed. Safe to call twice. */
  discard(): void {
    if (this.successor !== undefined) letGo(this.successor);
    this.successor = undefined;
  }

  /** Safe to call twice. */
  close(): void {
    this.discard();
    if (this.db.isOpen) this.db.close();
  }
}

/** Where the one after the one in `file` is built: read-model.2.sqlite beside read-model.sqlite. */
function beside(file: string): string {
  if (file === IN_MEMORY) return file;
  const { dir, name, ext } = parse(file);
  return format({ dir, name: `${name}.2`, ext });
}

type Said = Generation | DamagedFileError | undefined;

const isComplete = (said: Said): said is Generation =>
  said !== undefined && !(said instanceof DamagedFileError) && said.isComplete;

function generationAt(path: string): Said {
  try {
    return connected(path, (db) => {
      const said = generationOf(db, path);
      db.close();
      return said;
    });
  } catch (error) {
    if (error instanceof DamagedFileError) return error;
    throw error;
  }
}

const found = ({ path, generation }: { readonly path: string; readonly generation: number }): Slot =>
  connected(path, (db) => {
    configure(db);
    return { path, generation, db };
  });

const made = (path: string, generation: Generation): Slot =>
  connected(path, (db) => {
    createTables(db, generation);
    configure(db);
    return { path, generation: generation.generation, db };
  });

/** What cannot be removed now is found and removed at the next start. */
function letGo({ path, db }: Slot): void {
  if (db.isOpen) db.close();
  try {
    remove(path);
  } catch {
    return;
  }
}

async function synced(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function remove(path: string): void {
  if (path !== IN_MEMORY) for (const suffix of SUFFIXES) rmSync(`${path}${suffix}`, { force: true });
}
