import type { Command } from '#execution';
import { statusOf } from '#execution';
import { stateAt } from '../../src/replay/archived.ts';
import { ReplayCheck } from '../../src/replay/check/replay-check.ts';
import type { Folded } from '../../src/replay/folded.ts';
import { ArchivedError, PointError } from '../../src/replay/points.ts';
import { Replay } from '../../src/replay/replay.ts';
import * as example from '../../../execution/test/support/examples.ts';
import { minute, runSeen, sync } from '../../../execution/test/support/examples.ts';
import { withoutArchived } from '../support/let-go.ts';
import { StoryLog } from '../support/story-log.ts';

const { ID } = example;
const ARCHIVE = { file: 'archive-0001.ndjson.gz', sha256: 'a'.repeat(64) };
const NOW = Date.parse(minute(90));

const LIFE: readonly Command[] = [
  example.create({ at: minute(0) }),
  sync(example.resourceSeen(), minute(1)),
  sync(runSeen(example.RUNNING, 'created'), minute(2)),
  sync(runSeen(example.FAILED), minute(4)),
  example.release('CooldownOver', minute(10)),
  sync({ kind: 'RunMissing', runUid: example.RUN.uid }, minute(11)),
  sync({ kind: 'ResourceMissing', uid: example.RESOURCE.uid }, minute(20)),
];

/** A closed execution whose events but the last are in an archive, and let go. */
async function archivedStory() {
  const story = new StoryLog();
  await story.give(ID, ...LIFE);
  const events = (await story.steps(ID)).length;
  await story.give(ID, { type: 'ArchiveExecution', at: minute(60), archive: ARCHIVE, events });
  const store = withoutArchived(story.store, ({ revision }) => revision < events);
  return { story, store, events, replay: new Replay(store, () => NOW) };
}

test('its history begins with the event that says where the rest is, counted from when it was accepted', async () => {
  const { replay, events } = await archivedStory();
  const history = await replay.history(ID, { after: -1, limit: 10 });
  expect(history?.items).toMatchObject([
    {
      revision: events,
      type: 'ExecutionArchived',
      sentence: `Archived: its first ${events} events are in the file archive-0001.ndjson.gz.`,
      sinceStartMs: 60 * 60_000,
      sincePreviousMs: 0,
    },
  ]);
});

test('why and diff speak of what is left', async () => {
  const { replay, events } = await archivedStory();
  const why = await replay.why(ID);
  expect([why?.phase, why?.outcome, why?.causes]).toEqual(['Failed', 'Failed', [events]]);
  expect((await replay.causes(ID))?.items.map(({ type }) => type)).toEqual(['ExecutionArchived', 'ArchiveExecution']);
  const diff = await replay.diff(ID, undefined, undefined);
  expect([diff?.from, diff?.changes.map(({ path, kind }) => [path, kind])]).toEqual([
    undefined,
    [['archived', 'added']],
  ]);
});

test.each([
  ['a revision', { revision: 2 }],
  ['a time', { time: minute(5) }],
])('a point by %s that is archived names the file', async (_, point) => {
  const { replay, events } = await archivedStory();
  const told = `revisions 0 to ${events - 1} are not in the log any more: they are in the archive file ${ARCHIVE.file} (sha256 ${ARCHIVE.sha256})`;
  await expect(replay.why(ID, point)).rejects.toThrow(new ArchivedError(told));
  await expect(replay.at(ID, point)).rejects.toThrow(new ArchivedError(told));
  await expect(replay.diff(ID, point, undefined)).rejects.toThrow(ArchivedError);
  await expect(replay.history(ID, { at: point, after: -1, limit: 1 })).rejects.toThrow(ArchivedError);
});

test('before it was accepted there was none, and beyond its end nothing is', async () => {
  const { replay, events } = await archivedStory();
  expect(await replay.why(ID, { time: minute(-1) })).toBeUndefined();
  expect(await replay.at(ID, { time: minute(-1) })).toBeUndefined();
  await expect(replay.causes(ID, events + 1)).rejects.toThrow(
    new PointError(`expected a revision from ${events} to ${events}; found ${events + 1}`),
  );
});

/** What of a state at a moment must be the same, archived or not. */
function meaning({ execution, last }: Folded): unknown {
  if (execution.phase === 'Absent' || last === undefined) return 'Absent';
  const status = statusOf(execution, last);
  const lock = execution.phase === 'Finished' ? execution.lock : execution.phase;
  return [execution.id, status?.phase, status?.outcome, lock, status?.failureDetails, status?.startTime];
}

test.each([-1, 0, 1, 2, 3, 4, 8, 9, 11, 19, 20, 60, 80])(
  'at minute %i it stood as it did before it was archived, in phase, outcome, failure and lock',
  async (n) => {
    const { story, store } = await archivedStory();
    const [kept, archived] = [await stateAt(story.store, ID, minute(n)), await stateAt(store, ID, minute(n))];
    const isRunning = kept.execution.phase === 'Running';
    // Of a run under way only the event of that time knew when Tekton had begun it.
    expect(meaning(archived)).toEqual(
      isRunning ? [ID, 'Running', undefined, 'Running', undefined, undefined] : meaning(kept),
    );
  },
);

test.each([
  ['the log still has its events', false],
  ['its events were let go', true],
])('the replay check compares it all the same, once, when %s', async (_, isLetGo) => {
  const { story, store: left } = await archivedStory();
  const store = isLetGo ? left : story.store;
  const row = ({ last }: Folded) => (last === undefined ? undefined : { revision: last.revision });
  const none = async function* (): AsyncGenerator<never> {};
  const check = new ReplayCheck({
    store,
    rows: { rowOf: row, get: async (id) => row(await story.now(id)), ids: none },
    resources: { isServed: () => true, list: none, read: async () => undefined },
    caughtUp: async () => undefined,
    sleep: async () => undefined,
  });
  const news: unknown[] = [];
  for await (const each of check.run(new AbortController().signal)) news.push(each);
  expect(news).toEqual([{ kind: 'report', executions: 1, differences: [], truncated: false }]);
});
