import { DatabaseSync } from 'node:sqlite';
import type { ReadModel } from '#runtime';
import { SqliteReadModel } from './read-model.sqlite.ts';
import { prepareFile } from './schema.ts';

export interface SqliteReadModelOptions {
  /** Path of the file, made when it is not there; ':memory:' for one that is gone when it is closed. */
  readonly file: string;
}

/** The indexes of some ten thousand executions fit, so that a rebuild does not read them again and again. */
const CACHE_KIB = 16 * 1024;

/** Milliseconds a statement waits for somebody else's lock; nobody else should have one. */
const BUSY_TIMEOUT_MS = 2_000;

/**
 * Opens the read model of a file. What another version of this program left in it is forgotten, as after `reset`.
 * @throws Error that says what to do when the file is no read model or cannot be opened
 */
export async function openSqliteReadModel({ file }: SqliteReadModelOptions): Promise<ReadModel> {
  const db = opened(file);
  try {
    prepareFile(db, file);
    // NORMAL: a power loss may take the last transactions, rows and checkpoint alike. The log still has the events.
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      PRAGMA trusted_schema = OFF;
      PRAGMA cache_size = -${CACHE_KIB};
    `);
    return new SqliteReadModel(db);
  } catch (error) {
    db.close();
    throw isCorrupt(error) ? new Error(`read model ${file}: ${DAMAGED}`, { cause: error }) : error;
  }
}

const DAMAGED = 'the file is damaged or no database; delete it (it is rebuilt from the log) or name another file';

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
      {
        cause: error,
      },
    );
  }
}
