import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { UnavailableError } from '../errors.ts';

/** Marks the file as ours: 'WFES'. */
const APPLICATION_ID = 0x57464553;
/** Version of the tables below; a file of a newer one is refused. */
export const FILE_VERSION = 1;

/**
 * AUTOINCREMENT: a position is never given twice, even after the newest events were removed by hand; and as nothing is
 * ever removed by us, a gap in the positions shows that somebody did. Where a stream ends is read from its index, not
 * kept a second time: one page less to make durable with every append. `probe` is where writability is proved.
 */
const TABLES = `
  CREATE TABLE store (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE categories (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL, revision INTEGER NOT NULL, category TEXT NOT NULL,
    id TEXT NOT NULL, type TEXT NOT NULL, schema_version INTEGER NOT NULL,
    data TEXT NOT NULL, metadata TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
  CREATE INDEX events_by_category ON events (category, position);
  CREATE TABLE probe (only INTEGER PRIMARY KEY CHECK (only = 1), count INTEGER NOT NULL) STRICT;
`;

/** Makes the tables in an empty file, or checks that the file is ours. Answers the store id. */
export function prepareFile(db: DatabaseSync, file: string): string {
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = pragma(db, 'user_version');
    const isEmpty = pragma(db, 'schema_version') === 0;
    if (isEmpty) create(db);
    else checkOrigin(pragma(db, 'application_id'), version, file);
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
  return storeIdOf(db, file);
}

/** The tables as this program makes them, in an empty database. */
export function makeTables(db: DatabaseSync): void {
  db.exec(TABLES);
}

function create(db: DatabaseSync): void {
  makeTables(db);
  db.prepare("INSERT INTO store (key, value) VALUES ('store_id', ?)").run(randomUUID());
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FILE_VERSION};`);
}

function checkOrigin(applicationId: number, version: number, file: string): void {
  if (applicationId !== APPLICATION_ID) {
    throw new UnavailableError(`event store ${file}: this SQLite file is something else's; name another file`);
  }
  if (version > FILE_VERSION) {
    throw new UnavailableError(
      `event store ${file}: the file has version ${version}, this program knows up to ${FILE_VERSION}; use the program version that wrote it, or a newer one`,
    );
  }
}

function storeIdOf(db: DatabaseSync, file: string): string {
  const row = db.prepare("SELECT value FROM store WHERE key = 'store_id'").get();
  if (typeof row?.['value'] === 'string') return row['value'];
  throw new UnavailableError(`event store ${file}: the file carries no store id; restore it from a backup`);
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
