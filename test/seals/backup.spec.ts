import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { openSqliteEventStore, SEAL_STREAM, START } from '#event-store';
import { KEYS, Sealing } from '../audit/sealed-log.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'backup-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As `sqlite3 FILE ".backup COPY"` does it: docs/operations/seals.md. */
async function backedUp(file: string, copy: string): Promise<void> {
  const db = new DatabaseSync(file, { readOnly: true });
  await backup(db, copy);
  db.close();
}

test('a log that is being written to is copied by SQLite whole, up to a moment, and the service goes on', async () => {
  const [file, copy] = [join(folder, 'events.sqlite'), join(folder, 'copy.sqlite')];
  const live = await openSqliteEventStore({ file });
  await live.append(SEAL_STREAM, 'any', [await new Sealing().introduction(KEYS.first)]);
  await backedUp(file, copy);
  const sealing = new Sealing();
  await live.append(SEAL_STREAM, 'any', [await sealing.introduction(KEYS.stranger)]);
  const { events } = await live.readAll(START);
  const restored = await openSqliteEventStore({ file: copy });
  expect([restored.storeId, (await restored.readAll(START)).events]).toEqual([live.storeId, events.slice(0, 1)]);
  await Promise.all([live.close(), restored.close()]);
});
