import { copyFileSync } from 'node:fs';
import fc from 'fast-check';
import type { EventTexts, Link } from '#event-store';
import { openSqliteEventStore, SEAL_STREAM, START } from '#event-store';
import { RANGE_POSITIONS } from '../../src/sqlite/links.ts';
import { newEvents } from '../events.ts';
import { TemporaryFolder } from '../folders.ts';
import { expectedOf, linksOf, positionsOf, runsIn, said } from '../links.ts';
import { meddle } from './meddle.ts';

/** So many ranges that both threads read many of them. */
const EVENTS = 14 * RANGE_POSITIONS + 100;
const CHUNK = 64;

let folder: TemporaryFolder;
let whole: string;

beforeAll(async () => {
  folder = new TemporaryFolder();
  whole = folder.file('whole.db');
  const store = await openSqliteEventStore({ file: whole });
  const at = new Map<string, number>();
  for (let written = 0, n = 0; written < EVENTS; n += 1) {
    const stream = n % 29 === 0 ? SEAL_STREAM : `a-${(n * 7) % 40}`;
    const events = newEvents(Math.min(EVENTS - written, stream === SEAL_STREAM ? 1 : 1 + ((n * 5) % 60)));
    await store.append(stream, at.get(stream) ?? 'none', events);
    at.set(stream, (at.get(stream) ?? -1) + events.length);
    written += events.length;
  }
  await store.close();
});
afterAll(() => folder[Symbol.dispose]());

interface Seen {
  readonly links: readonly Link[];
  readonly texts: readonly EventTexts[];
}

/** What a copy of the log says after somebody was at it. */
async function seen(sql: string): Promise<Seen> {
  const file = folder.file('copy.db');
  copyFileSync(whole, file);
  meddle(file, sql);
  const store = await openSqliteEventStore({ file });
  try {
    const texts: EventTexts[] = [];
    for (let after = START, end = false; !end;) {
      const slice = await store.readTexts(after);
      texts.push(...slice.entries);
      ({ next: after, end } = slice);
    }
    return { links: await linksOf(store), texts };
  } finally {
    await store.close();
  }
}

const numberOf = (position: string): number => Number(position.split(':').at(-1));
const numbersOf = (link: Link): readonly number[] => positionsOf(link).map(numberOf);

/** The rule of all tests here: nothing twice, nothing left out, in order, and a run says what its texts say. */
function expectWhole({ links, texts }: Seen): void {
  expect(links.flatMap(numbersOf)).toEqual(texts.map(({ position }) => numberOf(position)));
  for (const run of runsIn(links)) expect(said(run)).toEqual(expectedOf(run, texts));
}

const unsound = (links: readonly Link[]): readonly number[] =>
  links.filter(({ kind }) => kind !== 'sound').flatMap(numbersOf);

/** First and last places of chunks and of ranges, and what is beside them. */
const EDGES = [
  ...[1, 2, CHUNK - 1, CHUNK, CHUNK + 1, CHUNK + 2],
  ...[1, 2, 8, 9, 10, 13, 14].flatMap((range) => [-1, 0, 1, 2].map((beside) => range * RANGE_POSITIONS + beside)),
  ...[EVENTS - 1, EVENTS],
];

const changed = (positions: readonly number[]): string =>
  `UPDATE events SET data = replace(data, '{', '{ ') WHERE position IN (${positions.join()})`;

test('the links of a long log, read by several threads, are its events in order, each once', async () => {
  const found = await seen('SELECT 1');
  expectWhole(found);
  expect(unsound(found.links)).toEqual([]);
});

test('an event that is not sound, at any edge of what is read at once, is the only one that is not said to be', async () => {
  const found = await seen(changed(EDGES));
  expectWhole(found);
  expect(unsound(found.links)).toEqual(EDGES);
});

