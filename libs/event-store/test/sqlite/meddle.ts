import { openWriter } from '../../src/sqlite/connection.ts';

/** Node can take SQLite's protection against its own user away, which the types do not know yet. */
interface Protected {
  enableDefensive(isOn: boolean): void;
}

/** Changes a file behind the store's back, as somebody would whom nothing stops. */
export function meddle(file: string, sql: string): void {
  const db = openWriter(file);
  try {
    (db as unknown as Protected).enableDefensive(false);
    db.exec(sql);
  } finally {
    db.close();
  }
}
