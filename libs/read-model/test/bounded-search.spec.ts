import type { EventFilter } from '#audit';
import type { Direction, Position } from '#event-store';
import { START } from '#event-store';
import { openSqliteReadModel } from '#read-model';
import type { EventEntry } from '#runtime';
import { WINDOW } from '../src/sqlite/event-search.ts';
import { ArrayReadModel } from './support/array-read-model.ts';
import { comparePositions as compare, entry } from './support/entries.ts';
import { position, row, second } from './support/rows.ts';

/** Several windows long; what is rare is rarer than one. */
const COUNT = 10 * WINDOW;
const BACK_AT = 3 * WINDOW;

/** Two busy actors by turns, a rare type that only one of them causes, and a clock that is set back by an hour once. */
const log: readonly EventEntry[] = Array.from({ length: COUNT }, (_, index) => {
  const n = index + 1;
  return entry(n, {
    executionId: row(n % 500).id,
    revision: Math.floor(n / 500),
    actor: n % 2 === 0 ? 'even' : 'odd',
    type: n % 2_500 === 0 ? 'Rare' : n % 3 === 0 ? 'Third' : 'Common',
    target: `target-${n % 7}`,
    time: second(n >= BACK_AT ? n - 3_600 : n),
  });
});

const oracle = new ArrayReadModel(compare);
const model = await openSqliteReadModel({ file: ':memory:', compare });
beforeAll(async () => {
  const [last] = [entry(COUNT + 1, { actor: 'even', target: 'other', outcome: 'Failed', time: second(COUNT) })];
  for (const each of [oracle, model]) {
    for (let at = 0; at < COUNT; at += 1_000) await each.apply([], log.slice(at, at + 1_000), position(at + 1_000));
    await each.apply([], [last], position(COUNT + 1));
  }
});
afterAll(() => model.close());

interface Walked {
  readonly numbers: readonly string[];
  readonly calls: number;
}

async function walk(filter: EventFilter, direction: Direction, limit: number): Promise<Walked> {
  const numbers: string[] = [];
  let from: Position | 'end' = direction === 'forwards' ? START : 'end';
  for (let calls = 1; calls <= COUNT; calls += 1) {
    const { places, next, end } = await model.events(filter, { from, direction, limit });
    numbers.push(...places.map((place) => place.position));
    if (end) return { numbers, calls };
    expect(next).not.toBe(from);
    from = next;
  }
  throw new Error(`expected a walk to end within ${COUNT} calls`);
}

async function expected(filter: EventFilter, direction: Direction): Promise<readonly string[]> {
  const numbers: string[] = [];
  let from: Position | 'end' = direction === 'forwards' ? START : 'end';
  for (let calls = 0; calls <= COUNT / 1_000; calls += 1) {
    const { places, next, end } = await oracle.events(filter, { from, direction, limit: 1_000 });
    numbers.push(...places.map((place) => place.position));
    if (end) return numbers;
    from = next;
  }
  throw new Error('expected the oracle to end');
}

const FILTERS: [string, EventFilter][] = [
  ['two that never meet', { actor: 'odd', types: ['Rare'] }],
  ['one of which is rare', { actor: 'even', types: ['Rare'] }],
  ['both common', { actor: 'even', types: ['Third', 'Rare'], target: 'target-3' }],
  ['several types', { types: ['Rare', 'Third', 'Never'] }],
  ['several types, of an actor', { types: ['Rare', 'Third', 'Common'], actor: 'odd' }],
  ['an execution and an actor', { executionId: row(7).id, actor: 'even' }],
  ['a time across the clock that was set back', { from: second(BACK_AT - 3_700), to: second(BACK_AT - 3_400) }],
  ['a time and an actor', { from: second(100), to: second(COUNT - 4_000), actor: 'even', types: ['Third'] }],
  ['a time alone, all of it', { from: second(0), to: second(COUNT * 2) }],
  ['before the log', { to: second(0) }],
  ['after the log', { from: second(COUNT * 2) }],
];

describe.each(['forwards', 'backwards'] as const)('%s', (direction) => {
  test.each(FILTERS)('%s: all that match, in order, and nothing else', async (_, filter) => {
    expect((await walk(filter, direction, 700)).numbers).toEqual(await expected(filter, direction));
  });

  test('of several conditions the one that leads furthest is followed', async () => {
    // A few events are rare, one failed: no call looks at the thousands of the others.
    expect(await walk({ actor: 'odd', types: ['Rare'] }, direction, 10)).toEqual({ numbers: [], calls: 1 });
    expect(await walk({ actor: 'odd', outcome: 'Failed' }, direction, 10)).toEqual({ numbers: [], calls: 1 });
    // Every second event is of the actor, every seventh of the target: that one is through in two windows, not in five.
    expect((await walk({ actor: 'odd', target: 'target-3' }, direction, 1_000)).calls).toBe(2);
  });

  test('a search of many calls lets others have their turn between them', async () => {
    let turns = 0;
    const take = (): void => {
      turns += 1;
      waiting = setImmediate(take);
    };
    let waiting = setImmediate(take);
    const { calls } = await walk({ actor: 'odd', types: ['Common', 'Third'], to: second(99_999) }, direction, 1_000);
    clearImmediate(waiting);
    expect(turns).toBeGreaterThanOrEqual(calls - 2);
  });

  test('one call looks at a window of entries, and says where to go on although nothing matched', async () => {
    const never = { actor: 'odd', types: ['Common', 'Third'], executionId: row(2).id } as const;
    expect((await walk(never, direction, 10)).calls).toBe(1);
    const { calls } = await walk({ actor: 'odd', types: ['Common', 'Third'], to: second(99_999) }, direction, 1_000);
    expect(calls).toBeGreaterThanOrEqual(COUNT / 2 / WINDOW);
  });
});