test('whatever events are not sound, or cannot be fetched at all, all others are said to be, near enough', async () => {
  const places = fc.uniqueArray(fc.integer({ min: 1, max: EVENTS }), { maxLength: 150 });
  await fc.assert(
    fc.asyncProperty(places, places, async (odd, huge) => {
      const tooLarge = `UPDATE events SET revision = 9223372036854775807 - position WHERE position IN (${huge.join()})`;
      const found = await seen(`${changed(odd)}; ${tooLarge}`);
      expectWhole(found);
      const cared = new Set(unsound(found.links));
      expect([...odd, ...huge].filter((place) => !cared.has(place))).toEqual([]);
      expect(cared.size).toBeLessThanOrEqual(odd.length + huge.length * CHUNK);
    }),
    { numRuns: 8 },
  );
});

test('a long stretch of events that are not sound comes whole, and what comes after it as well', async () => {
  const [from, to] = [CHUNK * 3 + 5, RANGE_POSITIONS * 10 + 7];
  const found = await seen(`UPDATE events SET data = '' WHERE position BETWEEN ${from} AND ${to}`);
  expectWhole(found);
  expect(unsound(found.links)).toHaveLength(to - from + 1);
});

test.each([
  ['in the middle of a range', 100, 200],
  ['over several ranges', 700, RANGE_POSITIONS * 5 + 3],
  ['at the beginning', 1, RANGE_POSITIONS * 9],
  ['from edge to edge', RANGE_POSITIONS + 1, RANGE_POSITIONS * 12],
])('events taken out %s leave a gap, and no run reaches over it', async (_, from, to) => {
  expectWhole(await seen(`DELETE FROM events WHERE position BETWEEN ${from} AND ${to}`));
});

test('a gap as wide as positions can be is passed over at once', async () => {
  const found = await seen(`UPDATE events SET position = ${Number.MAX_SAFE_INTEGER} WHERE position = ${EVENTS}`);
  expectWhole(found);
  expect(found.links.flatMap(numbersOf).at(-1)).toBe(Number.MAX_SAFE_INTEGER);
});

test('an event that does not go on where the one before it in its stream ended begins another run', async () => {
  const { links } = await seen('SELECT 1');
  const run = runsIn(links).find(({ events }) => events > 200)!;
  const { stream, revision } = run.streams.find((part) => part.lastRevision > part.revision + 2)!;
  // Two of them change places; the hash of each still fits it.
  const place = (add: number): string =>
    `(SELECT position FROM events WHERE stream = '${stream}' AND revision = ${revision + add})`;
  const swapped = await seen(`
    CREATE TEMP TABLE places AS SELECT ${place(1)} AS one, ${place(2)} AS other;
    UPDATE events SET position = -1 WHERE position = (SELECT one FROM places);
    UPDATE events SET position = (SELECT one FROM places) WHERE position = (SELECT other FROM places);
    UPDATE events SET position = (SELECT other FROM places) WHERE position = -1`);
  expectWhole(swapped);
  expect(unsound(swapped.links)).toEqual([]);
  expect(runsIn(swapped.links).length).toBeGreaterThan(runsIn(links).length);
});

test.each(['id', 'type', 'data', 'metadata', 'previous_hash', 'stream'])(
  'a number where %s should be text is not sound, though its hash fits',
  async (column) => {
    const hashed = `concat(previous_hash, '{"data":', data, ',"id":', json_quote(id), ',"metadata":', metadata,
      ',"revision":', revision, ',"schemaVersion":', schema_version, ',"stream":', json_quote(stream),
      ',"type":', json_quote(type), '}')`;
    const { links } = await seen(`
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = replace(replace(sql, 'STRICT', ''), 'TEXT', 'BLOB') WHERE name = 'events';
      PRAGMA writable_schema = RESET;
      UPDATE events SET ${column} = 5 WHERE position = 70;
      UPDATE events SET hash = sha256(${hashed}) WHERE position = 70`);
    expect(unsound(links)).toEqual([70]);
  },
);
