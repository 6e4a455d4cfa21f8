import { DatabaseSync } from 'node:sqlite';

/** What is asked often fits, and what a rebuild writes to, so that it does not read that again and again. */
const CACHE_KIB = 32 * 1024;

/** Pages of 4 KiB written beside the file before they are written into it: a rebuild writes the same ones often. */
const WAL_PAGES = 4_000;

/** Milliseconds a statement waits for somebody else's lock; nobody else should have one. */
const BUSY_TIMEOUT_MS = 2_000;

/** SQLite cannot read the file. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
  constructor(file: string, cause: unknown) {
    const told = 'the file is damaged or no database; delete it (it is rebuilt from the log) or name another file';
    super(`read model ${file}: ${told}`, { cause });
  }
}

/**
 * Opens a file for `use`, and closes it when that fails.
 * @throws DamagedFileError, and Error that says what to do when it cannot be opened
 */
export function connected<T>(file: string, use: (db: DatabaseSync) => T): T {
  const db = opened(file);
  try {
    return use(db);
  } catch (error) {
    if (db.isOpen) db.close();
    throw isCorrupt(error) ? new DamagedFileError(file, error) : error;
  }
}

/** NORMAL: a power loss may take the last transactions, rows and checkpoint alike. The log still has the events. */
export function configure(db: DatabaseSync): void {
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA wal_autocheckpoint = ${WAL_PAGES};
    PRAGMA trusted_schema = OFF;
    PRAGMA cache_size = -${CACHE_KIB};
  `);
}

/**
 * For a file that does not count yet: nothing waits for the disk, which would hold up all that is answered meanwhile. What a
 * power loss leaves of it is removed at the next start; `complete` makes it durable.
 */
export function withoutSync(db: DatabaseSync): DatabaseSync {
  db.exec('PRAGMA synchronous = OFF');
  return db;
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const isCorrupt = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && (error.errcode === 11 || error.errcode === 26);

function opened(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `read model ${file}: the file cannot be opened (${why}); check that its folder exists and is writable`,
      { cause: error },
    );
  }
}
