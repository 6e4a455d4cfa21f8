import { CorruptionError, openSqliteEventStore, START } from '#event-store';
import type { EventTexts, Link, SqliteEventStore, StoreFault } from '#event-store';
import type { JsonObject } from '#execution';
import { newEvent, newEvents } from '../events.ts';
import { TemporaryFolder } from '../folders.ts';
import { positionsOf } from '../links.ts';
import { meddle } from './meddle.ts';

let folder: TemporaryFolder;
beforeEach(() => (folder = new TemporaryFolder()));
afterEach(() => folder[Symbol.dispose]());

const EVENTS = 200;
const STRANGE = 'a\ufffdb\ufffd';

/** A log of EVENTS events in ten streams of two categories, changed behind the store's back. */
async function damaged(
  sql: string,
  look: (store: SqliteEventStore) => Promise<void>,
  last: JsonObject = { text: STRANGE },
): Promise<void> {
  const first = await openSqliteEventStore({ file: folder.file() });
  for (let n = 0; n < 10; n += 1)
    await first.append(`${n % 2 === 0 ? 'even' : 'odd'}-${n}`, 'none', [
      ...newEvents(EVENTS / 10 - 1, n),
      newEvent({ data: { ...last, n } }),
    ]);
  await first.close();
  meddle(folder.file(), sql);
  const store = await openSqliteEventStore({ file: folder.file() });
  await look(store);
  await store.close();
}

const faultsAfter = async (sql: string): Promise<readonly StoreFault[]> => {
  let faults: readonly StoreFault[] = [];
  await damaged(sql, async (store) => void (faults = await store.selfCheck()));
  return faults;
};

/** STRICT tables refuse what a hex editor does not. */
const UNCHECKED = 'PRAGMA writable_schema = ON';
const LOOSE = `${UNCHECKED}; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '') WHERE name = 'events'; PRAGMA writable_schema = RESET;`;

function fresh(): void {
  folder[Symbol.dispose]();
  folder = new TemporaryFolder();
}

describe('a row that is no event any more is an answer with its place', () => {
  const entriesAfter = async (sql: string): Promise<readonly EventTexts[]> => {
    let entries: readonly EventTexts[] = [];
    await damaged(sql, async (store) => void ({ entries } = await store.readTexts(START)));
    return entries;
  };
  const cases: readonly [string, string, string][] = [
    ['a text that is no JSON stays readable as text', `UPDATE events SET data = '{' WHERE position = 70`, 'whole'],
    ['a number too large to count', 'UPDATE events SET revision = 9223372036854775807 WHERE position = 70', 'revision'],
    [
      'a version too large to count',
      'UPDATE events SET schema_version = -9007199254740993 WHERE position = 70',
      'schema_version',
    ],
    [
      'a text larger than any event',
      `UPDATE events SET metadata = printf('%.*c', 300000, 'x') WHERE position = 70`,
      'metadata',
    ],
    ['bytes that are no UTF-8', `UPDATE events SET data = CAST(x'f0bfbd41' AS TEXT) WHERE position = 70`, 'data'],
    ['an id of bytes', `${LOOSE} UPDATE events SET id = x'00ff' WHERE position = 70`, 'id'],
    ['a revision that is a text', `${LOOSE} UPDATE events SET revision = 'x' WHERE position = 70`, 'revision'],
  ];
  test.each(cases)('%s', async (_, sql, column) => {
    const entries = await entriesAfter(sql);
    expect(entries).toHaveLength(EVENTS);
    const strange = entries.filter((entry) => entry.kind === 'unreadable');
    if (column === 'whole') return expect([strange, entries[69]]).toMatchObject([[], { dataText: '{' }]);
    expect(strange).toEqual([entries[69]]);
    expect(strange[0]).toMatchObject({ expected: expect.stringContaining(column) });
    expect(strange[0]!.position).toMatch(/:70$/);
  });

  test('characters that stand for bytes that are no text are told from those that were written', async () => {
    expect((await entriesAfter('SELECT 1')).every((entry) => entry.kind === 'whole')).toBe(true);
    // The last event of the first stream holds two; here one byte of one of them is another.
    fresh();
    const changed = `UPDATE events SET data = CAST(replace(CAST(data AS BLOB), x'efbfbd62', x'f0bfbd62') AS TEXT) WHERE position = 20`;
    expect((await entriesAfter(changed))[19]).toMatchObject({ kind: 'unreadable' });
    fresh();
    const shorter = `UPDATE events SET data = CAST(replace(CAST(data AS BLOB), x'efbfbd', x'80') AS TEXT) WHERE position = 20`;
    expect((await entriesAfter(shorter))[19]).toMatchObject({ kind: 'unreadable' });
  });

  test('a number that cannot be counted is corruption to those who read events', async () => {
    await damaged('UPDATE events SET revision = 9223372036854775807 WHERE position = 70', async (store) => {
      await expect(store.readAll(START)).rejects.toThrow(CorruptionError);
    });
  });
});

