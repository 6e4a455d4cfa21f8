import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { categoryOf } from '../prepare.ts';

/** Positions looked at for one page when the index cannot answer alone. */
const SCAN_WINDOW = 10_000;

/** Statements of the log pages; a test asks SQLite how it would run them. */
export const LOG_STATEMENTS = {
  head: 'SELECT max(position) AS head FROM events',
  categories: 'SELECT name FROM categories',
  all: 'SELECT position FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?',
  ofCategory:
    'SELECT position FROM events WHERE category = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?',
  ofPrefix: `
    SELECT position FROM events
    WHERE category = ? AND position > ? AND position <= ? AND stream >= ? AND stream < ?
    ORDER BY position LIMIT ?`,
} as const;

export interface PositionPage {
  /** Of matching events, ascending. */
  readonly positions: readonly number[];
  /** Last position looked at. */
  readonly upTo: number;
}

/** Part of a filter: the streams of one category, or those of it whose name starts with a prefix. */
interface Part {
  readonly category: string;
  readonly prefix?: string;
}

/**
 * Which positions come next, by index. A filter is split into categories, each has its own index range in log order,
 * and the ranges are merged; so nothing is sorted or scanned but the page itself.
 */
export class LogPages {
  readonly #statements: Record<keyof typeof LOG_STATEMENTS, StatementSync>;

  constructor(db: DatabaseSync) {
    const names = Object.keys(LOG_STATEMENTS) as (keyof typeof LOG_STATEMENTS)[];
    const statements = names.map((name) => [name, db.prepare(LOG_STATEMENTS[name])] as const);
    this.#statements = Object.fromEntries(statements) as Record<keyof typeof LOG_STATEMENTS, StatementSync>;
  }

  head(): number {
    return Number(this.#statements.head.get()?.['head'] ?? 0);
  }

  after(after: number, head: number, prefixes: readonly string[] | undefined, limit: number): PositionPage {
    if (prefixes === undefined) return page(positions(this.#statements.all.all(after, head, limit)), head, limit);
    const parts = this.#partsOf(prefixes);
    const isIndexed = parts.every((part) => part.prefix === undefined);
    const upTo = isIndexed ? head : Math.min(head, after + SCAN_WINDOW);
    const found = new Set(parts.flatMap((part) => this.#ofPart(part, after, upTo, limit)));
    const ascending = [...found].sort((a, b) => a - b).slice(0, limit);
    return page(ascending, upTo, limit);
  }

  #ofPart({ category, prefix }: Part, after: number, upTo: number, limit: number): number[] {
    const { ofCategory, ofPrefix } = this.#statements;
    if (prefix === undefined) return positions(ofCategory.all(category, after, upTo, limit));
    // The alphabet of stream names ends at 'z', so '{', the next character, ends the range of a prefix.
    return positions(ofPrefix.all(category, after, upTo, prefix, `${prefix}{`, limit));
  }

  #partsOf(prefixes: readonly string[]): Part[] {
    const categories = this.#statements.categories.all().map((row) => String(row['name']));
    return prefixes.flatMap((prefix): Part[] => {
      if (!prefix.includes('-'))
        return categories.filter((name) => name.startsWith(prefix)).map((category) => ({ category }));
      const category = categoryOf(prefix);
      return prefix === `${category}-` ? [{ category }] : [{ category, prefix }];
    });
  }
}

/** A full page ends at its last event; otherwise everything up to `upTo` was looked at. */
function page(found: readonly number[], upTo: number, limit: number): PositionPage {
  return { positions: found, upTo: found.length === limit ? found.at(-1)! : upTo };
}

function positions(rows: readonly Record<string, unknown>[]): number[] {
  return rows.map((row) => Number(row['position']));
}
