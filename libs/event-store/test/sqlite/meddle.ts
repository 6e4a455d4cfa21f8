import { hash } from 'node:crypto';
import { openWriter } from '../../src/sqlite/connection.ts';

/** Node can take SQLite's protection against its own user away, which the types do not know yet. */
interface Protected {
  enableDefensive(isOn: boolean): void;
}

/** Changes a file behind the store's back, as somebody would whom nothing stops; `sha256(text)` is there for them. */
export function meddle(file: string, sql: string): void {
  const db = openWriter(file);
  try {
    (db as unknown as Protected).enableDefensive(false);
    db.function('sha256', (text) => hash('sha256', String(text), 'hex'));
    db.exec(sql);
  } finally {
    db.close();
  }
}
