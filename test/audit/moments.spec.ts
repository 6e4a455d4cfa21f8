import fc from 'fast-check';
import type { LogIndex, MomentFilter } from '#audit';
import { Targets } from '#audit';
import { START, UnknownEventError } from '#event-store';
import type { Execution } from '#execution';
import { statusOf, streamOf } from '#execution';
import { preflight } from '../../libs/audit/src/replay/preflight.ts';
import { everyExecutionAt } from '../../libs/audit/test/support/naive-history.ts';
import { StoryLog, uuid } from '../../libs/audit/test/support/story-log.ts';
import { anyMoment, systemOrders, TARGETS, told, WORKFLOWS } from '../../libs/audit/test/support/system-story.ts';
import * as example from '../../libs/execution/test/support/examples.ts';
import { minute, runSeen, sync } from '../../libs/execution/test/support/examples.ts';
import { ArrayReadModel } from '../../libs/read-model/test/support/array-read-model.ts';
import { openSqliteReadModel } from '#read-model';
import type { ReadModel } from '#runtime';
import { Folding } from '../../libs/runtime/src/folding.ts';

const NOW = Date.parse(minute(60));
const FILTERS: readonly MomentFilter[] = [
  {},
  { phase: 'Pending' },
  { phase: 'Running' },
  { phase: 'Failed' },
  { outcome: 'Success' },
  { outcome: 'Cancelled' },
  { target: TARGETS[0] },
  { target: TARGETS[1], phase: 'Completed' },
  { namespace: 'nobody' },
];

/** The index as the projector makes it, over a whole log. */
const indexOf = (story: StoryLog): Promise<LogIndex> =>
  filled(story, new ArrayReadModel((a, b) => story.store.compare(a, b)));

async function sqliteIndexOf(story: StoryLog): Promise<LogIndex> {
  const readModel = await openSqliteReadModel({ file: ':memory:', compare: (a, b) => story.store.compare(a, b) });
  opened.push(readModel);
  return filled(story, readModel);
}

const opened: ReadModel[] = [];
afterEach(async () => {
  for (const readModel of opened.splice(0)) await readModel.close();
});

async function filled(story: StoryLog, readModel: ReadModel & LogIndex): Promise<LogIndex> {
  const { changes, entries } = await new Folding(story.store).take(await everything(story));
  await readModel.apply(changes, entries, await story.store.head());
  return readModel;
}

const everything = async (story: StoryLog) => (await story.store.readAll(START, undefined, 1000)).events;

/** An index that knows nothing but which executions there are: what it gives too much, folding must take away. */
async function looseIndexOf(story: StoryLog): Promise<LogIndex> {
  const exact = await indexOf(story);
  const far = '9999-12-31T23:59:59.999Z';
  return Object.assign(Object.create(exact) as LogIndex, {
    executionsAt: (_: string, { target }: MomentFilter, page: { cursor?: string; limit: number }) =>
      exact.executionsAt(far, { ...(target !== undefined && { target }) }, page),
    holdersAt: async (target: string) => (await exact.executionsAt(far, { target }, { limit: 100 })).ids,
    waitingAt: async (target: string) => (await exact.executionsAt(far, { target }, { limit: 100 })).ids.toReversed(),
  });
}

const INDEXES = [
  ['the index said with arrays', indexOf],
  ['the index in SQLite', sqliteIndexOf],
  ['an index that gives too much', looseIndexOf],
] as const;

