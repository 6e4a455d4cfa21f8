import { streamOf } from '#execution';
import type { NewEvent } from '#execution';
import { causesOf } from '../../src/replay/causes.ts';
import { historyOf } from '../../src/replay/history.ts';
import { Replay } from '../../src/replay/replay.ts';
import { MomentError, PointError } from '../../src/replay/points.ts';
import * as example from '../../../execution/test/support/examples.ts';
import { minute, runSeen, sync } from '../../../execution/test/support/examples.ts';
import { StoryLog, uuid } from '../support/story-log.ts';

const { ID } = example;
const NOW = Date.parse(minute(90));

/** Asked for by REST, run, cancelled by somebody, ended, released. */
async function cancelledStory(): Promise<StoryLog> {
  const story = new StoryLog();
  await story.give(
    ID,
    example.create({ at: minute(0) }),
    sync(example.resourceSeen(), minute(1)),
    sync(runSeen(example.RUNNING, 'created'), minute(2)),
    example.cancel('Graceful', { at: minute(5), reason: 'the alert has cleared' }),
    sync(runSeen(example.CANCELLED), minute(6)),
    example.release('CooldownOver', minute(12)),
  );
  return story;
}

describe('a history', () => {
  test('says of each event who, by which door, what led to it, and how long after', async () => {
    const story = await cancelledStory();
    const entries = historyOf(await story.steps(ID));
    expect(entries.map(({ type, actor, source, cause }) => [type, actor.user, source, causeText(cause)])).toEqual([
      ['ExecutionCreated', 'ada', 'rest', 'command'],
      ['ResourceBound', 'system:workflow-execution-service', 'driver', 'ExecutionCreated@0'],
      ['PipelineRunCreated', 'system:workflow-execution-service', 'driver', 'ResourceBound@1'],
      ['PipelineRunProgressed', 'system:workflow-execution-service', 'driver', 'ResourceBound@1'],
      ['CancellationRequested', 'grace', 'rest', 'command'],
      ['ExecutionCancelled', 'system:workflow-execution-service', 'driver', 'CancellationRequested@4'],
      ['ReleaseRequested', 'system:workflow-execution-service', 'scheduler', 'ExecutionCancelled@5'],
    ]);
    expect(entries.map(({ sinceStartMs }) => sinceStartMs / 60_000)).toEqual([0, 1, 2, 2, 5, 6, 12]);
    expect(entries.map(({ sincePreviousMs }) => sincePreviousMs / 60_000)).toEqual([0, 1, 1, 0, 3, 1, 6]);
  });

  test('is given in pages that leave nothing out', async () => {
    const replay = new Replay((await cancelledStory()).store, () => NOW);
    const whole = await replay.history(ID, { after: -1, limit: 100 });
    expect(whole?.next).toBeUndefined();
    const paged: number[] = [];
    let after: number | undefined = -1;
    for (let pages = 0; after !== undefined && pages < 10; pages += 1) {
      const page = await replay.history(ID, { after, limit: 2 });
      paged.push(...(page?.items ?? []).map(({ revision }) => revision));
      after = page?.next;
    }
    expect(paged).toEqual(whole?.items.map(({ revision }) => revision));
  });

  test('ends at the point asked for', async () => {
    const replay = new Replay((await cancelledStory()).store, () => NOW);
    const until = async (at: { revision: number } | { time: string }) =>
      (await replay.history(ID, { at, after: -1, limit: 100 }))?.items.map(({ revision }) => revision);
    expect(await until({ revision: 2 })).toEqual([0, 1, 2]);
    expect(await until({ time: minute(2) })).toEqual([0, 1, 2, 3]);
    expect(await until({ time: '2026-03-01T09:59:59Z' })).toBeUndefined();
  });

  test('of an execution that is not there is none', async () => {
    const replay = new Replay(new StoryLog().store, () => NOW);
    expect(await replay.history(ID, { after: -1, limit: 1 })).toBeUndefined();
    expect(await replay.causes(ID)).toBeUndefined();
    expect(await replay.why(ID)).toBeUndefined();
    expect(await replay.diff(ID, undefined, { revision: 3 })).toBeUndefined();
  });

  test('has no revision beyond its end, and no moment that is still to come', async () => {
    const replay = new Replay((await cancelledStory()).store, () => NOW);
    await expect(replay.why(ID, { revision: 7 })).rejects.toThrow(
      new PointError('expected a revision from 0 to 6; found 7'),
    );
    await expect(replay.causes(ID, 7)).rejects.toThrow(PointError);
    await expect(replay.why(ID, { time: minute(92) })).rejects.toThrow(MomentError);
    expect((await replay.why(ID, { time: minute(91) }))?.phase).toBe('Failed');
  });
});

