import { MAX_DIFFERENCES } from '../../src/replay/check/report.ts';
import type { ReplayNews } from '../../src/replay/check/report.ts';
import type { KeptRows, ShownResources } from '../../src/replay/check/projections.ts';
import { ReplayCheck } from '../../src/replay/check/replay-check.ts';
import * as example from '../../../execution/test/support/examples.ts';
import { minute } from '../../../execution/test/support/examples.ts';
import { StoryLog, uuid } from '../support/story-log.ts';

const NO_RESOURCES: ShownResources = {
  isServed: () => true,
  list: () => noPages(),
  read: async () => undefined,
};
async function* noPages(): AsyncGenerator<readonly never[]> {}

/** Rows that say the revision only, of all executions but those left out. */
function rowsOf(story: StoryLog, isKept: (id: string) => boolean): KeptRows {
  const row = ({ last }: { last?: { revision: number } }) =>
    last === undefined ? undefined : { revision: last.revision };
  return {
    rowOf: row,
    get: async (id) => (isKept(id) ? row(await story.now(id)) : undefined),
    ids: () => noPages(),
  };
}

/** So many executions, each one event long. */
async function storyOf(count: number): Promise<StoryLog> {
  const story = new StoryLog();
  const create = example.create({ at: minute(0) });
  for (let n = 0; n < count; n += 1) {
    const executionId = uuid(`execution ${n}`);
    await story.give(executionId, { ...create, executionId });
  }
  return story;
}

const newsOf = (story: StoryLog, isKept: (id: string) => boolean, signal?: AbortSignal) =>
  newsWith(story, rowsOf(story, isKept), signal);

async function newsWith(story: StoryLog, rows: KeptRows, signal?: AbortSignal) {
  const slept: number[] = [];
  const check = new ReplayCheck({
    ...{ store: story.store, rows, resources: NO_RESOURCES },
    caughtUp: async () => undefined,
    sleep: async (ms) => void slept.push(ms),
  });
  const news: ReplayNews[] = [];
  for await (const each of check.run(signal ?? new AbortController().signal)) news.push(each);
  return { news, slept };
}

test('it tells how far it has come', async () => {
  const { news, slept } = await newsOf(await storyOf(250), () => true);
  expect(news).toEqual([
    { kind: 'progress', executions: 100, differences: 0 },
    { kind: 'progress', executions: 200, differences: 0 },
    { kind: 'report', executions: 250, differences: [], truncated: false },
  ]);
  expect(slept).toEqual([]);
});

test('it tells a bounded number of differences, and that there are more', async () => {
  const { news } = await newsOf(await storyOf(MAX_DIFFERENCES + 201), () => false);
  const report = news.at(-1);
  if (report?.kind !== 'report') throw new Error('expected a report');
  expect([report.differences.length, report.truncated]).toEqual([MAX_DIFFERENCES, true]);
  expect(report.executions).toBeLessThan(MAX_DIFFERENCES + 201);
});

test('exactly as many as can be told are all of them', async () => {
  const story = await storyOf(MAX_DIFFERENCES);
  const report = (await newsOf(story, () => false)).news.at(-1);
  expect(report).toMatchObject({ kind: 'report', executions: MAX_DIFFERENCES, truncated: false });
});

test('what is there at the second look was only late', async () => {
  const story = await storyOf(3);
  const asked = new Map<string, number>();
  const { news, slept } = await newsOf(story, (id) => {
    asked.set(id, (asked.get(id) ?? 0) + 1);
    return (asked.get(id) ?? 0) > 1;
  });
  expect(news).toEqual([{ kind: 'report', executions: 3, differences: [], truncated: false }]);
  expect(slept).toEqual([250]);
});

test('what is behind and moves is being written, and no difference', async () => {
  const story = await storyOf(1);
  const id = uuid('execution 0');
  const goOn = () => story.append(id, minute(1), { type: 'StatusDriftCorrected', data: { fields: ['phase'] } });
  await goOn();
  const look = async (): Promise<object> => {
    const { last } = await story.now(id);
    await goOn();
    return { revision: (last?.revision ?? 0) - 1 };
  };
  const rows = { ...rowsOf(story, () => true), get: look };
  expect((await newsWith(story, rows)).news).toEqual([
    { kind: 'report', executions: 1, differences: [], truncated: false },
  ]);
});

test('what differs differs at every look, together with the others', async () => {
  const { slept } = await newsOf(await storyOf(20), () => false);
  expect(slept).toEqual([250, 1_000, 3_000]);
});

test('when it is to stop it tells no report', async () => {
  const stopping = new AbortController();
  stopping.abort();
  expect((await newsOf(await storyOf(3), () => true, stopping.signal)).news).toEqual([]);
});
