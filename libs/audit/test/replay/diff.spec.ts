import fc from 'fast-check';
import type { Command, Json, JsonObject } from '#execution';
import { changesBetween } from '../../src/replay/diff.ts';
import { foldedFrom } from '../../src/replay/folded.ts';
import { Replay } from '../../src/replay/replay.ts';
import { viewOf } from '../../src/replay/view.ts';
import * as example from '../../../execution/test/support/examples.ts';
import { minute, runSeen, sync } from '../../../execution/test/support/examples.ts';
import { commands } from '../../../execution/test/support/arbitraries.ts';
import { applied } from '../support/apply-changes.ts';
import { StoryLog } from '../support/story-log.ts';

const { ID } = example;
const BEGINNING: readonly Command[] = [
  example.create({ at: minute(0) }),
  sync(example.resourceSeen(), minute(1)),
  sync(runSeen({ ...example.RUNNING, tasks: [example.task()] }, 'created'), minute(2)),
];

async function replayOf(...given: readonly Command[]): Promise<Replay> {
  const story = new StoryLog();
  await story.give(ID, ...given);
  return new Replay(story.store, () => Date.parse(minute(90)));
}

test('by default the newest event is compared with the one before it', async () => {
  const replay = await replayOf(...BEGINNING, example.cancel('Graceful', { at: minute(3), reason: 'enough' }));
  const diff = await replay.diff(ID, undefined, undefined);
  expect([diff?.from?.revision, diff?.to]).toEqual([4, { revision: 5, time: minute(3) }]);
  expect(diff?.changes.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
    'added cancellation',
    'changed status.conditions.Succeeded.message',
    'changed status.conditions.Succeeded.reason',
    'changed status.message',
  ]);
});

test('the first event is compared with nothing', async () => {
  const diff = await (await replayOf(example.create({ at: minute(0) }))).diff(ID, undefined, { revision: 0 });
  expect(diff?.from).toBeUndefined();
  expect(diff?.changes.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
    'added binding',
    'added lock',
    'added status',
  ]);
});

test('two points may be times, far apart, and in any order', async () => {
  const replay = await replayOf(...BEGINNING, sync(runSeen(example.FAILED), minute(4)));
  const forth = await replay.diff(ID, { time: minute(1) }, { time: minute(5) });
  const back = await replay.diff(ID, { time: minute(5) }, { time: minute(1) });
  expect([forth?.from?.revision, forth?.to.revision]).toEqual([1, 5]);
  expect(forth?.changes).toContainEqual({
    path: 'status.phase',
    kind: 'changed',
    before: 'Pending',
    after: 'Failed',
  });
  expect(back?.changes).toContainEqual({ path: 'status.phase', kind: 'changed', before: 'Failed', after: 'Pending' });
  expect(back?.changes.map(({ path }) => path)).toEqual(forth?.changes.map(({ path }) => path));
});

test('a task is found by its name, also one that is no plain word', async () => {
  const odd = example.task({ taskRun: 'run.1"]', uid: 'u2' });
  const replay = await replayOf(
    ...BEGINNING,
    sync(runSeen({ ...example.RUNNING, tasks: [example.task({ state: 'Failed' }), odd] }), minute(3)),
  );
  const diff = await replay.diff(ID, { revision: 4 }, undefined);
  expect(diff?.changes.filter(({ path }) => path.startsWith('tasks'))).toEqual([
    { path: 'tasks["run.1\\"]"]', kind: 'added', after: { pipelineTask: 'restart', attempt: 1, state: 'Started' } },
    { path: 'tasks.wfe-cf0cc089293b1165-restart.state', kind: 'changed', before: 'Started', after: 'Failed' },
  ]);
});

test('no value of a parameter or of a result is in any view', async () => {
  const story = new StoryLog();
  const results = [{ name: 'restarted', value: 'planted-result' }];
  const spec = { ...example.SPEC, parameters: { P: 'planted-parameter' } };
  await story.give(ID, example.create({ at: minute(0), spec }), ...BEGINNING.slice(1));
  await story.give(ID, sync(runSeen({ ...example.SUCCEEDED, results }), minute(4)));
  const view = viewOf(await story.now(ID));
  expect(view['results']).toEqual(['restarted']);
  expect(JSON.stringify(view)).not.toContain('planted');
});

describe('of any two points of any story', () => {
  test('what changed, carried out on the one, gives the other; between a point and itself nothing changed', async () => {
    await fc.assert(
      fc.asyncProperty(commands(), fc.nat(), fc.nat(), async (given, i, j) => {
        const story = new StoryLog();
        await story.give(ID, ...given);
        const steps = await story.steps(ID);
        const at = (n: number): JsonObject => viewOf(foldedFrom(ID, steps.slice(0, n % (steps.length + 1))));
        const changes = changesBetween(at(i), at(j));
        expect(applied(at(i), changes)).toEqual(at(j));
        expect(changesBetween(at(i), at(i))).toEqual([]);
        expect(changes.length === 0).toBe(JSON.stringify(sorted(at(i))) === JSON.stringify(sorted(at(j))));
      }),
      { numRuns: 60 },
    );
  });

  test('what changed is told in the same order, however the fields stand', () => {
    const value = fc.dictionary(fc.string(), fc.oneof(fc.nat(), fc.dictionary(fc.string(), fc.nat())));
    fc.assert(
      fc.property(value, value, (a, b) => {
        const turned = (object: object) => Object.fromEntries<Json>(Object.entries(object).reverse());
        expect(changesBetween(turned(a), turned(b))).toEqual(changesBetween(a, b));
      }),
    );
  });
});

const sorted = (value: unknown): unknown =>
  typeof value !== 'object' || value === null
    ? value
    : Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => [key, sorted(item)]);
