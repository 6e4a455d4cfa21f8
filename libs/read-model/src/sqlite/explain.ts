import { DatabaseSync } from 'node:sqlite';

/** How SQLite would answer a query on this file, one line for each step; for tests, which may not know SQLite. */
export function explain(file: string, sql: string): readonly string[] {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    // Which values are asked for does not matter to the plan: nothing here is ever ANALYZEd.
    return db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...Array.from({ length: sql.split('?').length - 1 }, () => 1))
      .map((step) => String(step['detail']));
  } finally {
    db.close();
  }
}
