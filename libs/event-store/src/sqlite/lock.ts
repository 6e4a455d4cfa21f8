import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { UnavailableError } from '../errors.ts';
import { notApplied, sqliteFault } from './faults.ts';

const BUSY = 5;

/**
 * The right to write an event store file, held by one process: a write transaction left open on `<file>.lock`. The
 * operating system takes it back when the process dies, however it dies. Who holds it can still be read there.
 * Like every file lock it is only as good as the file system: local disks and block volumes yes, NFS no.
 */
export class FileLock {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** @throws UnavailableError that says who holds it */
  static take(file: string): FileLock {
    const db = opened(file);
    try {
      hold(db, file);
      return new FileLock(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  release(): void {
    if (!this.#db.isOpen) return;
    this.#db.exec('ROLLBACK');
    this.#db.close();
  }
}

function opened(file: string): DatabaseSync {
  try {
    return new DatabaseSync(`${file}.lock`, { timeout: 0 });
  } catch (error) {
    throw notApplied(sqliteFault(error), `${file}.lock`, 'open');
  }
}

/** Says who we are, then keeps the next transaction open. Another process may slip in between: then it is the holder. */
function hold(db: DatabaseSync, file: string): void {
  const token = randomUUID();
  try {
    db.exec('BEGIN IMMEDIATE');
    db.exec('CREATE TABLE IF NOT EXISTS holder (token TEXT, pid INTEGER, host TEXT, since TEXT); DELETE FROM holder');
    const since = new Date().toISOString();
    db.prepare('INSERT INTO holder VALUES (?, ?, ?, ?)').run(token, process.pid, hostname(), since);
    db.exec('COMMIT; BEGIN IMMEDIATE');
  } catch (error) {
    const fault = sqliteFault(error);
    if (db.isTransaction) db.exec('ROLLBACK');
    throw fault.code === BUSY ? heldByAnother(db, file) : notApplied(fault, `${file}.lock`, 'lock');
  }
  if (holder(db)?.['token'] !== token) throw heldByAnother(db, file);
}

function heldByAnother(db: DatabaseSync, file: string): UnavailableError {
  const row = holder(db);
  const who =
    row === undefined
      ? 'another process'
      : `process ${Number(row['pid'])} on host ${String(row['host'])} since ${String(row['since'])}`;
  return new UnavailableError(
    `event store ${file}: already in use by ${who}; one process writes a store: stop that one, run one replica only, or name another file`,
  );
}

function holder(db: DatabaseSync): Record<string, unknown> | undefined {
  try {
    return db.prepare('SELECT token, pid, host, since FROM holder').get();
  } catch {
    // The other one is just writing it down, or has not got there: then we know only that it is there.
    return undefined;
  }
}
