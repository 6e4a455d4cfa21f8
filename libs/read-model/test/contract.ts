import fc from 'fast-check';
import { START } from '#event-store';
import type { ExecutionFilter, ExecutionPage, ExecutionRow, ReadModel } from '#runtime';
import { CursorError } from '#runtime';
import { ArrayReadModel } from './support/array-read-model.ts';
import { changes, position, row, second, someFilter, someRows } from './support/rows.ts';

/** What every read model does. `open` gives an empty one. */
export function readModelContract(name: string, open: () => Promise<ReadModel>): void {
  const withModel = async (use: (model: ReadModel) => Promise<void>): Promise<void> => {
    const model = await open();
    try {
      await use(model);
    } finally {
      await model.close();
    }
  };
  const rule = (says: string, use: (model: ReadModel) => Promise<void>): void => test(says, () => withModel(use));

  describe(`${name}: rows and checkpoint`, () => {
    rule('empty, it begins where the log begins', async (model) => {
      expect(await model.checkpoint()).toBe(START);
      expect(await model.list({}, { limit: 10 })).toEqual({ items: [] });
    });

    rule('a row is read as it was written, and a field that was absent is absent', async (model) => {
      const full = row(2, {
        phase: 'Failed',
        outcome: 'Cancelled',
        reason: 'Cancelled',
        lock: 'Released',
        lockUntil: second(9),
        finishedAt: second(5),
        startTime: second(3),
        completionTime: second(4),
        isOpen: false,
        revision: 7,
        target: "it's/a/😀",
      });
      await model.apply(changes(row(1), full), [], position(8));
      expect([await model.get(row(1).id), await model.get(full.id)]).toEqual([row(1), full]);
      expect(await model.get('nobody')).toBeUndefined();
      expect(await model.checkpoint()).toBe(position(8));
    });

    rule('a checkpoint moves on without rows', async (model) => {
      await model.apply([], [], position(3));
      expect(await model.checkpoint()).toBe(position(3));
    });

    rule('a newer row takes the place of an older one; an older one changes nothing', async (model) => {
      const older = row(1, { revision: 1 });
      const newer = row(1, { revision: 2, phase: 'Completed', outcome: 'Success', isOpen: false });
      await model.apply(changes(older), [], position(1));
      await model.apply(changes(newer), [], position(2));
      await model.apply(changes(older), [], position(3));
      expect(await model.get(older.id)).toEqual(newer);
      expect(await model.checkpoint()).toBe(position(3));
    });

    rule('what a newer row no longer says is gone', async (model) => {
      await model.apply(changes(row(1, { lockUntil: second(5), reason: 'Unknown' })), [], position(1));
      await model.apply(changes(row(1, { revision: 1 })), [], position(2));
      expect(await model.get(row(1).id)).toEqual(row(1, { revision: 1 }));
      expect(await model.nextCooldownEnd()).toBeUndefined();
    });

    rule('reset forgets everything, and it can be filled again', async (model) => {
      await model.apply(changes(row(1), row(2)), [], position(2));
      await model.reset();
      expect(await model.checkpoint()).toBe(START);
      expect(await model.list({}, { limit: 10 })).toEqual({ items: [] });
      await model.apply(changes(row(1)), [], position(1));
      expect(await model.get(row(1).id)).toEqual(row(1));
    });

    rule('closing twice is closing once', async (model) => {
      await model.close();
      await model.close();
    });
  });

  describe(`${name}: lists`, () => {
    rule('newest first by creation, then id', async (model) => {
      const same = { createdAt: second(5) };
      await model.apply(changes(row(1), row(3, same), row(2, same), row(9)), [], position(4));
      const { items } = await model.list({}, { limit: 10 });
      expect(items.map((each) => each.id)).toEqual([row(9).id, row(3).id, row(2).id, row(1).id]);
    });

    test.each<[string, ExecutionFilter, number[]]>([
      ['phase', { phase: 'Completed' }, [3]],
      ['outcome', { outcome: 'Success' }, [3]],
      ['target', { target: 'node/a' }, [2]],
      ['workflowId', { workflowId: 'scale' }, [1]],
      ['namespace', { namespace: 'other' }, [2]],
      ['remediationRequest', { remediationRequest: 'rr-2' }, [2, 1]],
      ['created at or after', { from: second(2) }, [3, 2]],
      ['created before', { to: second(2) }, [1]],
      ['several at once', { remediationRequest: 'rr-2', namespace: 'other' }, [2]],
      ['nothing that exists', { namespace: 'nowhere' }, []],
      ['a time written otherwise', { from: '2026-03-01T11:00:02+01:00' }, [3, 2]],
      ['a filter that is not given', { phase: undefined, target: 'node/a' } as unknown as ExecutionFilter, [2]],
    ])('filtered by %s', async (_, filter, ids) => {
      await withModel(async (model) => {
        const first = row(1, { workflowId: 'scale', remediationRequest: 'rr-2' });
        const other = row(2, { target: 'node/a', namespace: 'other', remediationRequest: 'rr-2' });
        await model.apply(changes(first, other, row(3, { phase: 'Completed', outcome: 'Success' })), [], position(3));
        const { items, next } = await model.list(filter, { limit: 10 });
        expect(items.map((each) => each.id)).toEqual(ids.map((n) => row(n).id));
        expect(next).toBeUndefined();
      });
    });

    rule('the last page has no cursor, also when it is full', async (model) => {
      await model.apply(changes(row(1), row(2), row(3), row(4)), [], position(4));
      const first = await model.list({}, { limit: 2 });
      expect(first.next).toEqual(expect.stringMatching(/^[A-Za-z0-9_-]+$/));
      const second = await model.list({}, { limit: 2, cursor: first.next ?? '' });
      expect(second).toEqual({ items: [row(2), row(1)] });
    });

    rule('a cursor goes on where its page ended, although its row has changed since', async (model) => {
      await model.apply(changes(row(1), row(2), row(3)), [], position(3));
      const { next = '' } = await model.list({ phase: 'Running' }, { limit: 1 });
      await model.apply(changes(row(3, { revision: 1, phase: 'Completed' })), [], position(4));
      expect((await model.list({ phase: 'Running' }, { limit: 5, cursor: next })).items).toEqual([row(2), row(1)]);
    });

    rule('a cursor of another filter is refused, and one of the same filter said otherwise is not', async (model) => {
      await model.apply(changes(row(1), row(2)), [], position(2));
      const { next = '' } = await model.list({ phase: 'Running', namespace: 'remediation' }, { limit: 1 });
      await expect(model.list({ phase: 'Running' }, { limit: 1, cursor: next })).rejects.toThrow(CursorError);
      await expect(model.list({}, { limit: 1, cursor: next })).rejects.toThrow(CursorError);
      const again = { namespace: 'remediation', phase: 'Running' } as const;
      expect((await model.list(again, { limit: 1, cursor: next })).items).toEqual([row(1)]);
    });

    const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    test.each([
      '',
      'x',
      '!!!',
      'a b',
      encoded(null),
      encoded({}),
      encoded([1, 'x', 'y']),
      encoded([1, 'x', second(1), 7]),
      'A'.repeat(10_000),
    ])('garbage as a cursor is refused: %j', async (cursor) => {
      await withModel(async (model) => {
        await expect(model.list({}, { limit: 1, cursor })).rejects.toThrow(CursorError);
      });
    });

    test.each([0, -1, 1.5, Number.NaN, 1001])('a limit of %s is refused', async (limit) => {
      await withModel(async (model) => {
        await expect(model.list({}, { limit })).rejects.toThrow(RangeError);
        await expect(model.open(undefined, limit)).rejects.toThrow(RangeError);
      });
    });

    rule('a time that is none is refused', async (model) => {
      await expect(model.list({ from: 'yesterday' }, { limit: 1 })).rejects.toThrow(RangeError);
      await expect(model.cooledDown('soon', 1)).rejects.toThrow(RangeError);
    });
  });

  describe(`${name}: what is left to be done`, () => {
    rule('open executions in the order of the log, after one of them', async (model) => {
      const done = row(3, { isOpen: false, createdAt: second(0) });
      await model.apply(changes(row(5), done, row(1), row(4)), [], position(4));
      expect(await model.open(undefined, 10)).toEqual([row(5).id, row(1).id, row(4).id]);
      expect(await model.open(undefined, 2)).toEqual([row(5).id, row(1).id]);
      expect(await model.open(row(5).id, 10)).toEqual([row(1).id, row(4).id]);
      expect(await model.open(done.id, 10)).toEqual([row(1).id, row(4).id]);
      expect(await model.open(row(4).id, 10)).toEqual([]);
      expect(await model.open('forgotten', 1)).toEqual([row(5).id]);
    });

    rule('an execution keeps its place when its row changes, and opens and closes with it', async (model) => {
      await model.apply(changes(row(1), row(2)), [], position(2));
      await model.apply(changes(row(1, { revision: 1, isOpen: false })), [], position(3));
      expect(await model.open(undefined, 10)).toEqual([row(2).id]);
      await model.apply(changes(row(1, { revision: 2 })), [], position(4));
      expect(await model.open(undefined, 10)).toEqual([row(1).id, row(2).id]);
    });

    rule('cooldowns that are over, the earliest first; running ones hold a lock without an end', async (model) => {
      const cooling = (n: number, until: number): ExecutionRow => row(n, { lock: 'Held', lockUntil: second(until) });
      const releasing = row(9, { lock: 'Releasing', lockUntil: second(1) });
      await model.apply(changes(cooling(1, 30), row(2), cooling(3, 10), cooling(4, 20), releasing), [], position(5));
      expect(await model.nextCooldownEnd()).toBe(second(10));
      expect(await model.cooledDown(second(9), 10)).toEqual([]);
      expect(await model.cooledDown(second(10), 10)).toEqual([row(3).id]);
      expect(await model.cooledDown(second(99), 10)).toEqual([row(3).id, row(4).id, row(1).id]);
      expect(await model.cooledDown(second(99), 1)).toEqual([row(3).id]);
      expect(await model.cooledDown('2026-03-01T10:00:10Z', 10)).toEqual([row(3).id]);
      await model.apply(changes({ ...cooling(3, 10), revision: 1, lock: 'Releasing' }), [], position(6));
      expect(await model.nextCooldownEnd()).toBe(second(20));
    });

    rule('who is in line for a lock: first come, first served by the log, whatever the clocks said', async (model) => {
      const waiting = (n: number, created: number): ExecutionRow =>
        row(n, { isQueued: true, createdAt: second(created) });
      const elsewhere = row(8, { isQueued: true, runNamespace: 'other' });
      const another = row(9, { isQueued: true, runName: 'wfe-other' });
      await model.apply(changes(row(1), waiting(4, 50), elsewhere, waiting(2, 40), another), [], position(5));
      const { runNamespace, runName } = row(1);
      expect(await model.waitingFor(runNamespace, runName, 10)).toEqual([row(4).id, row(2).id]);
      expect(await model.waitingFor(runNamespace, runName, 1)).toEqual([row(4).id]);
      expect(await model.waitingFor(runNamespace, 'wfe-free', 1)).toEqual([]);
    });

    rule('who has the lock of a name, as far as the log says', async (model) => {
      const rows = [row(1), row(2, { lock: 'Releasing' }), row(3, { lock: 'Released' }), row(4, { lock: 'None' })];
      await model.apply(changes(...rows, row(5, { runName: 'wfe-other' })), [], position(5));
      const { runNamespace, runName } = row(1);
      expect(await model.holding(runNamespace, runName, 10)).toEqual([row(1).id, row(2).id]);
      expect(await model.holding(runNamespace, runName, 1)).toEqual([row(1).id]);
      expect(await model.holding('elsewhere', runName, 10)).toEqual([]);
    });

    rule('who has a resource, and where, in pages', async (model) => {
      await model.apply(changes(row(1), row(2, { hasResource: false }), row(3, { isOpen: false })), [], position(3));
      const [first, third] = [row(1), row(3)].map(({ id, namespace, name }) => ({ id, namespace, name }));
      expect(await model.withResource(undefined, 10)).toEqual([first, third]);
      expect(await model.withResource(undefined, 1)).toEqual([first]);
      expect(await model.withResource(row(1).id, 10)).toEqual([third]);
      expect(await model.withResource(row(3).id, 10)).toEqual([]);
    });

    rule('whose resource alone is left, the one that ended first first', async (model) => {
      const ended = (n: number, at: number, more: Partial<ExecutionRow> = {}): ExecutionRow =>
        row(n, { isOpen: false, lock: 'Released', finishedAt: second(at), ...more });
      expect(await model.oldestEnd()).toBeUndefined();
      const withoutResource = ended(7, 1, { hasResource: false });
      const stillOpen = ended(8, 1, { isOpen: true });
      await model.apply(
        changes(row(1), ended(2, 30), ended(3, 10), ended(4, 20), withoutResource, stillOpen),
        [],
        position(5),
      );
      expect(await model.oldestEnd()).toBe(second(10));
      expect(await model.expired(second(9), 10)).toEqual([]);
      expect(await model.expired(second(10), 10)).toEqual([row(3).id]);
      expect(await model.expired(second(99), 10)).toEqual([row(3).id, row(4).id, row(2).id]);
      expect(await model.expired(second(99), 1)).toEqual([row(3).id]);
      await model.apply(changes(ended(3, 10, { revision: 1, hasResource: false })), [], position(6));
      expect(await model.oldestEnd()).toBe(second(20));
      await expect(model.expired('soon', 1)).rejects.toThrow(RangeError);
    });

    test('histories that may be archived: nothing left to do or to show, the one unchanged for longest first', async () => {
      const model = await open();
      const closed = (n: number, updated: number, more: Partial<ExecutionRow> = {}): ExecutionRow =>
        row(n, { isOpen: false, hasResource: false, updatedAt: second(updated), ...more });
      await model.apply(
        changes(
          closed(1, 30),
          closed(2, 10),
          closed(3, 20, { archive: 'archive-0001.ndjson.gz' }),
          closed(4, 5, { isOpen: true }),
          closed(5, 5, { hasResource: true }),
          closed(6, 10),
        ),
        [],
        position(6),
      );
      expect(await model.archivable(second(9), 10)).toEqual([]);
      expect(await model.archivable(second(10), 10)).toEqual([row(2).id, row(6).id]);
      expect(await model.archivable(second(99), 10)).toEqual([row(2).id, row(6).id, row(1).id]);
      expect(await model.archivable(second(99), 1)).toEqual([row(2).id]);
      await model.apply(changes(closed(2, 11, { revision: 1, archive: 'archive-0002.ndjson.gz' })), [], position(7));
      expect(await model.archivable(second(99), 10)).toEqual([row(6).id, row(1).id]);
      expect((await model.get(row(2).id))?.archive).toBe('archive-0002.ndjson.gz');
      await expect(model.archivable('soon', 1)).rejects.toThrow(RangeError);
    });
  });

  describe(`${name}: laws`, () => {
    const RUNS = { numRuns: 60 };
    const filled = async (...batches: readonly (readonly ExecutionRow[])[]): Promise<ReadModel> => {
      const model = await open();
      for (const batch of batches) await model.apply(changes(...batch), [], position(1));
      return model;
    };

    test('pages of any filter and size together are the filtered, sorted rows', async () => {
      await fc.assert(
        fc.asyncProperty(someRows(0, 25), someFilter, fc.integer({ min: 1, max: 9 }), async (rows, filter, limit) => {
          const [model, oracle] = [await filled(rows), new ArrayReadModel()];
          await oracle.apply(changes(...rows), [], position(1));
          const pages = await pagesOf(model, filter, limit);
          await model.close();
          expect(pages.flatMap((page) => page.items)).toEqual(oracle.matching(filter));
          for (const page of pages.slice(0, -1)) expect(page.items).toHaveLength(limit);
        }),
        RUNS,
      );
    });

    test('every row is given exactly once, also while rows are written between pages', async () => {
      const batches = fc.array(someRows(100, 6), { maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(someRows(0, 25), batches, fc.integer({ min: 1, max: 9 }), async (rows, later, limit) => {
          const model = await filled(rows);
          const fresh = later.map((batch, turn) =>
            batch.map((each) => ({ ...each, id: `${each.id}-${turn}`, createdAt: second(100 + turn) })),
          );
          const seen = await pagesOf(model, {}, limit, async (turn) => {
            await model.apply(changes(...(fresh[turn] ?? [])), [], position(2));
          });
          await model.close();
          const ids = seen.flatMap((page) => page.items).map((each) => each.id);
          expect(ids.toSorted()).toEqual(rows.map((each) => each.id).toSorted());
        }),
        RUNS,
      );
    });

    test('applying the same changes twice, or older ones again, is the same as once', async () => {
      await fc.assert(
        fc.asyncProperty(someRows(0, 12), someRows(0, 12), async (first, second) => {
          const newer = second.map((each) => ({ ...each, revision: each.revision + 10 }));
          const [once, twice] = [await filled(first, newer), await filled(first, newer, first, newer, first)];
          expect(await everything(twice)).toEqual(await everything(once));
          await Promise.all([once.close(), twice.close()]);
        }),
        RUNS,
      );
    });

    test('what is left to be done is what the arrays say', async () => {
      await fc.assert(
        fc.asyncProperty(someRows(0, 20), async (rows) => {
          const [model, oracle] = [await filled(rows), new ArrayReadModel()];
          await oracle.apply(changes(...rows), [], position(1));
          expect(await everything(model)).toEqual(await everything(oracle));
          await model.close();
        }),
        RUNS,
      );
    });
  });
}

/** More pages than any test has rows. */
const MOST_PAGES = 200;

async function pagesOf(
  model: ReadModel,
  filter: ExecutionFilter,
  limit: number,
  between: (turn: number) => Promise<void> = async () => {},
): Promise<ExecutionPage[]> {
  const pages: ExecutionPage[] = [];
  let cursor: string | undefined;
  for (let turn = 0; turn < MOST_PAGES; turn += 1) {
    const page = await model.list(filter, { limit, ...(cursor !== undefined && { cursor }) });
    pages.push(page);
    cursor = page.next;
    if (cursor === undefined) return pages;
    await between(turn);
  }
  throw new Error(`a list of ${limit} rows each did not end after ${MOST_PAGES} pages`);
}

/** All a read model answers. */
async function everything(model: ReadModel): Promise<object> {
  const waiting = ['wfe-1', 'wfe-2'].map((runName) => model.waitingFor('kubernaut-workflows', runName, 100));
  const cooled = [0, 2, 9].map((n) => model.cooledDown(second(n), 100));
  return {
    rows: await pagesOf(model, {}, 100),
    open: await model.open(undefined, 100),
    next: await model.nextCooldownEnd(),
    oldest: await model.oldestEnd(),
    holding: await model.holding('kubernaut-workflows', 'wfe-1', 100),
    shown: await model.withResource(undefined, 100),
    expired: await model.expired(second(9), 100),
    archivable: await model.archivable(second(9), 100),
    waiting: await Promise.all(waiting),
    cooled: await Promise.all(cooled),
    checkpoint: await model.checkpoint(),
  };
}
