import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MomentFilter } from '#audit';
import { openSqliteReadModel } from '#read-model';
import { INDEXED, reachQuery, searchQuery } from '../src/sqlite/event-search.ts';
import { EVENT_SQL } from '../src/sqlite/event-table.ts';
import { explain } from '../src/sqlite/explain.ts';
import { everyoneQuestion, MOMENT_SQL, openQuery } from '../src/sqlite/moments.ts';
import { ROW_SQL } from '../src/sqlite/row-table.ts';
import { SPAN_SQL } from '../src/sqlite/spans.ts';
import { TARGET_SQL } from '../src/sqlite/targets.ts';
import { TEXT_SQL } from '../src/sqlite/texts.ts';
import { comparePositions as compare } from './support/entries.ts';
import { expectInOrder } from './support/executions-plan.ts';

let folder: string;
let file: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'index-plans-'));
  file = join(folder, 'rows.sqlite');
  await (await openSqliteReadModel({ file, compare })).close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** No table is read through, and nothing is put into order that was not found in order. */
function expectLookup(sql: string): void {
  expect(explain(file, sql).join('\n')).not.toMatch(/\bSCAN (?!found\b|CONSTANT ROW\b)|TEMP B-TREE|AUTOMATIC/);
}

const DIRECTIONS = ['forwards', 'backwards'] as const;
const COLUMNS = [...Object.values(INDEXED), 'type'];
const checkOf = (column: string): unknown[] => [
  expect.stringMatching(/^CORRELATED SCALAR SUBQUERY/),
  `SEARCH other USING COVERING INDEX events_by_${column} (${column}=? AND rowid=?)`,
];
const TEXT_OF_IT = [
  expect.stringMatching(/^CORRELATED SCALAR SUBQUERY/),
  'SEARCH texts USING INTEGER PRIMARY KEY (rowid=?)',
];

describe('events', () => {
  const others = (column: string) =>
    COLUMNS.filter((other) => other !== column).map((other) => ({ column: other, ids: [1, 2] }));

  test.each(COLUMNS)('by %s are found in log order, whatever else is asked', (column) => {
    for (const direction of DIRECTIONS)
      for (const checked of [[], others(column)])
        for (const times of [{}, { from: 1, to: 2 }]) {
          const plan = explain(file, searchQuery(column, 1, checked, times, direction).text);
          expect(plan[0]).toBe(`SEARCH events USING INDEX events_by_${column} (${column}=? AND rowid>? AND rowid<?)`);
          expect(plan.slice(1)).toEqual([...checked.flatMap(({ column: other }) => checkOf(other)), ...TEXT_OF_IT]);
        }
  });

  test.each(COLUMNS)('how far the next of a %s lead is told by the index alone', (column) => {
    for (const direction of DIRECTIONS)
      expect(explain(file, reachQuery(column, direction))).toEqual([
        `SEARCH events USING COVERING INDEX events_by_${column} (${column}=? AND rowid>? AND rowid<?)`,
      ]);
  });

  test('of any kind are found by their number', () => {
    for (const direction of DIRECTIONS)
      for (const checked of [[], others('')]) {
        const plan = explain(file, searchQuery(undefined, undefined, checked, { from: 1 }, direction).text);
        expect(plan[0]).toBe('SEARCH events USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)');
        expect(plan.slice(1)).toEqual([...checked.flatMap(({ column }) => checkOf(column)), ...TEXT_OF_IT]);
      }
  });

  test('of a time are found by the stretches of the log', () => {
    expect(explain(file, SPAN_SQL.firstReaching)).toEqual(['SEARCH spans USING COVERING INDEX spans_by_high (high>?)']);
    expect(explain(file, SPAN_SQL.lastBelow)).toEqual(['SEARCH spans USING COVERING INDEX spans_by_low (low<?)']);
    expect(explain(file, SPAN_SQL.lower)).toEqual(['SEARCH spans USING INDEX spans_by_low (low>?)']);
  });

  test('are written without looking for more than themselves', () => {
    for (const sql of [EVENT_SQL.positionAt, EVENT_SQL.update, TEXT_SQL.find, ROW_SQL.update, ...ROW_SQL.regroup])
      expectLookup(sql);
    // The last one, from the end of the table: one step.
    expect(explain(file, EVENT_SQL.newest)).toEqual(['SCAN events']);
    expect(explain(file, SPAN_SQL.last)).toEqual(['SCAN spans']);
  });
});

describe('a moment', () => {
  const FIELDS = ['phase', 'outcome', 'target', 'workflowId', 'namespace', 'remediationRequest'] as const;
  const filters = Array.from({ length: 2 ** FIELDS.length }, (_, bits) =>
    Object.fromEntries(FIELDS.filter((_field, n) => (bits & (1 << n)) !== 0).map((field) => [field, 'x'])),
  ) as MomentFilter[];
  const after = { createdAt: 'x', id: 'y' };
  const named = (filter: MomentFilter): string => Object.keys(filter).join(', ') || 'nothing';

  test.each(filters.map((filter) => [named(filter), filter] as const))(
    'filtered by %s, is found in order',
    (_, filter) => {
      const question = everyoneQuestion(filter, 'x');
      for (const since of [{}, { since: after }])
        expectInOrder(file, { ...question, stretch: { ...question.stretch, ...since } });
      if (filter.phase === undefined || filter.outcome !== undefined) return;
      const index = filter.target === undefined ? 'lives (life_level=?' : 'lives_of_target (target=? AND life_level=?';
      for (const phase of ['Pending', 'Running'] as const)
        for (const place of [undefined, after])
          expect(explain(file, openQuery({ ...filter, phase }, place).text)).toEqual([
            expect.stringContaining(`SEARCH executions USING INDEX ${index}`),
          ]);
    },
  );

  test('of a target: who held it, and who was waiting', () => {
    const plans = [explain(file, MOMENT_SQL.holders), explain(file, MOMENT_SQL.waiting)];
    const range = (column: string): string => `AND ${column}>? AND ${column}<?)`;
    expect(plans).toEqual([
      [`SEARCH executions USING INDEX holds (target=? AND hold_level=? ${range('running_from')}`],
      [`SEARCH executions USING INDEX lives_of_target (target=? AND life_level=? ${range('created_at')}`],
    ]);
  });
});

test('targets are found one step each', () => {
  const plan = explain(file, TARGET_SQL.all);
  const steps = plan.filter((step) => step.includes('executions'));
  expect(steps).toHaveLength(2);
  for (const step of steps) expect(step).toMatch(/^SEARCH executions USING COVERING INDEX \w+ \(target>\?\)$/);
  expectLookup(TARGET_SQL.all);
  expect(explain(file, TARGET_SQL.locked)).toEqual([
    'SEARCH executions USING COVERING INDEX locked_targets (target>?)',
  ]);
});
