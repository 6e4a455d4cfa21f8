import type { SQLInputValue } from 'node:sqlite';
import { DatabaseSync } from 'node:sqlite';
import { createHash } from 'node:crypto';
import { GENESIS_HASH, hashedTextOf } from '#event-store';

export interface Cells {
  position: number;
  stream: string;
  revision: number;
  category: string;
  id: string;
  type: string;
  schema_version: number;
  data: string;
  metadata: string;
  previous_hash: string;
  hash: string;
}

/** How a forger makes hashes; the log's own way when nothing else is said. */
export type Hashing = (text: string) => string;
const sha256: Hashing = (text) => createHash('sha256').update(text).digest('hex');

/** Somebody who has the file and knows how it is made, but has no key. */
export class Meddler {
  private readonly db: DatabaseSync;

  constructor(file: string) {
    // Not defensive: nothing protects a file from the one who has it. (Node knows the option, its types do not yet.)
    const unprotected = { readOnly: false, defensive: false };
    this.db = new DatabaseSync(file, unprotected);
    try {
      this.db.exec('PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF; BEGIN');
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  done(): void {
    this.db.exec('COMMIT');
    this.db.close();
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.db.prepare(sql).run(...values).changes);
  }

  row(position: number): Cells {
    return this.db.prepare('SELECT * FROM events WHERE position = ?').get(position) as unknown as Cells;
  }

  bytes(position: number, column: keyof Cells): Uint8Array {
    const row = this.db.prepare(`SELECT CAST(${column} AS BLOB) AS bytes FROM events WHERE position = ?`).get(position);
    return row?.['bytes'] as Uint8Array;
  }

  stream(stream: string): Cells[] {
    const rows = this.db.prepare('SELECT * FROM events WHERE stream = ? ORDER BY revision').all(stream);
    return rows as unknown as Cells[];
  }

  all(): Cells[] {
    return this.db.prepare('SELECT * FROM events ORDER BY position').all() as unknown as Cells[];
  }

  /** Anything but the position. */
  set(position: number, cells: Partial<Cells>): void {
    const names = Object.keys(cells) as (keyof Cells)[];
    const values = names.map((name) => cells[name] as SQLInputValue);
    this.run(
      `UPDATE events SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE position = ?`,
      ...values,
      position,
    );
  }

  insert(row: Cells): void {
    const names = Object.keys(row) as (keyof Cells)[];
    const values = names.map((name) => row[name]);
    this.run(`INSERT INTO events (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`, ...values);
  }

  /** Makes room for one event at this position. */
  makeRoom(position: number): void {
    this.run('UPDATE events SET position = -position WHERE position >= ?', position);
    this.run('UPDATE events SET position = 1 - position WHERE position < 0');
    this.setCounter();
  }

  /** Positions dense again, and the store remembers no others. */
  renumber(): void {
    for (const [index, { position }] of this.all().entries())
      if (position !== index + 1) this.run('UPDATE events SET position = ? WHERE position = ?', index + 1, position);
    this.setCounter();
  }

  setCounter(): void {
    this.run("UPDATE sqlite_sequence SET seq = (SELECT coalesce(max(position), 0) FROM events) WHERE name = 'events'");
    this.run('DELETE FROM categories WHERE name NOT IN (SELECT category FROM events)');
  }

  /** Revisions of a stream dense again. */
  renumberStream(stream: string): void {
    for (const [revision, row] of this.stream(stream).entries())
      if (row.revision !== revision) this.set(row.position, { revision });
  }

  /** The events of a stream hashed and chained anew, from a revision to its end. */
  rechain(stream: string, from = 0, hashing: Hashing = sha256): void {
    let previous = GENESIS_HASH;
    for (const row of this.stream(stream)) {
      if (row.revision >= from) {
        const hash = hashOf(previous, row, hashing);
        this.set(row.position, { previous_hash: previous, hash });
        previous = hash;
      } else previous = row.hash;
    }
  }

  swapPositions(a: number, b: number): void {
    this.run('UPDATE events SET position = -1 WHERE position = ?', a);
    this.run('UPDATE events SET position = ? WHERE position = ?', a, b);
    this.run('UPDATE events SET position = ? WHERE position = -1', b);
  }
}

export const hashOf = (previous: string, row: Cells, hashing: Hashing = sha256): string =>
  hashing(
    hashedTextOf(previous, {
      ...row,
      schemaVersion: row.schema_version,
      dataText: row.data,
      metadataText: row.metadata,
    }),
  );
