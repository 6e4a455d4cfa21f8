import type { DatabaseSync } from 'node:sqlite';

/** Marks the file as ours: 'WFER'. */
const APPLICATION_ID = 0x57464552;
/** Version of the tables below. The log can fill them again at any time: a file of another version is emptied. */
export const FILE_VERSION = 2;

/**
 * `place` is the order in which executions first appeared, which is that of the log. Each filter has an index that ends
 * with the order of the list; what drivers and scheduler ask has a partial one, as long as what is left to be done.
 */
const TABLES = `
  CREATE TABLE checkpoint (only INTEGER PRIMARY KEY CHECK (only = 1), position TEXT NOT NULL) STRICT;
  CREATE TABLE executions (
    place INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    namespace TEXT NOT NULL, name TEXT NOT NULL,
    phase TEXT NOT NULL, outcome TEXT, reason TEXT,
    target TEXT NOT NULL, workflow_id TEXT NOT NULL, workflow_version TEXT NOT NULL, remediation_request TEXT NOT NULL,
    run_namespace TEXT NOT NULL, run_name TEXT NOT NULL,
    lock TEXT NOT NULL, lock_until TEXT,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL, finished_at TEXT, start_time TEXT, completion_time TEXT,
    revision INTEGER NOT NULL, is_open INTEGER NOT NULL, is_queued INTEGER NOT NULL, has_resource INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX by_creation ON executions (created_at, id);
  CREATE INDEX by_phase ON executions (phase, created_at, id);
  CREATE INDEX by_outcome ON executions (outcome, created_at, id);
  CREATE INDEX by_target ON executions (target, created_at, id);
  CREATE INDEX by_workflow ON executions (workflow_id, created_at, id);
  CREATE INDEX by_namespace ON executions (namespace, created_at, id);
  CREATE INDEX by_remediation_request ON executions (remediation_request, created_at, id);
  CREATE INDEX open_ones ON executions (place, id) WHERE is_open = 1;
  CREATE INDEX cooling_ones ON executions (lock_until, place, id) WHERE lock = 'Held' AND lock_until IS NOT NULL;
  CREATE INDEX queued_ones ON executions (run_namespace, run_name, place, id) WHERE is_queued = 1;
  CREATE INDEX holding_ones ON executions (run_namespace, run_name, place, id) WHERE lock IN ('Held', 'Releasing');
  CREATE INDEX ones_with_resource ON executions (place, id, namespace, name) WHERE has_resource = 1;
  CREATE INDEX finished_ones ON executions (finished_at, place, id)
    WHERE is_open = 0 AND has_resource = 1 AND finished_at IS NOT NULL;
`;

/** Makes the tables in an empty file; empties a file of another version. @throws Error for somebody else's file */
export function prepareFile(db: DatabaseSync, file: string): void {
  const isEmpty = pragma(db, 'schema_version') === 0;
  if (!isEmpty && pragma(db, 'application_id') !== APPLICATION_ID)
    throw new Error(`read model ${file}: this SQLite file is something else's; name another file`);
  if (!isEmpty && pragma(db, 'user_version') === FILE_VERSION) return;
  inTransaction(db, () => {
    dropTables(db);
    db.exec(TABLES);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FILE_VERSION};`);
  });
}

/** Writes everything `write` writes, or nothing. */
export function inTransaction(db: DatabaseSync, write: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    write();
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

function dropTables(db: DatabaseSync): void {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  for (const { name } of tables) db.exec(`DROP TABLE "${String(name).replaceAll('"', '""')}"`);
}

const pragma = (db: DatabaseSync, name: string): number => Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
