import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UnavailableError } from '../errors.ts';
import { HeadSignal } from '../head-signal.ts';
import { Positions } from '../positions.ts';
import { openReader } from './connection.ts';
import { SqliteEventStore } from './event-store.sqlite.ts';
import { notApplied, sqliteFault } from './faults.ts';
import { FileLock } from './lock.ts';
import { Reader } from './reader.ts';
import { Writer } from './writer.ts';

const DEFAULT_TIMEOUT_MS = 30_000;

export interface SqliteEventStoreOptions {
  /** Path of the database file; its folder is made when missing. `-wal`, `-shm` and `.lock` files stand beside it. */
  readonly file: string;
  /** How long one append may take before its outcome counts as unknown. */
  readonly timeoutMs?: number;
  /** Most pages (of 4 KiB) the file may have; the disk is the limit when absent. */
  readonly maxPages?: number;
}

/**
 * Opens the log, making the file when there is none.
 * @throws UnavailableError when another process has it, it cannot be written, or a newer program made it
 * @throws CorruptionError when the file is damaged
 */
export async function openSqliteEventStore(options: SqliteEventStoreOptions): Promise<SqliteEventStore> {
  const file = canonicalPath(options.file);
  const lock = FileLock.take(file);
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  let writer: Writer | undefined;
  try {
    const head = new HeadSignal();
    const start = { file, ...(options.maxPages === undefined ? {} : { maxPages: options.maxPages }) };
    const opened = await Writer.open(start, { timeoutMs, onMoved: () => head.moved() });
    writer = opened.writer;
    const positions = new Positions('s1', opened.storeId);
    return new SqliteEventStore({ positions, writer, reader: readerOf(file, positions), lock, head });
  } catch (error) {
    await writer?.stop(timeoutMs);
    lock.release();
    throw error;
  }
}

function readerOf(file: string, positions: Positions): Reader {
  try {
    return new Reader(openReader(file), file, positions);
  } catch (error) {
    throw notApplied(sqliteFault(error), file, 'open for reading');
  }
}

/** One name for one file, whatever way led to it: the lock is found by name. */
function canonicalPath(given: string): string {
  const path = resolve(given);
  try {
    mkdirSync(dirname(path), { recursive: true });
    return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UnavailableError(`event store ${path}: its folder cannot be made or reached: ${reason}`);
  }
}
