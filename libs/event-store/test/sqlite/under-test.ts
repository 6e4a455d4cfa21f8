import type { EventStore, Position, SqliteEventStore } from '#event-store';
import { openSqliteEventStore } from '#event-store';
import type { StoreUnderTest } from '../contract.ts';
import { TemporaryFolder } from '../folders.ts';

/** A SQLite store in a folder of its own. */
export async function sqliteUnderTest(): Promise<StoreUnderTest> {
  const folder = new TemporaryFolder();
  return {
    open: () => openSqliteEventStore({ file: folder.file() }),
    beyond: (head) => head.replace(/\d+$/, (number) => String(Number(number) + 1)) as Position,
    openSubscriptions: (store: EventStore) => (store as SqliteEventStore).openSubscriptions,
    dispose: async () => folder[Symbol.dispose](),
  };
}