describe('a link is only said to be sound when every byte of its event is what was hashed', () => {
  const linksAfter = async (sql: string, last: JsonObject = {}): Promise<readonly Link[]> => {
    const links: Link[] = [];
    const take = async (store: SqliteEventStore): Promise<void> => {
      for await (const page of store.links()) links.push(...page);
    };
    await damaged(sql, take, last);
    return links;
  };
  const linkOf = (links: readonly Link[], at: number): Link | undefined =>
    links.find((link) => positionsOf(link).some((position) => position.endsWith(`:${at}`)));
  const set = (what: string): string => `UPDATE events SET ${what} WHERE position = 70`;
  const cases: readonly [string, string][] = [
    ['a changed text', set(`data = replace(data, '{', '{ ')`)],
    ['a text behind a NUL', set(`data = data || char(0) || 'x'`)],
    ['an id with something behind a NUL', set('id = id || char(0)')],
    ['a type with something behind a NUL', set(`type = type || char(0) || 'x'`)],
    ['another revision', set('revision = 500')],
    ['a revision too large to count', set('revision = 9223372036854775807')],
    ['another version', set('schema_version = schema_version + 1')],
    ['no data', set(`data = ''`)],
    ['a text larger than any event', set(`metadata = printf('%.*c', 300000, 'x')`)],
    ['another hash', set(`hash = printf('%064d', 1)`)],
    ['the hash in capitals', set('hash = upper(hash)')],
    ['another hash before it', set(`previous_hash = printf('%064d', 1)`)],
    ['data of bytes', `${LOOSE} ${set('data = CAST(data AS BLOB)')}`],
    ['an id of bytes', `${LOOSE} ${set('id = CAST(id AS BLOB)')}`],
  ];
  test.each(cases)('%s', async (_, sql) => {
    const kinds = (await linksAfter(sql)).flatMap((link) => positionsOf(link).map(() => link.kind));
    expect(kinds).toHaveLength(EVENTS);
    expect(kinds[69]).not.toBe('sound');
    expect(kinds[199]).toBe('sound');
  });

  test('text moved from data to metadata, so that the hash still fits', async () => {
    const moved = `UPDATE events SET data = '{"a":1', id = 'b', metadata = '{},"n":3},"id":"' || id || '","metadata":' || metadata WHERE position = 80`;
    const links = await linksAfter(moved, { a: 1, id: 'b', metadata: {} });
    expect(linkOf(links, 80)).toMatchObject({ kind: 'whole', dataText: '{"a":1' });
  });

  test('bytes that are no UTF-8, told from the characters that stand for them', async () => {
    const changed = `UPDATE events SET data = CAST(replace(CAST(data AS BLOB), x'efbfbd62', x'f0bfbd62') AS TEXT) WHERE position = 20`;
    expect(linkOf(await linksAfter(changed, { text: STRANGE }), 20)!.kind).toBe('unreadable');
  });
});

describe('the store finds', () => {
  const REFILL = `
    CREATE TABLE kept AS SELECT * FROM events; DELETE FROM events;
    INSERT INTO events SELECT * FROM kept; DROP TABLE kept;`;
  const cases: readonly [string, string, Partial<StoreFault>][] = [
    [
      'newest events that are gone',
      'DELETE FROM events WHERE position > 190',
      { kind: 'TailCut', position: expect.stringMatching(/:191$/) },
    ],
    ['all events that are gone', 'DELETE FROM events', { kind: 'TailCut', position: expect.stringMatching(/:1$/) }],
    [
      'a memory of them that was set back',
      "UPDATE sqlite_sequence SET seq = 5 WHERE name = 'events'",
      { kind: 'CounterMoved' },
    ],
    ['one that was taken away', 'DELETE FROM sqlite_sequence', { kind: 'CounterMoved' }],
    ['one that was set ahead', "UPDATE sqlite_sequence SET seq = 201 WHERE name = 'events'", { kind: 'TailCut' }],
    ['an event before the log begins', 'UPDATE events SET position = 0 WHERE position = 1', { kind: 'OutOfLog' }],
    ['an event far before it', 'UPDATE events SET position = -7 WHERE position = 3', { kind: 'OutOfLog' }],
    [
      'an event behind all that can be counted',
      `UPDATE events SET position = 9223372036854775806 WHERE position = 200`,
      { kind: 'OutOfLog' },
    ],
    [
      'an event under another category',
      "UPDATE events SET category = 'odd' WHERE position = 5",
      { kind: 'Misfiled', position: expect.stringMatching(/:5$/) },
    ],
    [
      'an event under a category of its own',
      "UPDATE events SET category = 'evem' WHERE position = 5",
      { kind: 'Misfiled', position: expect.stringMatching(/:5$/) },
    ],
    [
      'a category that is not listed',
      "DELETE FROM categories WHERE name = 'odd'",
      { kind: 'Misfiled', position: expect.stringMatching(/:21$/) },
    ],
    ['a category of nothing', "INSERT INTO categories VALUES ('other')", { kind: 'Misfiled' }],
    ['an index that is gone', 'DROP INDEX events_by_stream', { kind: 'TablesChanged' }],
    [
      'a trigger',
      "CREATE TRIGGER t AFTER INSERT ON events BEGIN UPDATE events SET data = '{}' WHERE position = 1; END",
      { kind: 'TablesChanged' },
    ],
    ['a table that takes anything', LOOSE, { kind: 'TablesChanged' }],
  ];
  test.each(cases)('%s', async (_, sql, fault) => {
    expect((await faultsAfter(sql))[0]).toMatchObject(fault);
  });

  test('nothing in a file that was rewritten as it was, or analyzed', async () => {
    expect(await faultsAfter(REFILL)).toEqual([]);
    fresh();
    expect(await faultsAfter('ANALYZE; VACUUM;')).toEqual([]);
  });
});
