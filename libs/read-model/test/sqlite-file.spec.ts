import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { START } from '#event-store';
import { openSqliteReadModel } from '#read-model';
import type { ExecutionFilter, ExecutionRow } from '#runtime';
import { explain } from '../src/sqlite/explain.ts';
import { listQuestion } from '../src/sqlite/list-question.ts';
import { LOOKUPS } from '../src/sqlite/lookups.ts';
import { comparePositions as compare } from './support/entries.ts';
import { expectInOrder } from './support/executions-plan.ts';
import { changes, position, row, second } from './support/rows.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'read-model-'));
  file = join(folder, 'rows.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const opened = () => openSqliteReadModel({ file, compare });

async function written(): Promise<void> {
  const model = await opened();
  await model.apply(changes(row(1), row(2)), [], position(7));
  await model.close();
}

/** Places in the header of every SQLite file. */
const USER_VERSION = 60;
const APPLICATION_ID = 68;

function overwrite(offset: number, value: number): void {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, 4, offset);
  closeSync(handle);
}

describe('the file', () => {
  test('rows and checkpoint are there after it is opened again', async () => {
    await written();
    const model = await opened();
    expect(await model.checkpoint()).toBe(position(7));
    expect((await model.list({}, { limit: 10 })).items).toEqual([row(2), row(1)]);
    await model.close();
  });

  test.each([0, 1, 99])('a file of version %i is emptied, to be rebuilt from the log', async (version) => {
    await written();
    overwrite(USER_VERSION, version);
    const model = await opened();
    expect(await model.checkpoint()).toBe(START);
    await model.apply(changes(row(3)), [], position(1));
    expect((await model.list({}, { limit: 10 })).items).toEqual([row(3)]);
    await model.close();
  });

  test("somebody else's SQLite file is refused and left as it is", async () => {
    await written();
    overwrite(APPLICATION_ID, 0x57464553);
    const before = readFileSync(file);
    await expect(opened()).rejects.toThrow(/is something else's; name another file/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('a file that is no database is refused and left as it is', async () => {
    writeFileSync(file, 'a letter to a friend, long enough to be read as the header of something '.repeat(20));
    await expect(opened()).rejects.toThrow(/no database; delete it/);
    expect(readFileSync(file, 'utf8')).toContain('a letter');
  });

  test('a folder that does not exist is named', async () => {
    await expect(openSqliteReadModel({ file: join(folder, 'nowhere', 'rows.sqlite'), compare })).rejects.toThrow(
      /nowhere.*check that its folder exists/,
    );
  });

  test('what is committed is seen by whoever opens the file, without closing', async () => {
    const model = await opened();
    await model.apply(changes(row(1)), [], position(1));
    const other = await opened();
    expect(await other.checkpoint()).toBe(position(1));
    await Promise.all([model.close(), other.close()]);
  });
});

test('a write that fails leaves rows and checkpoint as they were, and the next one is taken', async () => {
  const model = await opened();
  await model.apply(changes(row(1)), [], position(1));
  const broken = { ...row(2), target: undefined } as unknown as ExecutionRow;
  await expect(model.apply(changes(row(3), broken), [], position(2))).rejects.toThrow(/NOT NULL/);
  expect(await model.checkpoint()).toBe(position(1));
  expect(await model.get(row(3).id)).toBeUndefined();
  await model.apply(changes(row(3)), [], position(2));
  expect(await model.get(row(3).id)).toEqual(row(3));
  await model.close();
});

describe('query plans', () => {
  const EQUALITIES = ['phase', 'outcome', 'target', 'workflowId', 'namespace', 'remediationRequest'] as const;
  const after = { createdAt: second(1), id: 'id' };
  const filterOf = (bits: number): ExecutionFilter =>
    Object.fromEntries(EQUALITIES.filter((_, index) => (bits & (1 << index)) !== 0).map((field) => [field, 'x']));
  const named = (filter: ExecutionFilter): string => Object.keys(filter).join(', ') || 'nothing';
  const all = Array.from({ length: 2 ** EQUALITIES.length }, (_, bits) => filterOf(bits));

  beforeEach(written);

  test.each(all.map((filter) => [named(filter), filter] as const))('a list filtered by %s', (_, filter) => {
    for (const times of [{}, { from: second(0) }, { to: second(1) }, { from: second(0), to: second(1) }])
      for (const before of [{}, { before: after }]) {
        const question = listQuestion({ ...filter, ...times });
        expectInOrder(file, { ...question, stretch: { ...question.stretch, ...before } });
      }
  });

  test.each<[keyof typeof LOOKUPS, string[]]>([
    ['get', ['SEARCH executions USING INDEX sqlite_autoindex_executions_1 (id=?)']],
    ['cooledDown', ['SEARCH executions USING COVERING INDEX cooling_ones (lock_until>? AND lock_until<?)']],
    ['nextCooldownEnd', ['SEARCH executions USING COVERING INDEX cooling_ones (lock_until>?)']],
    ['waitingFor', ['SEARCH executions USING COVERING INDEX queued_ones (run_namespace=? AND run_name=?)']],
    ['holding', ['SEARCH executions USING INDEX holding_ones (run_namespace=? AND run_name=?)']],
    ['archivable', ['SEARCH executions USING INDEX archivable_ones (updated_at<?)']],
    ['expired', ['SEARCH executions USING INDEX finished_ones (finished_at>? AND finished_at<?)']],
    ['oldestEnd', ['SEARCH executions USING INDEX finished_ones (finished_at>?)']],
  ])('%s is answered from an index', (lookup, plan) => {
    expect(explain(file, LOOKUPS[lookup])).toEqual(plan);
  });

  test('withResource is answered from its partial index', () => {
    const plan = explain(file, LOOKUPS.withResource);
    expect(plan[0]).toBe('SEARCH executions USING COVERING INDEX ones_with_resource (place>?)');
    expect(plan.join()).not.toMatch(/SCAN (?!CONSTANT)|TEMP B-TREE/);
  });

  test('open is answered from its partial index', () => {
    const plan = explain(file, LOOKUPS.open);
    expect(plan[0]).toBe('SEARCH executions USING COVERING INDEX open_ones (place>?)');
    expect(plan.join()).not.toMatch(/SCAN (?!CONSTANT)|TEMP B-TREE/);
  });
});

test('a hundred thousand executions are taken in and paged through', async () => {
  const COUNT = 100_000;
  const BATCH = 1000;
  const model = await opened();
  for (let from = 0; from < COUNT; from += BATCH) {
    const rows = Array.from({ length: BATCH }, (_, index) => {
      const n = from + index;
      return row(n, {
        target: `ns/pod/p${n % 1000}`,
        phase: n % 10 === 0 ? 'Failed' : 'Completed',
        isOpen: n % 100 === 0,
      });
    });
    await model.apply(changes(...rows), [], position(from + BATCH));
  }
  let [seen, cursor] = [0, undefined as string | undefined];
  do {
    const page = await model.list({ phase: 'Failed' }, { limit: 1000, ...(cursor !== undefined && { cursor }) });
    [seen, cursor] = [seen + page.items.length, page.next];
  } while (cursor !== undefined);
  expect(seen).toBe(COUNT / 10);
  expect((await model.list({ target: 'ns/pod/p7', phase: 'Completed' }, { limit: 1000 })).items).toHaveLength(100);
  expect(await model.open(undefined, 1000)).toHaveLength(1000);
  await model.close();
});
