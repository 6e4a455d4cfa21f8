import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CorruptionError, openSqliteEventStore, UnavailableError } from '#event-store';
import { openReader, openWriter } from '../../src/sqlite/connection.ts';
import { LOG_STATEMENTS } from '../../src/sqlite/log-pages.ts';
import { newEvent, newEvents } from '../events.ts';
import { TemporaryFolder } from '../folders.ts';

let folder: TemporaryFolder;
beforeEach(() => (folder = new TemporaryFolder()));
afterEach(() => folder[Symbol.dispose]());

/** Changes the file behind the store's back. */
function edit(sql: string): void {
  const db = openWriter(folder.file());
  db.exec(sql);
  db.close();
}

describe('one process writes a file', () => {
  test('a second opener is told who has it, in the same process, by another path too', async () => {
    const store = await openSqliteEventStore({ file: folder.file() });
    symlinkSync(folder.file(), folder.file('link.db'));
    for (const file of [folder.file(), folder.file('link.db'), join(folder.path, '.', 'log.db')]) {
      const second = openSqliteEventStore({ file });
      await expect(second).rejects.toThrow(UnavailableError);
      await expect(openSqliteEventStore({ file })).rejects.toThrow(
        new RegExp(
          `already in use by process ${process.pid} on host ${hostname()} since \\d{4}-.*Z; one process writes`,
        ),
      );
    }
    expect((await store.append('a-1', 'none', [newEvent()])).revision).toBe(0);
    await store.close();
    await (await openSqliteEventStore({ file: folder.file() })).close();
  });

  test('a second process is refused while the first lives, and let in when it is dead', async () => {
    const script = join(import.meta.dirname, 'writer-process.js');
    const child = spawn(process.execPath, [script, folder.file(), '1'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('["ack"')) break;
      await expect(openSqliteEventStore({ file: folder.file() })).rejects.toThrow(`in use by process ${child.pid} `);
    } finally {
      child.kill('SIGKILL');
    }
    await ended;
    const store = await openSqliteEventStore({ file: folder.file() });
    expect((await store.readStream('round1-0')).events.length).toBeGreaterThanOrEqual(5);
    await store.close();
  });

  test('a refused start leaves the file free', async () => {
    writeFileSync(folder.file(), 'this is no database, and long enough to show it is not one'.repeat(50));
    await expect(openSqliteEventStore({ file: folder.file() })).rejects.toThrow(CorruptionError);
    writeFileSync(folder.file(), '');
    await (await openSqliteEventStore({ file: folder.file() })).close();
  });
});

