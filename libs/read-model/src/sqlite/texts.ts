import type { Statements } from './statements.ts';

export const TEXT_SQL = {
  find: 'SELECT id FROM texts WHERE text = ?',
  add: 'INSERT INTO texts (text) VALUES (?)',
} as const;

/** Texts whose number is remembered. */
const KEPT = 20_000;

/** Texts that many events share (types, targets, people), each kept once and called by its number. */
export class Texts {
  readonly #known = new Map<string, number>();

  constructor(private readonly sql: Statements) {}

  /** Undefined when no event ever had it. */
  find(text: string): number | undefined {
    return this.#known.get(text) ?? (this.sql.first(TEXT_SQL.find, text)?.['id'] as number | undefined);
  }

  /** Within the caller's transaction; `forget` when that is rolled back. */
  idOf(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const id = this.find(text) ?? Number(this.sql.run(TEXT_SQL.add, text).lastInsertRowid);
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(text, id);
    return id;
  }

  forget(): void {
    this.#known.clear();
  }
}
