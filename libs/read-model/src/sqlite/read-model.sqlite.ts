import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Position } from '#event-store';
import { START } from '#event-store';
import type {
  EventEntry,
  ExecutionFilter,
  ExecutionPage,
  ExecutionRow,
  ReadModel,
  ResourcePlace,
  RowChange,
} from '#runtime';
import { cursorOf, placeOf } from '../cursor.ts';
import { instant } from '../instant.ts';
import { checkedLimit } from '../page-limit.ts';
import { listQuery } from './list-query.ts';
import { LOOKUPS } from './lookups.ts';
import { rowOf, UPSERT, valuesOf } from './rows.ts';
import { inTransaction } from './schema.ts';

/** Statements kept prepared: one for each combination of filters that is asked for. */
const PREPARED_STATEMENTS = 64;

/** The read model in one SQLite file. Made by `openSqliteReadModel`. */
export class SqliteReadModel implements ReadModel {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  async checkpoint(): Promise<Position> {
    const [kept] = this.#all('SELECT position FROM checkpoint');
    return kept === undefined ? START : (kept['position'] as Position);
  }

  async apply(changes: readonly RowChange[], events: readonly EventEntry[], checkpoint: Position): Promise<void> {
    void events;
    inTransaction(this.#db, () => {
      for (const { row } of changes) this.#statement(UPSERT).run(...valuesOf(row));
      this.#statement('INSERT OR REPLACE INTO checkpoint (only, position) VALUES (1, ?)').run(checkpoint);
    });
  }

  async list(filter: ExecutionFilter, page: { cursor?: string; limit: number }): Promise<ExecutionPage> {
    const limit = checkedLimit(page.limit);
    const after = page.cursor === undefined ? undefined : placeOf(filter, page.cursor);
    const { sql, values } = listQuery(filter, after, limit + 1);
    const found = this.#all(sql, ...values).map(rowOf);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return found.length > limit && last !== undefined ? { items, next: cursorOf(filter, last) } : { items };
  }

  async get(id: string): Promise<ExecutionRow | undefined> {
    return this.#all(LOOKUPS.get, id).map(rowOf)[0];
  }

  async open(after: string | undefined, limit: number): Promise<readonly string[]> {
    return this.#ids(LOOKUPS.open, after ?? null, checkedLimit(limit));
  }

  async holding(runNamespace: string, runName: string, limit: number): Promise<readonly string[]> {
    return this.#ids(LOOKUPS.holding, runNamespace, runName, checkedLimit(limit));
  }

  async withResource(after: string | undefined, limit: number): Promise<readonly ResourcePlace[]> {
    const found = this.#all(LOOKUPS.withResource, after ?? null, checkedLimit(limit));
    return found.map(({ id, namespace, name }) => ({ id, namespace, name }) as ResourcePlace);
  }

  async cooledDown(at: string, limit: number): Promise<readonly string[]> {
    return this.#ids(LOOKUPS.cooledDown, instant(at), checkedLimit(limit));
  }

  async nextCooldownEnd(): Promise<string | undefined> {
    return this.#all(LOOKUPS.nextCooldownEnd)[0]?.['lock_until'] as string | undefined;
  }

  async waitingFor(runNamespace: string, runName: string, limit: number): Promise<readonly string[]> {
    return this.#ids(LOOKUPS.waitingFor, runNamespace, runName, checkedLimit(limit));
  }

  async expired(finishedAt: string, limit: number): Promise<readonly string[]> {
    return this.#ids(LOOKUPS.expired, instant(finishedAt), checkedLimit(limit));
  }

  async oldestEnd(): Promise<string | undefined> {
    return this.#all(LOOKUPS.oldestEnd)[0]?.['finished_at'] as string | undefined;
  }

  async reset(): Promise<void> {
    inTransaction(this.#db, () => {
      this.#statement('DELETE FROM executions').run();
      this.#statement('DELETE FROM checkpoint').run();
    });
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    this.#prepared.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  #ids(sql: string, ...values: SQLInputValue[]): string[] {
    return this.#all(sql, ...values).map((record) => record['id'] as string);
  }

  #all(sql: string, ...values: SQLInputValue[]): ReturnType<StatementSync['all']> {
    return this.#statement(sql).all(...values);
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.#db.prepare(sql);
    if (this.#prepared.size >= PREPARED_STATEMENTS) this.#prepared.clear();
    this.#prepared.set(sql, statement);
    return statement;
  }
}
