import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';

export type Found = Record<string, SQLOutputValue>;

/** Statements kept prepared: one for each combination of filters that is asked for. */
const KEPT = 256;

/** The statements of one database, prepared once. */
export class Statements {
  readonly #prepared = new Map<string, StatementSync>();

  constructor(readonly db: DatabaseSync) {}

  all(sql: string, ...values: readonly SQLInputValue[]): Found[] {
    return this.#statement(sql).all(...values);
  }

  first(sql: string, ...values: readonly SQLInputValue[]): Found | undefined {
    return this.#statement(sql).get(...values);
  }

  run(sql: string, ...values: readonly SQLInputValue[]): ReturnType<StatementSync['run']> {
    return this.#statement(sql).run(...values);
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const statement = this.db.prepare(sql);
    if (this.#prepared.size >= KEPT) this.#prepared.clear();
    this.#prepared.set(sql, statement);
    return statement;
  }
}
