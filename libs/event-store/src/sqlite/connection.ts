import { DatabaseSync } from 'node:sqlite';

/** How long the writer waits for a lock: nobody else writes, so it has to when somebody meddles with the file only. */
const WRITER_BUSY_TIMEOUT_MS = 2_000;
/** The reader waits on the event loop, and for nothing but the recovery of a write-ahead log. */
const READER_BUSY_TIMEOUT_MS = 200;
/** Pages of write-ahead log (of 4 KiB each) before they are folded into the file: about every eight hundredth commit. */
const CHECKPOINT_PAGES = 4_000;
const READER_CACHE_KIB = 16 * 1024;
/** Whoever goes over the file once finds nothing twice, and its pages stay in the caches of the processor when they are few. */
const ONCE_CACHE_KIB = 1024;

/**
 * The one connection that writes. FULL: a commit is on the disk before it is acknowledged. The log is never truncated,
 * so that later commits overwrite blocks that are there already, which a disk does faster than growing a file.
 */
export function openWriter(file: string, maxPages?: number): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: WRITER_BUSY_TIMEOUT_MS });
  try {
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA trusted_schema = OFF;
      PRAGMA journal_size_limit = -1;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    `);
    if (maxPages !== undefined) db.exec(`PRAGMA max_page_count = ${maxPages}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Goes over the file once, from one end to the other. */
export const openOnce = (file: string): DatabaseSync => openReader(file, ONCE_CACHE_KIB);

/** Sees what is committed and durable; cannot write. */
export function openReader(file: string, cacheKiB = READER_CACHE_KIB): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true, timeout: READER_BUSY_TIMEOUT_MS });
  try {
    db.exec(`PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -${cacheKiB};`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
