import type { DatabaseSync } from 'node:sqlite';

/** Marks the file as ours: 'WFER'. */
const APPLICATION_ID = 0x57464552;
/** Version of the tables below. The log can fill them again at any time: a file of another version is emptied. */
export const FILE_VERSION = 4;

/**
 * Events are in log order by `seq`, which is their rowid and so the last part of each of their indexes. Texts many of them
 * share are in `texts`. Of executions, `place` is the order in which executions first appeared, which is that of the log. Each filter has an index that ends
 * with the order of the list; what drivers and scheduler ask has a partial one, as long as what is left to be done.
 */
const TABLES = `
  CREATE TABLE slot (
    only INTEGER PRIMARY KEY CHECK (only = 1), generation INTEGER NOT NULL, is_complete INTEGER NOT NULL
  ) STRICT;
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
    revision INTEGER NOT NULL, is_open INTEGER NOT NULL, is_queued INTEGER NOT NULL, has_resource INTEGER NOT NULL, archive TEXT,
    running_from TEXT, finished_from TEXT, released_from TEXT, life_level INTEGER NOT NULL, hold_level INTEGER
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
  CREATE INDEX locked_targets ON executions (target, lock) WHERE lock IN ('Held', 'Releasing');
  CREATE INDEX archivable_ones ON executions (updated_at, place, id)
    WHERE is_open = 0 AND has_resource = 0 AND archive IS NULL;
  CREATE INDEX lives ON executions (life_level, created_at, id);
  CREATE INDEX lives_of_target ON executions (target, life_level, created_at, id);
  CREATE INDEX holds ON executions (target, hold_level, running_from) WHERE hold_level IS NOT NULL;

  CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    position TEXT NOT NULL, revision INTEGER NOT NULL, time INTEGER NOT NULL,
    execution INTEGER NOT NULL, type INTEGER NOT NULL, actor INTEGER NOT NULL, correlation INTEGER NOT NULL,
    target INTEGER, workflow INTEGER, outcome INTEGER
  ) STRICT;
  CREATE INDEX events_by_execution ON events (execution);
  CREATE INDEX events_by_type ON events (type);
  CREATE INDEX events_by_actor ON events (actor);
  CREATE INDEX events_by_correlation ON events (correlation);
  CREATE INDEX events_by_target ON events (target);
  CREATE INDEX events_by_workflow ON events (workflow);
  CREATE INDEX events_by_outcome ON events (outcome) WHERE outcome IS NOT NULL;
  CREATE TABLE spans (first INTEGER PRIMARY KEY, high INTEGER NOT NULL, low INTEGER NOT NULL) STRICT;
  CREATE INDEX spans_by_high ON spans (high, first);
  CREATE INDEX spans_by_low ON spans (low, first);
`;

export const TABLE_NAMES = ['checkpoint', 'executions', 'events', 'spans', 'texts'] as const;

/** Which of the files of a read model one is; the complete one of the highest generation counts. */
export interface Generation {
  readonly generation: number;
  /** False while it is being filled beside another. */
  readonly isComplete: boolean;
}

/** What a file says of itself; undefined when it is empty or of another version. @throws Error for somebody else's file */
export function generationOf(db: DatabaseSync, file: string): Generation | undefined {
  if (pragma(db, 'schema_version') === 0) return undefined;
  if (pragma(db, 'application_id') !== APPLICATION_ID)
    throw new Error(`read model ${file}: this SQLite file is something else's; name another file`);
  if (pragma(db, 'user_version') !== FILE_VERSION) return undefined;
  const slot = db.prepare('SELECT generation, is_complete FROM slot').get();
  return { generation: Number(slot?.['generation']), isComplete: slot?.['is_complete'] === 1 };
}

/** Makes the tables in an empty file. */
export function createTables(db: DatabaseSync, { generation, isComplete }: Generation): void {
  inTransaction(db, () => {
    db.exec(TABLES);
    db.prepare('INSERT INTO slot (only, generation, is_complete) VALUES (1, ?, ?)').run(generation, Number(isComplete));
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${FILE_VERSION};`);
  });
}

/**
 * From now on this file counts, also after a power loss: all of it is on the disk before it says so. A checkpoint syncs
 * the file only when it has something to write, so it is given that.
 */
export function complete(db: DatabaseSync): void {
  db.exec(`
    PRAGMA synchronous = NORMAL;
    UPDATE slot SET is_complete = 0; PRAGMA wal_checkpoint(TRUNCATE);
    UPDATE slot SET is_complete = 1; PRAGMA wal_checkpoint(TRUNCATE);
  `);
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

const pragma = (db: DatabaseSync, name: string): number => Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