describe('the file is what it should be', () => {
  test('its folder is made, and closing leaves everything in the one file', async () => {
    const file = join(folder.path, 'deep', 'er', 'log.db');
    const store = await openSqliteEventStore({ file });
    await store.append('a-1', 'none', [newEvent()]);
    await store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
    expect(existsSync(file)).toBe(true);
  });

  test('once it is closed nobody reads it any more: the log beside it is folded in, and the file can be had alone', async () => {
    const store = await openSqliteEventStore({ file: folder.file() });
    for (let n = 0; n < 120; n += 1) await store.append(`a-${n}`, 'none', newEvents(100));
    for await (const page of store.links()) if (page.length > 0) break;
    const gaveUp = new AbortController();
    const check = store.selfCheck(gaveUp.signal);
    gaveUp.abort();
    await expect(check).rejects.toThrow(/abort/);
    const going = store.links()[Symbol.asyncIterator]();
    await going.next();
    await store.close();
    expect(existsSync(`${folder.file()}-wal`)).toBe(false);
    const alone = openWriter(folder.file());
    alone.exec('PRAGMA busy_timeout = 0');
    expect(alone.prepare('PRAGMA journal_mode = DELETE').get()).toEqual({ journal_mode: 'delete' });
    alone.close();
    const toTheEnd = async (): Promise<void> => {
      while ((await going.next()).done !== true);
    };
    await expect(toTheEnd()).rejects.toThrow(UnavailableError);
  });

  test.each(['', '-wal'])(
    'log.db%s that is moved away takes nothing more, and goes on when it is back',
    async (suffix) => {
      const path = folder.file() + suffix;
      const store = await openSqliteEventStore({ file: folder.file() });
      await store.append('a-1', 'none', [newEvent()]);
      renameSync(path, `${path}.moved`);
      const refusals = [() => store.append('a-1', 0, [newEvent()]), () => store.probe()];
      for (const asked of refusals) {
        await expect(asked()).rejects.toThrow(UnavailableError);
        await expect(asked()).rejects.toThrow(
          `${path} was removed or replaced while it is open; nothing more is recorded`,
        );
      }
      copyFileSync(`${path}.moved`, path); // the same bytes, and not the file that is open
      await expect(store.append('a-1', 0, [newEvent()])).rejects.toThrow(/was removed or replaced/);
      renameSync(`${path}.moved`, path);
      expect((await store.append('a-1', 0, [newEvent()])).revision).toBe(1);
      await store.close();
    },
  );

  test('a folder that cannot be made is a sentence', async () => {
    writeFileSync(folder.file('plain'), '');
    const opening = openSqliteEventStore({ file: join(folder.file('plain'), 'log.db') });
    await expect(opening).rejects.toThrow(/its folder cannot be made or reached/);
  });

  test('a file of a newer program is refused', async () => {
    await (await openSqliteEventStore({ file: folder.file() })).close();
    edit('PRAGMA user_version = 2');
    const opening = openSqliteEventStore({ file: folder.file() });
    await expect(opening).rejects.toThrow(/has version 2, this program knows up to 1; use the program version/);
  });

  test("another program's SQLite file is refused and left alone", async () => {
    edit('CREATE TABLE theirs (x)');
    await expect(openSqliteEventStore({ file: folder.file() })).rejects.toThrow(/is something else's/);
    const db = openReader(folder.file());
    expect(db.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'theirs' }]);
    db.close();
  });

  test('a commit waits for the disk: journal mode WAL, synchronous FULL', () => {
    const db = openWriter(folder.file());
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    db.close();
  });

  test('positions are never given twice, even after the newest events were removed by hand', async () => {
    const first = await openSqliteEventStore({ file: folder.file() });
    const { position } = await first.append('a-1', 'none', newEvents(3));
    await first.close();
    edit('DELETE FROM events WHERE position >= 2');
    const second = await openSqliteEventStore({ file: folder.file() });
    const again = await second.append('a-2', 'none', [newEvent()]);
    expect(second.compare(again.position, position)).toBeGreaterThan(0);
    await second.close();
  });

  test('damaged text in the log is a corruption error that names the place', async () => {
    const first = await openSqliteEventStore({ file: folder.file() });
    await first.append('a-1', 'none', newEvents(2));
    await first.close();
    edit(`UPDATE events SET data = '{"n":' WHERE revision = 1`);
    const second = await openSqliteEventStore({ file: folder.file() });
    await expect(second.readStream('a-1')).rejects.toThrow(CorruptionError);
    await expect(second.readStream('a-1')).rejects.toThrow('stream a-1, revision 1: data is no JSON any more');
    await second.close();
  });
});

describe('every page of the log comes from an index', () => {
  test('nothing is scanned or sorted, whatever the filter', async () => {
    const store = await openSqliteEventStore({ file: folder.file() });
    for (let n = 0; n < 50; n += 1) await store.append(`${'abc'[n % 3]}-${n}`, 'none', newEvents(5));
    const db = openReader(folder.file());
    for (const analyzed of [false, true]) {
      if (analyzed) edit('ANALYZE');
      const plan = (name: keyof typeof LOG_STATEMENTS): string[] =>
        db
          .prepare(`EXPLAIN QUERY PLAN ${LOG_STATEMENTS[name]}`)
          .all()
          .map((row) => String(row['detail']));
      expect(plan('all')).toEqual(['SEARCH events USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)']);
      expect(plan('head')).toEqual(['SEARCH events']);
      const byCategory = expect.stringMatching(
        /^SEARCH events USING (COVERING )?INDEX events_by_category \(category=\? AND/,
      );
      expect(plan('ofCategory')).toEqual([byCategory]);
      expect(plan('ofPrefix')).toEqual([byCategory]);
    }
    db.close();
    await store.close();
  });
});