describe('the causes of an event', () => {
  test('lead back to the command somebody gave, and by which door', async () => {
    const causes = causesOf(await (await cancelledStory()).steps(ID), 6);
    expect(causes.items.map(({ revision, type, actor }) => [revision, type, actor.user])).toEqual([
      [6, 'ReleaseRequested', 'system:workflow-execution-service'],
      [5, 'ExecutionCancelled', 'system:workflow-execution-service'],
      [4, 'CancellationRequested', 'grace'],
      [undefined, 'CancelExecution', 'grace'],
    ]);
    expect(causes.items.at(-1)?.sentence).toBe(
      'Cancel it (Graceful): the alert has cleared; asked for by grace through the REST API.',
    );
    expect(causes.items[0]?.sentence).toBe(
      'The run is to be removed, and the lock with it: asked by a test. Done by the scheduler of the service, because it was due.',
    );
  });

  test('begin with the resource when it entered by one', async () => {
    const story = new StoryLog();
    await story.give(ID, example.create({ at: minute(0), entry: 'resource', resourceUid: 'res-1' }));
    const { items } = causesOf(await story.steps(ID), 1);
    expect(items.map(({ type }) => type)).toEqual(['ResourceBound', 'CreateExecution']);
    expect(items.at(-1)?.sentence).toBe(
      'Run workflow restart-pod on payment/deployment/payment-api; read by the service from the WorkflowExecution resource.',
    );
  });

  test('come to an end whatever a log says of them', async () => {
    const story = new StoryLog();
    const ids = ['a', 'b', 'c'].map(uuid);
    await story.store.append(
      streamOf(ID),
      'none',
      ids.map((id, index) => event(id, ids[(index + 1) % 3] as string)),
    );
    expect(causesOf(await story.steps(ID), 2).items.map(({ revision }) => revision)).toEqual([2, 0, undefined]);
    expect(causesOf(await story.steps(ID), 1).items.map(({ revision }) => revision)).toEqual([1, undefined]);
  });

  test('are left out in the middle when they are too many, never at the ends', async () => {
    const story = new StoryLog();
    await story.give(ID, example.create({ at: minute(0) }));
    for (let n = 0; n < 300; n += 1)
      await story.append(ID, minute(1), { type: 'StatusDriftCorrected', data: { fields: ['phase'] } });
    const { items, omitted } = causesOf(await story.steps(ID), 300);
    expect([items.length, omitted]).toEqual([200, 102]);
    expect(items[0]?.revision).toBe(300);
    expect(items.slice(-2).map(({ type }) => type)).toEqual(['ExecutionCreated', 'CreateExecution']);
  });
});

const causeText = (cause: { kind: string; type?: string; revision?: number }): string =>
  cause.kind === 'event' ? `${cause.type}@${cause.revision}` : 'command';

const event = (id: string, causationId: string): NewEvent => ({
  id,
  type: 'StatusDriftCorrected',
  schemaVersion: 1,
  data: { fields: [] },
  metadata: {
    time: minute(0),
    actor: { user: 'x' },
    source: 'driver',
    commandId: id,
    correlationId: 'rr',
    causationId,
  },
});