describe.each(INDEXES)('with %s', (_, index) => {
  test('the executions at any moment are those a fold of every stream up to it gives, page by page', async () => {
    await fc.assert(
      fc.asyncProperty(systemOrders, anyMoment, fc.constantFrom(...FILTERS), async (orders, moment, filter) => {
        const story = await told(orders);
        const targets = targetsOf(story, await index(story));
        const wanted = newestFirst([...everyExecutionAt(await everything(story), moment).values()]).filter((each) =>
          passes(each, filter),
        );
        expect(await allPages(targets, moment, filter)).toEqual(wanted);
      }),
      { numRuns: 40 },
    );
  });

  test('so are the holder of a lock and those who wait for it', async () => {
    await fc.assert(
      fc.asyncProperty(systemOrders, anyMoment, fc.constantFrom(...TARGETS), async (orders, moment, target) => {
        const story = await told(orders);
        const targets = targetsOf(story, await index(story));
        const { lock, waiting, history } = await targets.target(target, moment, { limit: 100 });
        const all = [...everyExecutionAt(await everything(story), moment).values()];
        const ofTarget = all.filter((each) => targetOf(each) === target);
        const holders = ofTarget.filter(hasLock).map(idOf);
        expect(lock.state === 'Free' ? [] : [holders.includes(lock.holder.executionId)]).toEqual(
          holders.length === 0 ? [] : [true],
        );
        expect(waiting.map(({ executionId }) => executionId).sort()).toEqual(ofTarget.filter(waits).map(idOf).sort());
        expect(history.map(({ execution }) => execution)).toEqual(newestFirst(ofTarget));
      }),
      { numRuns: 40 },
    );
  });
});

test('a target without a moment is as it is now, also when the clock was set back meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(systemOrders, async (orders) => {
      const story = await told(orders);
      const longAgo = Date.parse(minute(-100));
      const targets = targetsOf(story, await indexOf(story), longAgo);
      const all = [...everyExecutionAt(await everything(story), '9999').values()];
      const { items } = await targets.targets({ limit: 100 });
      expect(items.map(({ target }) => target)).toEqual([...new Set(all.map(targetOf))].sort());
      for (const { target, lock, waiting, last } of items) {
        const ofTarget = all.filter((each) => targetOf(each) === target);
        expect([lock.state !== 'Free', waiting]).toEqual([ofTarget.some(hasLock), ofTarget.filter(waits).length]);
        expect(last?.execution).toEqual(newestFirst(ofTarget)[0]);
      }
      const locked = (await targets.targets({ limit: 100, locked: true })).items.map(({ target }) => target);
      expect(locked).toEqual(items.filter(({ lock }) => lock.state !== 'Free').map(({ target }) => target));
    }),
    { numRuns: 40 },
  );
});

test('preflight at a moment is judged by every execution as it stood then', async () => {
  const question = fc.record({
    target: fc.constantFrom(...TARGETS),
    workflowId: fc.constantFrom(...WORKFLOWS),
    at: anyMoment,
  });
  await fc.assert(
    fc.asyncProperty(systemOrders, question, async (orders, { target, workflowId, at }) => {
      const story = await told(orders);
      const targets = targetsOf(story, await indexOf(story));
      const then = everyExecutionAt(await everything(story), at);
      expect(await targets.preflight(target, workflowId, at)).toEqual(
        preflight({ target, workflowId, at }, [...then.values()]),
      );
    }),
    { numRuns: 60 },
  );
});

test('whoever had the lock at a moment and gave it back since is in the way of the other workflow then, not now', async () => {
  const story = new StoryLog();
  await story.give(
    example.ID,
    example.create({ at: minute(0) }),
    sync(runSeen(example.RUNNING, 'created'), minute(1)),
    sync(runSeen(example.SUCCEEDED), minute(3)),
    example.release('Operator', minute(4)),
    sync({ kind: 'RunMissing', runUid: example.RUN.uid }, minute(5)),
  );
  const targets = targetsOf(story, await indexOf(story));
  const asked = async (at: string | undefined) => (await targets.preflight(example.TARGET, 'other', at)).reason;
  expect(await Promise.all([1, 3, 4, 5].map((n) => asked(minute(n))))).toEqual([
    'ResourceBusy',
    'CooldownActive',
    'ResourceBusy',
    undefined,
  ]);
  expect(await asked(undefined)).toBeUndefined();
});

