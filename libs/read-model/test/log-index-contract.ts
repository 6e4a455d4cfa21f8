import fc from 'fast-check';
import type { EventFilter, EventPlace, LogIndex, MomentFilter } from '#audit';
import type { Direction, Position } from '#event-store';
import { PositionError, START } from '#event-store';
import { streamOf } from '#execution';
import type { EventEntry, ReadModel } from '#runtime';
import { CursorError } from '#runtime';
import { ArrayReadModel } from './support/array-read-model.ts';
import { comparePositions, entry, lived, someEntries, someEventFilter, someLives } from './support/entries.ts';
import { changes, position, row, second } from './support/rows.ts';

type Indexed = ReadModel & LogIndex;

/** What every index of the log does. `open` gives an empty one, for positions as these tests make them. */
export function logIndexContract(name: string, open: () => Promise<Indexed>): void {
  const withIndex = async (use: (index: Indexed) => Promise<void>): Promise<void> => {
    const index = await open();
    try {
      await use(index);
    } finally {
      await index.close();
    }
  };
  const rule = (says: string, use: (index: Indexed) => Promise<void>): void => test(says, () => withIndex(use));

  describe(`${name}: events`, () => {
    const all = [entry(2), entry(3), entry(5), entry(6)];

    rule('are found in the order of the log, after a position and before it', async (index) => {
      await index.apply([], all, position(8));
      expect(await numbers(index, {}, START, 'forwards')).toEqual([2, 3, 5, 6]);
      expect(await numbers(index, {}, position(3), 'forwards')).toEqual([5, 6]);
      expect(await numbers(index, {}, position(4), 'forwards')).toEqual([5, 6]);
      expect(await numbers(index, {}, 'end', 'backwards')).toEqual([6, 5, 3, 2]);
      expect(await numbers(index, {}, position(5), 'backwards')).toEqual([3, 2]);
      expect(await numbers(index, {}, position(4), 'backwards')).toEqual([3, 2]);
      expect(await numbers(index, {}, START, 'backwards')).toEqual([]);
      expect(await numbers(index, {}, 'end', 'forwards')).toEqual([]);
    });

    rule('a place says position, stream and revision', async (index) => {
      await index.apply([], [entry(4, { executionId: row(7).id, revision: 3 })], position(4));
      const { places } = await index.events({}, { from: START, direction: 'forwards', limit: 1 });
      expect(places).toEqual([{ position: position(4), stream: streamOf(row(7).id), revision: 3 }]);
    });

    rule('at the end, one goes on after all that was looked at, and finds what came since', async (index) => {
      await index.apply([], all, position(8));
      const seen = await index.events({ actor: 'nobody' }, { from: START, direction: 'forwards', limit: 10 });
      expect(seen).toEqual({ places: [], next: position(8), end: true });
      await index.apply([], [entry(9, { actor: 'nobody' })], position(9));
      expect(await numbers(index, { actor: 'nobody' }, seen.next, 'forwards')).toEqual([9]);
    });

    rule('from beyond what is indexed there is nothing, and one goes on from there', async (index) => {
      await index.apply([], all, position(8));
      const seen = await index.events({}, { from: position(20), direction: 'forwards', limit: 10 });
      expect(seen).toEqual({ places: [], next: position(20), end: true });
    });

    rule('the beginning is the end of the way back', async (index) => {
      await index.apply([], all, position(8));
      const { next, end } = await index.events({}, { from: 'end', direction: 'backwards', limit: 10 });
      expect([next, end]).toEqual([START, true]);
    });

    const among: readonly EventEntry[] = [
      entry(1, { type: 'ExecutionCreated', actor: 'ann' }),
      entry(2, { executionId: row(2).id, revision: 0, target: 'node/a', workflowId: 'scale', correlationId: 'rr-2' }),
      entry(3, { type: 'ExecutionFailed', outcome: 'Failed' }),
      entry(4, { type: 'LockReleased', outcome: 'Failed' }),
    ];
    test.each<[string, EventFilter, number[]]>([
      ['a type', { types: ['ExecutionFailed'] }, [3]],
      ['one of several types', { types: ['LockReleased', 'ExecutionCreated', 'LockReleased'] }, [1, 4]],
      ['no type at all', { types: [] }, []],
      ['an execution', { executionId: row(2).id }, [2]],
      ['a target', { target: 'node/a' }, [2]],
      ['a workflow', { workflowId: 'restart-pod' }, [1, 3, 4]],
      ['an actor', { actor: 'ann' }, [1]],
      ['an outcome: the event that ended it and those after it', { outcome: 'Failed' }, [3, 4]],
      ['a correlation', { correlationId: 'rr-2' }, [2]],
      ['decided at or after', { from: second(3) }, [3, 4]],
      ['decided before', { to: second(3) }, [1, 2]],
      ['a time written otherwise', { from: '2026-03-01T11:00:03+01:00', to: second(4) }, [3]],
      ['several at once', { outcome: 'Failed', types: ['TaskStarted', 'LockReleased'], actor: 'service' }, [4]],
      ['nothing that exists', { target: 'nowhere' }, []],
      ['a filter that is not given', { target: undefined, actor: 'ann' } as unknown as EventFilter, [1]],
    ])('filtered by %s', async (_, filter, found) => {
      await withIndex(async (index) => {
        await index.apply([], among, position(4));
        expect(await numbers(index, filter, START, 'forwards')).toEqual(found);
        expect(await numbers(index, filter, 'end', 'backwards')).toEqual(found.toReversed());
      });
    });

    rule('a clock that was set back hides no event of a time', async (index) => {
      const times = [5, 6, 1, 2, 7, 3, 9, 8];
      await index.apply(
        [],
        times.map((at, n) => entry(n + 1, { time: second(at) })),
        position(8),
      );
      expect(await numbers(index, { from: second(2), to: second(4) }, START, 'forwards')).toEqual([4, 6]);
      expect(await numbers(index, { from: second(8) }, START, 'forwards')).toEqual([7, 8]);
      expect(await numbers(index, { to: second(3) }, 'end', 'backwards')).toEqual([4, 3]);
    });

    rule('those that are written again stay where they were, and say what they say now', async (index) => {
      await index.apply([], all, position(2));
      expect(await index.indexed()).toBe(position(6));
      await index.apply([], [entry(5, { outcome: 'Success' }), entry(6), entry(7)], position(7));
      expect(await numbers(index, {}, START, 'forwards')).toEqual([2, 3, 5, 6, 7]);
      expect(await numbers(index, { outcome: 'Success' }, START, 'forwards')).toEqual([5]);
      expect(await index.indexed()).toBe(position(7));
    });

    rule('a position of another log is refused', async (index) => {
      await index.apply([], all, position(8));
      const foreign = 'other:3' as Position;
      await expect(index.events({}, { from: foreign, direction: 'forwards', limit: 1 })).rejects.toThrow(PositionError);
      await expect(index.events({}, { from: foreign, direction: 'backwards', limit: 1 })).rejects.toThrow(
        PositionError,
      );
    });

    test.each([0, 1001, 1.5])('a limit of %s is refused', async (limit) => {
      await withIndex(async (index) => {
        const page = { from: START, direction: 'forwards', limit } as const;
        await expect(index.events({}, page)).rejects.toThrow(RangeError);
        await expect(index.executionsAt(second(1), {}, { limit })).rejects.toThrow(RangeError);
        await expect(index.waitingAt('a', second(1), limit)).rejects.toThrow(RangeError);
        await expect(index.targets({ limit })).rejects.toThrow(RangeError);
      });
    });

    rule('reset forgets them, and they can be written again', async (index) => {
      await index.apply(changes(row(1)), all, position(8));
      await index.reset();
      expect(await numbers(index, {}, START, 'forwards')).toEqual([]);
      expect([await index.indexed(), await index.targets({ limit: 1 })]).toEqual([START, { targets: [] }]);
      await index.apply([], [entry(1)], position(1));
      expect(await numbers(index, { actor: 'service' }, START, 'forwards')).toEqual([1]);
    });
  });

  describe(`${name}: executions at a moment`, () => {
    const waiting = lived(1, { created: 1 });
    const running = lived(2, { created: 2, running: 4 });
    const ended = lived(3, { created: 3, running: 5, finished: 7, released: 9 });
    const refused = lived(4, { created: 3, finished: 6 }, { target: 'node/a', phase: 'Failed', outcome: 'Failed' });
    const lives = [waiting, running, ended, refused];
    const asked = async (index: Indexed, at: number, filter: MomentFilter): Promise<readonly string[]> =>
      (await index.executionsAt(second(at), filter, { limit: 10 })).ids;

    test.each<[number, MomentFilter, number[]]>([
      [0, {}, []],
      [1, {}, [1]],
      [3, {}, [4, 3, 2, 1]],
      [3, { phase: 'Pending' }, [4, 3, 2, 1]],
      [4, { phase: 'Running' }, [2]],
      [5, { phase: 'Running' }, [3, 2]],
      [6, { phase: 'Pending' }, [1]],
      [6, { phase: 'Failed' }, [4]],
      [6, { outcome: 'Failed', target: 'node/a' }, [4]],
      [6, { outcome: 'Success' }, []],
      [7, { outcome: 'Success' }, [3]],
      [7, { phase: 'Running', outcome: 'Success' }, []],
      [99, { phase: 'Completed', workflowId: 'restart-pod', namespace: 'remediation' }, [3]],
      [99, { phase: 'Pending', remediationRequest: 'rr-2' }, []],
    ])('second %i, filtered by %j', async (at, filter, found) => {
      await withIndex(async (index) => {
        await index.apply(lives, [], position(9));
        expect(await asked(index, at, filter)).toEqual(found.map((n) => row(n).id));
      });
    });

    rule('a cursor is good for its moment and filter only', async (index) => {
      await index.apply(lives, [], position(9));
      const { next = '' } = await index.executionsAt(second(3), {}, { limit: 1 });
      const goOn = (at: number, filter: MomentFilter): Promise<object> =>
        index.executionsAt(second(at), filter, { limit: 1, cursor: next });
      expect(await goOn(3, {})).toEqual({ ids: [row(3).id], next: expect.any(String) as string });
      await expect(goOn(4, {})).rejects.toThrow(CursorError);
      await expect(goOn(3, { phase: 'Running' })).rejects.toThrow(CursorError);
    });

    rule('a moment that is none is refused', async (index) => {
      await expect(index.executionsAt('soon', {}, { limit: 1 })).rejects.toThrow(RangeError);
      await expect(index.holdersAt('a', 'soon')).rejects.toThrow(RangeError);
      await expect(index.waitingAt('a', 'soon', 1)).rejects.toThrow(RangeError);
    });

    rule('who had the lock of a target, from its run to its release', async (index) => {
      await index.apply([...lives, lived(5, { created: 1, running: 9, finished: 10 })], [], position(9));
      const { target } = row(1);
      const holders = async (at: number): Promise<readonly string[]> => index.holdersAt(target, second(at));
      expect(await holders(3)).toEqual([]);
      expect(await holders(4)).toEqual([row(2).id]);
      expect((await holders(8)).toSorted()).toEqual([row(2).id, row(3).id]);
      expect((await holders(9)).toSorted()).toEqual([row(2).id, row(5).id]);
      expect(await index.holdersAt('node/a', second(6))).toEqual([]);
    });

    rule('who was waiting for a target, in the order of the log', async (index) => {
      const [late, early] = [lived(6, { created: 9 }), lived(7, { created: 8 })];
      await index.apply([...lives, late, early], [], position(9));
      const { target } = row(1);
      expect(await index.waitingAt(target, second(3), 10)).toEqual([row(1).id, row(2).id, row(3).id]);
      expect(await index.waitingAt(target, second(3), 2)).toEqual([row(1).id, row(2).id]);
      expect(await index.waitingAt(target, second(9), 10)).toEqual([row(1).id, row(6).id, row(7).id]);
      expect(await index.waitingAt('nowhere', second(9), 10)).toEqual([]);
    });

    rule('what a newer row tells takes the place of what an older one told', async (index) => {
      await index.apply([lived(1, { created: 1 })], [], position(1));
      const { target } = row(1);
      const newer = lived(1, { created: 1, running: 2, finished: 3, released: 4 }, { revision: 5 });
      await index.apply([newer], [], position(2));
      await index.apply([lived(1, { created: 1 })], [], position(3));
      expect(await index.waitingAt(target, second(9), 10)).toEqual([]);
      expect(await index.waitingAt(target, second(1), 10)).toEqual([row(1).id]);
      expect(await index.holdersAt(target, second(3))).toEqual([row(1).id]);
      expect(await asked(index, 9, { phase: 'Completed' })).toEqual([row(1).id]);
    });
  });

  describe(`${name}: targets`, () => {
    rule('by name, each once, in pages', async (index) => {
      const rows = [row(1, { target: 'b' }), row(2, { target: 'a' }), row(3, { target: 'b' }), row(4, { target: 'c' })];
      await index.apply(changes(...rows), [], position(4));
      const first = await index.targets({ limit: 2 });
      expect(first).toEqual({ targets: ['a', 'b'], next: expect.any(String) as string });
      expect(await index.targets({ limit: 2, cursor: first.next ?? '' })).toEqual({ targets: ['c'] });
      await expect(index.targets({ limit: 2, locked: true, cursor: first.next ?? '' })).rejects.toThrow(CursorError);
    });

    rule('or those alone whose lock somebody has now', async (index) => {
      const at = (n: number, target: string, lock: 'Held' | 'Releasing' | 'Released' | 'Waiting') =>
        row(n, { target, lock });
      const rows = [at(1, 'd', 'Held'), at(2, 'a', 'Released'), at(3, 'b', 'Releasing'), at(4, 'd', 'Waiting')];
      await index.apply(changes(...rows), [], position(4));
      const first = await index.targets({ limit: 1, locked: true });
      expect(first.targets).toEqual(['b']);
      expect(await index.targets({ limit: 1, locked: true, cursor: first.next ?? '' })).toEqual({ targets: ['d'] });
    });
  });

  describe(`${name}: laws of the index`, () => {
    const RUNS = { numRuns: 150 };

    test('pages of any filter, direction and size together are the filtered log', async () => {
      const direction = fc.constantFrom<Direction>('forwards', 'backwards');
      const limits = fc.integer({ min: 1, max: 5 });
      await fc.assert(
        fc.asyncProperty(someEntries(25), someEventFilter, direction, limits, async (entries, filter, way, limit) => {
          const [index, oracle] = [await open(), new ArrayReadModel(comparePositions)];
          for (const each of [index, oracle]) await each.apply([], entries, position(100));
          const from = way === 'forwards' ? START : 'end';
          const expected = await oracle.events(filter, { from, direction: way, limit: 1000 });
          expect(await walk(index, filter, from, way, limit)).toEqual(expected.places);
          await index.close();
        }),
        RUNS,
      );
    });

    test('a moment looks like the executions of that moment, page by page', async () => {
      const filters = fc.record(
        {
          phase: fc.constantFrom('Pending', 'Running', 'Completed', 'Failed', 'Skipped'),
          outcome: fc.constantFrom('Success', 'Cancelled'),
          target: fc.constantFrom('a/pod/x', 'a/pod/y'),
          workflowId: fc.constantFrom('restart', 'scale'),
          namespace: fc.constantFrom('one', 'two'),
          remediationRequest: fc.constantFrom('rr-1', 'rr-2'),
        },
        { requiredKeys: [] },
      ) as fc.Arbitrary<MomentFilter>;
      const sizes = fc.integer({ min: 1, max: 4 });
      await fc.assert(
        fc.asyncProperty(someLives(20), fc.nat(25).map(second), filters, sizes, async (lives, at, filter, limit) => {
          const [index, oracle] = [await open(), new ArrayReadModel(comparePositions)];
          for (const each of [index, oracle]) await each.apply(lives, [], position(100));
          const expected = await oracle.executionsAt(at, filter, { limit: 1000 });
          expect(await idsAt(index, at, filter, limit)).toEqual(expected.ids);
          for (const target of ['a/pod/x', "b/pod/';--"]) {
            const [found, told] = [await index.holdersAt(target, at), await oracle.holdersAt(target, at)];
            expect(found.toSorted()).toEqual(told.toSorted());
            expect(await index.waitingAt(target, at, 3)).toEqual(await oracle.waitingAt(target, at, 3));
          }
          await index.close();
        }),
        RUNS,
      );
    });
  });
}

