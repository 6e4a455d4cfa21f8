import { DatabaseSync } from 'node:sqlite';
import type { StoreFault } from '../port.ts';
import { STORE_LIMITS } from '../port.ts';
import { makeTables } from './schema.ts';

/** A fault as the thread finds it: positions are given their words outside. */
export interface FoundFault extends Omit<StoreFault, 'position'> {
  readonly number?: number;
}

const MISFILED =
  "category <> substr(stream, 1, instr(stream, '-') - 1) OR category NOT IN (SELECT name FROM categories)";

/** Numbers are told as SQLite counts them, so that none is too large to be told. */
export const CHECK_STATEMENTS = {
  counter: "SELECT CAST(seq AS TEXT) AS seq FROM sqlite_sequence WHERE name = 'events'",
  ends: `
    SELECT CAST((SELECT min(position) FROM events) AS TEXT) AS first,
      CAST((SELECT max(position) FROM events) AS TEXT) AS last`,
  /** All in one pass over the table; where one is misfiled, another pass finds it. */
  filed: `SELECT count(*) AS events, count(*) FILTER (WHERE ${MISFILED}) AS misfiled FROM events NOT INDEXED`,
  misfiled: `SELECT position, category FROM events NOT INDEXED WHERE ${MISFILED} ORDER BY position LIMIT 1`,
  strangers: `
    SELECT name FROM categories
    WHERE NOT EXISTS (SELECT 1 FROM events INDEXED BY events_by_category WHERE category = name) LIMIT 1`,
  countedByStream: 'SELECT count(*) AS events FROM events INDEXED BY events_by_stream',
  countedByCategory: 'SELECT count(*) AS events FROM events INDEXED BY events_by_category',
  tables: 'SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name',
  file: `PRAGMA quick_check(${STORE_LIMITS.selfCheckFaults})`,
} as const;

type Asked = (name: keyof typeof CHECK_STATEMENTS) => readonly Record<string, unknown>[];

/** Everything the file says that no event says, from one snapshot. @throws what node:sqlite throws */
export function selfCheck(db: DatabaseSync): readonly FoundFault[] {
  db.exec('BEGIN');
  try {
    const asked: Asked = (name) => db.prepare(CHECK_STATEMENTS[name]).all();
    const tables = tableFaults(asked('tables'));
    // Without its tables as they were made, the questions below mean nothing.
    const more = tables.length > 0 ? [] : [...counterFaults(asked), ...filingFaults(asked)];
    return [...tables, ...more, ...fileFaults(asked('file'))].slice(0, STORE_LIMITS.selfCheckFaults);
  } finally {
    if (db.isTransaction) db.exec('COMMIT');
  }
}

/** Views, triggers and dropped indexes count: any of them makes the file say something else than its rows. */
function tableFaults(found: readonly Record<string, unknown>[]): readonly FoundFault[] {
  using made = new DatabaseSync(':memory:');
  makeTables(made);
  const listed = (rows: readonly Record<string, unknown>[]): ReadonlySet<string> =>
    new Set(rows.filter(({ name }) => !isStatistics(name)).map((row) => JSON.stringify(Object.values(row))));
  const expected = listed(made.prepare(CHECK_STATEMENTS.tables).all());
  const actual = listed(found);
  const strange = [...actual, ...expected].filter((row) => !actual.has(row) || !expected.has(row));
  if (strange.length === 0) return [];
  const names = strange.map((row) => String((JSON.parse(row) as unknown[])[1]).slice(0, 60));
  return [
    {
      kind: 'TablesChanged',
      expected: 'tables and indexes as this program made them',
      found: `others: ${[...new Set(names)].slice(0, 5).join(', ')}`,
    },
  ];
}

/** What ANALYZE writes says how to find rows, not what is in them. */
const isStatistics = (name: unknown): boolean => String(name).startsWith('sqlite_stat');

function counterFaults(asked: Asked): readonly FoundFault[] {
  const counters = asked('counter').map(({ seq }) => BigInt(String(seq)));
  const { first, last } = asked('ends')[0] ?? {};
  const newest = typeof last === 'string' ? BigInt(last) : 0n;
  const faults: FoundFault[] = [];
  if (typeof first === 'string' && BigInt(first) < 1n)
    faults.push({ kind: 'OutOfLog', number: 1, expected: 'positions from 1 on', found: `position ${first}` });
  if (newest > BigInt(Number.MAX_SAFE_INTEGER))
    faults.push({ kind: 'OutOfLog', expected: 'positions that can be counted', found: `position ${newest}` });
  const [counter = 0n] = counters;
  if (counters.length > 1 || counter < newest)
    faults.push({
      kind: 'CounterMoved',
      expected: `the newest position ever given to be ${newest}, that of the newest event, or later`,
      found: counters.length === 0 ? 'none kept' : counters.join(' and '),
    });
  else if (counter > newest)
    faults.push({
      kind: 'TailCut',
      number: Number(newest) + 1,
      expected: `events up to position ${counter}, the newest ever given`,
      found: newest === 0n ? 'none' : `position ${newest} as the newest`,
    });
  return faults;
}

function filingFaults(asked: Asked): readonly FoundFault[] {
  const faults: FoundFault[] = [];
  const [filed] = asked('filed');
  const [misfiled] = filed?.['misfiled'] === 0 ? [] : asked('misfiled');
  if (misfiled !== undefined)
    faults.push({
      kind: 'Misfiled',
      number: Number(misfiled['position']),
      expected: 'the event under the category its stream begins with, and that category listed',
      found: `it under ${JSON.stringify(String(misfiled['category']).slice(0, 60))}`,
    });
  const counts = [
    filed?.['events'],
    ...(['countedByStream', 'countedByCategory'] as const).map((name) => asked(name)[0]?.['events']),
  ];
  if (new Set(counts).size > 1)
    faults.push({ kind: 'Misfiled', expected: `${String(counts[0])} events in every index`, found: counts.join(', ') });
  const [stranger] = asked('strangers');
  if (stranger !== undefined)
    faults.push({
      kind: 'Misfiled',
      expected: 'an event in every category listed',
      found: `none in ${JSON.stringify(String(stranger['name']).slice(0, 60))}`,
    });
  return faults;
}

function fileFaults(rows: readonly Record<string, unknown>[]): readonly FoundFault[] {
  return rows
    .map((row) => String(Object.values(row)[0]))
    .filter((text) => text !== 'ok')
    .map(
      (text) => ({ kind: 'FileDamaged', expected: 'a well-formed SQLite file', found: text.slice(0, 300) }) as const,
    );
}
