import { openSqliteReadModel } from '#read-model';
import type { ExecutionFilter, ExecutionRow } from '#runtime';
import { cursorOf } from '../src/cursor.ts';
import { WINDOW } from '../src/sqlite/execution-search.ts';
import { ArrayReadModel } from './support/array-read-model.ts';
import { comparePositions as compare } from './support/entries.ts';
import { changes, position, row, second } from './support/rows.ts';

/** Several windows long. */
const COUNT = 5 * WINDOW + 123;
const BATCH = 1_000;

/** All in one namespace, half of them of each workflow and outcome, and three at a time accepted in the same second. */
const rows: readonly ExecutionRow[] = Array.from({ length: COUNT }, (_, n) =>
  row(n, {
    createdAt: second(Math.floor(n / 3)),
    namespace: 'everybody',
    workflowId: n % 2 === 0 ? 'even' : 'odd',
    outcome: n % 2 === 0 ? 'Success' : 'Failed',
    phase: n % 2_500 === 7 ? 'Running' : n % 2 === 0 ? 'Completed' : 'Failed',
    target: `target-${n % 700}`,
    remediationRequest: `rr-${n % 3}`,
  }),
);

const oracle = new ArrayReadModel(compare);
const model = await openSqliteReadModel({ file: ':memory:', compare });
beforeAll(async () => {
  for (const each of [oracle, model])
    for (let at = 0; at < COUNT; at += BATCH)
      await each.apply(changes(...rows.slice(at, at + BATCH)), [], position(at + BATCH));
});
afterAll(() => model.close());

type Listing = Pick<ArrayReadModel, 'list'>;

async function walked(listing: Listing, filter: ExecutionFilter, limit: number): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages <= COUNT; pages += 1) {
    const page = await listing.list(filter, { limit, ...(cursor !== undefined && { cursor }) });
    ids.push(...page.items.map(({ id }) => id));
    if (page.next === undefined) return ids;
    expect(page.items).toHaveLength(limit);
    cursor = page.next;
  }
  throw new Error(`expected a list to end within ${COUNT} pages`);
}

/** How often others had their turn while a question was answered. */
async function turnsDuring(question: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  const take = (): void => {
    turns += 1;
    waiting = setImmediate(take);
  };
  let waiting = setImmediate(take);
  await question();
  clearImmediate(waiting);
  return turns;
}

const FILTERS: [string, ExecutionFilter][] = [
  ['two that never meet', { workflowId: 'even', outcome: 'Failed' }],
  ['two that meet half of the time', { namespace: 'everybody', outcome: 'Failed' }],
  ['three', { namespace: 'everybody', workflowId: 'odd', remediationRequest: 'rr-2' }],
  ['one of which is rare', { namespace: 'everybody', phase: 'Running' }],
  ['a target and a workflow', { target: 'target-5', workflowId: 'odd' }],
  ['one that nobody has', { namespace: 'nobody', workflowId: 'odd' }],
  ['two, within a time', { namespace: 'everybody', workflowId: 'odd', from: second(100), to: second(1_500) }],
  ['two that never meet, within a time', { workflowId: 'even', outcome: 'Failed', from: second(100) }],
];

test.each(FILTERS)('%s: all that match, newest first, in full pages, and nothing else', async (_, filter) => {
  const expected = await walked(oracle, filter, 1_000);
  for (const limit of [7, 100, 1_000]) expect(await walked(model, filter, limit)).toEqual(expected);
});

test('a cursor somebody made up leads to nothing outside of the times asked for', async () => {
  const filter = { workflowId: 'odd', namespace: 'everybody', to: second(100) };
  const cursor = cursorOf(filter, { createdAt: second(COUNT), id: 'z' });
  expect(await model.list(filter, { limit: 10, cursor })).toEqual(await model.list(filter, { limit: 10 }));
});

test('at a moment: all that match, newest first, and nothing else', async () => {
  for (const filter of [
    { workflowId: 'even', target: 'target-8' },
    { namespace: 'everybody', workflowId: 'odd' },
  ])
    for (const moment of [second(0), second(900), second(COUNT)]) {
      const page = { limit: 1_000 };
      expect(await model.executionsAt(moment, filter, page)).toEqual(await oracle.executionsAt(moment, filter, page));
    }
});

describe('of several properties the one that leads furthest is followed', () => {
  const page = { limit: 50 };

  test.each<[string, ExecutionFilter]>([
    ['a rare phase, of a namespace everybody has', { namespace: 'everybody', phase: 'Running' }],
    ['a target, of a workflow half of them have', { target: 'target-5', workflowId: 'odd' }],
    ['a namespace nobody has', { namespace: 'nobody', workflowId: 'odd' }],
  ])('%s: through in one step', async (_, filter) => {
    expect(await turnsDuring(() => model.list(filter, page))).toBe(0);
  });

  test('at a moment too', async () => {
    const filter = { target: 'target-5', workflowId: 'odd' };
    expect(await turnsDuring(() => model.executionsAt(second(COUNT), filter, page))).toBe(0);
  });

  test('where none is rare each step looks at a window, and lets others have their turn', async () => {
    const steps = COUNT / 2 / WINDOW;
    const turns = await turnsDuring(() => model.list({ workflowId: 'even', outcome: 'Failed' }, page));
    expect([turns >= steps - 1, turns <= steps + 1]).toEqual([true, true]);
  });
});

test('a list that goes on while the file is rebuilt and swapped goes on in the new one', async () => {
  const before = await openSqliteReadModel({ file: ':memory:', compare });
  const fill = async (into: Pick<ArrayReadModel, 'apply'>): Promise<void> => {
    for (let at = 0; at < COUNT; at += BATCH)
      await into.apply(changes(...rows.slice(at, at + BATCH)), [], position(at + BATCH));
  };
  await fill(before);
  const successor = await before.successor();
  await fill(successor.model);
  const filter = { workflowId: 'even', outcome: 'Failed' } as const;
  const listing = before.list(filter, { limit: 10 });
  await successor.take();
  expect(await listing).toEqual({ items: [] });
  await before.close();
});