/** More pages than any test has events. */
const MOST_PAGES = 100;

async function walk(
  index: LogIndex,
  filter: EventFilter,
  start: Position | 'end',
  direction: Direction,
  limit: number,
): Promise<EventPlace[]> {
  const found: EventPlace[] = [];
  let from = start;
  for (let turn = 0; turn < MOST_PAGES; turn += 1) {
    const { places, next, end } = await index.events(filter, { from, direction, limit });
    expect(places.length).toBeLessThanOrEqual(limit);
    found.push(...places);
    if (end) return found;
    from = next;
  }
  throw new Error(`a walk through the log did not end after ${MOST_PAGES} pages`);
}

const numbers = async (
  index: LogIndex,
  filter: EventFilter,
  from: Position | 'end',
  direction: Direction,
): Promise<number[]> =>
  (await walk(index, filter, from, direction, 2)).map(({ position: at }) => Number(at.split(':')[1]));

async function idsAt(index: LogIndex, at: string, filter: MomentFilter, limit: number): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  for (let turn = 0; turn < MOST_PAGES; turn += 1) {
    const page = await index.executionsAt(at, filter, { limit, ...(cursor !== undefined && { cursor }) });
    found.push(...page.ids);
    cursor = page.next;
    if (cursor === undefined) return found;
  }
  throw new Error(`a list of a moment did not end after ${MOST_PAGES} pages`);
}