test('a failure that may have changed the target is not hidden by many that lost the race for the lock after it', async () => {
  const story = new StoryLog();
  await story.give(
    example.ID,
    example.create({ at: minute(0) }),
    sync(runSeen(example.RUNNING, 'created'), minute(1)),
    sync(runSeen(example.FAILED), minute(3)),
    example.release('Operator', minute(4)),
    sync({ kind: 'RunMissing', runUid: example.RUN.uid }, minute(5)),
  );
  for (let n = 0; n < 120; n += 1)
    await story.give(
      uuid(`late ${n}`),
      example.create({ executionId: uuid(`late ${n}`), at: minute(3) }),
      sync({ kind: 'TargetLocked', holder: example.HOLDER }, minute(3)),
    );
  const targets = targetsOf(story, await indexOf(story));
  const { workflowId } = example.SPEC.workflowRef;
  expect(await targets.preflight(example.TARGET, workflowId, undefined)).toMatchObject({
    reason: 'PreviousExecutionFailed',
    by: { executionId: example.ID },
  });
});

test('an execution that a newer version wrote is missing in lists; who has a lock is not answered without it', async () => {
  const story = new StoryLog();
  await story.give(example.ID, example.create({ at: minute(0) }));
  const index = await indexOf(story);
  const [created] = await story.steps(example.ID);
  const { type, schemaVersion, data, metadata } = created!.event;
  const event = { id: uuid('newer'), type, schemaVersion: schemaVersion + 9, data, metadata };
  await story.store.append(streamOf(example.ID), 0, [event]);
  const targets = targetsOf(story, index);
  expect((await targets.executions(minute(10), {}, { limit: 10 })).items).toEqual([]);
  await expect(targets.preflight(example.TARGET, 'w', minute(10))).rejects.toThrow(UnknownEventError);
});

test('a moment that is still to come is refused', async () => {
  const story = await told([]);
  const targets = targetsOf(story, await indexOf(story));
  const soon = new Date(NOW + 120_000).toISOString();
  for (const asked of [
    targets.executions(soon, {}, { limit: 1 }),
    targets.target(TARGETS[0], soon, { limit: 1 }),
    targets.preflight(TARGETS[0], 'w', soon),
  ])
    await expect(asked).rejects.toThrow(
      'expected a moment that has passed (it is 2026-03-01T11:00:00.000Z here); found',
    );
});

const targetsOf = ({ store }: StoryLog, index: LogIndex, nowMs = NOW): Targets =>
  new Targets({ store, index, nowMs: () => nowMs, caughtUp: async () => undefined });

type Living = Exclude<Execution, { phase: 'Absent' }>;

const idOf = (execution: Execution): string => (execution as Living).id;
const targetOf = (execution: Execution): string => (execution as Living).spec.targetResource;
const hasLock = (execution: Execution): boolean =>
  execution.phase === 'Running' ||
  (execution.phase === 'Finished' && ['Held', 'Releasing'].includes(execution.lock.state));
const waits = (execution: Execution): boolean =>
  execution.phase === 'Pending' && execution.settings.onConflict === 'Wait' && execution.cancellation === undefined;

const newestFirst = (executions: readonly Execution[]): readonly Execution[] =>
  (executions as readonly Living[]).toSorted((a, b) =>
    a.createdAt === b.createdAt ? (a.id < b.id ? 1 : -1) : a.createdAt < b.createdAt ? 1 : -1,
  );

function passes(execution: Execution, { phase, outcome, target, namespace }: MomentFilter): boolean {
  const { spec, resource } = execution as Living;
  const status = statusOf(execution, { revision: 0, type: '', hash: '' });
  return (
    (phase === undefined || status?.phase === phase) &&
    (outcome === undefined || status?.outcome === outcome) &&
    (target === undefined || spec.targetResource === target) &&
    (namespace === undefined || resource.namespace === namespace)
  );
}

async function allPages(targets: Targets, moment: string, filter: MomentFilter): Promise<readonly Execution[]> {
  const found: Execution[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 20; pages += 1) {
    const page = await targets.executions(moment, filter, { limit: 1, ...(cursor !== undefined && { cursor }) });
    found.push(...page.items.map(({ execution }) => execution));
    cursor = page.next;
    if (cursor === undefined) return found;
  }
  throw new Error('expected an end within 20 pages');
}
