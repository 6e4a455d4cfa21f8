import type { ExecutionEvent, Observation } from '#execution';
import { desiredResource, desiredRun } from '#execution';
import * as example from './support/examples.ts';
import { minute, runSeen, sync } from './support/examples.ts';
import { eventsOf } from './support/stages.ts';
import { decided, given, stateAfter } from './support/story.ts';

describe('a resource that is being deleted', () => {
  const waited: Observation = { kind: 'DeletionWaited', patienceMs: 600_000 };
  const DELETING = eventsOf('Running, deleting');
  const asked = DELETING.findIndex((event) => event.type === 'ResourceDeletionRequested');

  test('is kept for the run, but not longer than the bound; that is recorded before the finalizer is dropped', () => {
    given(...DELETING)
      .when(sync(waited, minute(asked + 9)))
      .nothing();
    expect(desiredResource(stateAfter(...DELETING)).kind).toBe('Shown');
    const events = given(...DELETING)
      .when(sync(waited, minute(asked + 10)))
      .then({ type: 'ResourceLetGo', data: { reason: expect.stringContaining('its run has not ended') } });
    const after = stateAfter(...DELETING, ...events);
    expect([desiredResource(after).kind, after.phase, desiredRun(after).kind]).toEqual([
      'LetGo',
      'Running',
      'Cancelled',
    ]);
    given(...DELETING, ...events)
      .when(sync(waited, minute(900)))
      .nothing();
  });

  test('nothing is let go that nobody deleted, or that is free to go anyway', () => {
    given(...eventsOf('Running'))
      .when(sync(waited, minute(900)))
      .nothing();
    given(...eventsOf('Success, released, deleting'))
      .when(sync(waited, minute(900)))
      .nothing();
  });
});

describe('the resource of a finished execution', () => {
  const expired: Observation = { kind: 'ResourceExpired', ttlMs: 3_600_000 };
  const RELEASED = eventsOf('Success, released');
  const ENDED = RELEASED.findIndex((event) => event.type === 'ExecutionCompleted');

  test('is deleted when it was kept long enough and the lock is free, by an event of its own', () => {
    given(...RELEASED)
      .when(sync(expired, minute(ENDED + 59)))
      .nothing();
    const events = given(...RELEASED)
      .when(sync(expired, minute(ENDED + 60)))
      .then('PruningRequested');
    const after = stateAfter(...RELEASED, ...events);
    expect(desiredResource(after).kind).toBe('Pruned');
    given(...RELEASED, ...events)
      .when(sync(example.resourceSeen({ deleting: true }), minute(600)))
      .nothing();
    given(...RELEASED, ...events)
      .when(sync({ kind: 'ResourceMissing', uid: example.RESOURCE.uid }, minute(601)))
      .then({ type: 'ResourceRemoved', data: { how: 'Finalized' } });
  });

  test.each([
    'Running',
    'Success, held',
    'Success, releasing',
    'Success, released, deleting',
    'Success, released, removed',
  ] as const)('is not in the stage %s', (stage) =>
    given(...eventsOf(stage))
      .when(sync(expired, minute(6000)))
      .nothing(),
  );
});

describe('a stray run', () => {
  const FINISHED = eventsOf('Success, released');
  const stray = runSeen({ ...example.NEW_RUN, ref: example.LATER_RUN });
  const SEEN = [...FINISHED, ...decided(FINISHED, stray, minute(20))];

  test('is to be removed, and its removal is recorded: nothing is left to do then', () => {
    expect(desiredRun(stateAfter(...SEEN))).toMatchObject({ kind: 'Removed', run: { uid: example.LATER_RUN.uid } });
    const events = given(...SEEN)
      .when(sync({ kind: 'RunMissing', runUid: example.LATER_RUN.uid }))
      .then({ type: 'StrayRunRemoved', data: { run: example.LATER_RUN } });
    expect(desiredRun(stateAfter(...SEEN, ...events)).kind).toBe('Nothing');
    given(...SEEN, ...events)
      .when(sync(stray))
      .nothing();
  });

  test('the removal of another run leaves it to be removed', () => {
    const other: ExecutionEvent = { type: 'StrayRunRemoved', data: { run: example.EARLIER_RUN } };
    expect(desiredRun(stateAfter(...SEEN, other))).toMatchObject({ kind: 'Removed', run: example.LATER_RUN });
  });

  test('what was seen before of a contradiction is not forgotten', () => {
    const held = eventsOf('Success, held');
    const failed = decided(held, runSeen(example.FAILED), minute(20));
    const both = [...held, ...failed, ...decided([...held, ...failed], stray, minute(21))];
    const gone = decided(both, { kind: 'RunMissing', runUid: example.LATER_RUN.uid }, minute(22));
    const { condition } = example.FAILED;
    expect(stateAfter(...both)).toMatchObject({ contradiction: { condition, strayRun: example.LATER_RUN } });
    expect(stateAfter(...both, ...gone)).toMatchObject({ contradiction: { condition, removedRun: example.LATER_RUN } });
  });

  test('while it is there, the resource may not go', () => {
    expect(desiredResource(stateAfter(...SEEN))).toEqual({ kind: 'Shown', finalizer: true });
  });
});
