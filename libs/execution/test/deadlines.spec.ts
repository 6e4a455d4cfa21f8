import type { DeadlineLimits, ExecutionEvent, Observation } from '#execution';
import { MAX_DELAY_EVENTS } from '../src/decide-delay.ts';
import { desiredResource, desiredRun, fold, nextDeadline, statusOf } from '#execution';
import * as example from './support/examples.ts';
import { minute, runSeen, sync } from './support/examples.ts';
import { eventsOf, recordedBy } from './support/stages.ts';
import { given, history, stateAfter } from './support/story.ts';

const LIMITS: DeadlineLimits = { pickUpMs: 120_000, endGraceMs: 120_000, cancellationMs: 300_000 };
const passed: Observation = { kind: 'DeadlinePassed', limits: LIMITS, isCancelled: true };
/** Events a minute apart from minute 0: the run is created at `CREATED`, and has a limit of half an hour. */
const RUNNING = eventsOf('Running');
const CREATED = RUNNING.findIndex((event) => event.type === 'PipelineRunCreated');
const progressed: ExecutionEvent = {
  type: 'PipelineRunProgressed',
  data: {
    condition: { status: 'Unknown', reason: 'Running', message: 'Tasks Completed: 0' },
    startTime: minute(CREATED),
  },
};
const PICKED_UP = [...RUNNING, progressed];

const unpicked = RUNNING.slice(0, CREATED + 1);

describe('a run that Tekton does not pick up', () => {
  test('is left alone until the deadline', () => {
    given(...unpicked)
      .when(sync(passed, minute(CREATED + 1)))
      .nothing();
  });

  test('is cancelled then, and what was seen is recorded', () => {
    given(...unpicked)
      .when(sync(passed, minute(CREATED + 2)))
      .then(
        { type: 'RunOverdue', data: { deadline: 'PickUp', limitMs: 120_000, seen: { tasks: [] } } },
        { type: 'CancellationRequested', data: { mode: 'Immediate', reason: expect.stringContaining('did not pick') } },
      );
  });

  test('a run that sleeps, or has only been seen asleep, is not picked up', () => {
    const asleep = {
      ...example.NEW_RUN,
      condition: { status: 'Unknown', reason: 'PipelineRunPending', message: 'is pending' },
    } as const;
    given(...unpicked)
      .when(sync(runSeen(asleep), minute(CREATED + 1)))
      .nothing();
  });

  test('a graceful cancellation does not make it wait longer', () => {
    const events = [...unpicked, ...recordedCancel('Graceful')];
    given(...events)
      .when(sync(passed, minute(CREATED + 2)))
      .then('RunOverdue', 'CancellationRequested');
  });
});

describe('a run that does not end in time', () => {
  test('is left alone until its own limit and the grace are over', () => {
    given(...PICKED_UP)
      .when(sync(passed, minute(CREATED + 31)))
      .nothing();
  });

  test('is cancelled then: frozen, or its limit was not enforced; the tasks that had failed are recorded', () => {
    const failed: ExecutionEvent = {
      type: 'TaskFinished',
      data: {
        ...{ pipelineTask: 'restart', taskRun: 'wfe-restart', taskRunUid: 't-1', attempt: 1 },
        ...{ state: 'Failed', reason: 'Failed', message: 'exit 1', steps: [], results: [] },
      },
    };
    given(...PICKED_UP, failed)
      .when(sync(passed, minute(CREATED + 32)))
      .then(
        {
          type: 'RunOverdue',
          data: {
            deadline: 'End',
            limitMs: 1_920_000,
            seen: {
              condition: { reason: 'Running' },
              tasks: [{ pipelineTask: 'restart', taskRun: 'wfe-restart', state: 'Failed' }],
            },
          },
        },
        { type: 'CancellationRequested', data: { reason: expect.stringMatching(/failed by then: restart/) } },
      );
  });

  test('and ends cancelled because of that: it failed for want of time, it was nobody\u2019s wish', () => {
    const overdue = [...PICKED_UP, ...decided(PICKED_UP, passed, minute(CREATED + 32))];
    given(...overdue)
      .when(sync(runSeen(example.CANCELLED), minute(60)))
      .then({ type: 'ExecutionFailed', data: { failure: { reason: 'DeadlineExceeded' } } });
  });

  test('one that succeeds all the same, before the cancellation took effect, succeeded', () => {
    const overdue = [...PICKED_UP, ...decided(PICKED_UP, passed, minute(CREATED + 32))];
    given(...overdue)
      .when(sync(runSeen(example.SUCCEEDED), minute(60)))
      .then('ExecutionCompleted');
  });
});

describe('a cancellation without effect', () => {
  const cancelled = [...PICKED_UP, ...recordedCancel('Immediate')];
  const since = cancelled.length - 1;

  test('is waited for until the deadline', () => {
    given(...cancelled)
      .when(sync(passed, minute(since + 4)))
      .nothing();
  });

  test('ends the execution then, whatever Tekton does; the run is still there: it goes on being cancelled, and has the lock', () => {
    const events = given(...cancelled)
      .when(sync(passed, minute(since + 5)))
      .then(
        { type: 'RunOverdue', data: { deadline: 'Cancellation' } },
        { type: 'ExecutionFailed', data: { failure: { reason: 'DeadlineExceeded', wasExecutionFailure: true } } },
      );
    const state = fold(history([...cancelled, ...events]));
    expect(desiredRun(state)).toMatchObject({ kind: 'Cancelled', mode: 'Immediate' });
    const late = given(...cancelled, ...events)
      .when(sync(runSeen(example.CANCELLED), minute(since + 6)))
      .then('ContradictionObserved');
    expect(desiredRun(stateAfter(...cancelled, ...events, ...late)).kind).toBe('Kept');
  });

  test('of a run that was never picked up: no step has run', () => {
    given(...unpicked, ...recordedCancel('Immediate'))
      .when(sync(passed, minute(60)))
      .then('RunOverdue', { type: 'ExecutionFailed', data: { failure: { wasExecutionFailure: false } } });
  });

  test('unless it could not be told to stop: Tekton may begin with it at any time', () => {
    given(...unpicked, ...recordedCancel('Immediate'))
      .when(sync({ ...passed, isCancelled: false }, minute(60)))
      .then('RunOverdue', { type: 'ExecutionFailed', data: { failure: { wasExecutionFailure: true } } });
  });

  test('with its resource gone, the lock is given back at once', () => {
    given(...eventsOf('Running, removed'))
      .when(sync(passed, minute(60)))
      .then('RunOverdue', 'ExecutionFailed', 'ReleaseRequested');
  });
});

test('no deadline runs before there is a run, nor after the end', () => {
  for (const stage of ['Pending, bound', 'Pending, waiting', 'Success, held', 'Failed, no run'] as const) {
    expect(nextDeadline(stateAfter(...eventsOf(stage)), LIMITS)).toBeUndefined();
    given(...eventsOf(stage))
      .when(sync(passed, minute(600)))
      .nothing();
  }
});

describe('what cannot be created for a reason that may pass', () => {
  const delayed = (what: 'run' | 'resource' = 'run'): Observation => ({
    kind: 'CreationDelayed',
    ...{ what, code: 'server-error', message: 'failed calling webhook', patienceMs: 600_000 },
  });
  const BOUND = eventsOf('Pending, bound');
  const DELAYED = [...BOUND, ...decided(BOUND, delayed(), minute(2))];

  test('is recorded once, and shown', () => {
    given(...BOUND)
      .when(sync(delayed()))
      .then({ type: 'ExecutionDelayed', data: { what: 'run', code: 'server-error' } });
    given(...DELAYED)
      .when(sync(delayed(), minute(5)))
      .nothing();
    const status = statusOf(stateAfter(...DELAYED), { revision: 2, type: 'ExecutionDelayed', hash: '' });
    expect(status?.message).toContain('the run cannot be created yet: failed calling webhook');
    expect(status?.conditions.find(({ type }) => type === 'Succeeded')).toMatchObject({ reason: 'Delayed' });
  });

  test('ends the execution when patience is exhausted; it counts from the record, so a restart changes nothing', () => {
    const since = DELAYED.length - 1;
    given(...DELAYED)
      .when(sync(delayed(), minute(since + 9)))
      .nothing();
    given(...DELAYED)
      .when(sync(delayed(), minute(since + 10)))
      .then({
        type: 'ExecutionFailed',
        data: {
          failure: {
            reason: 'Unknown',
            message: expect.stringContaining('gave up after 10m'),
            wasExecutionFailure: false,
          },
        },
      });
  });

  test('a wait for the lock in between ends the delay: the next trouble is patiently borne anew', () => {
    const waiting = [...eventsOf('Pending, waiting')];
    const after = [...waiting, ...decided(waiting, delayed(), minute(5))];
    const locked: Observation = { kind: 'TargetLocked', holder: example.HOLDER };
    const again = given(...after)
      .when(sync(locked, minute(30)))
      .then('ExecutionQueued');
    given(...after, ...again)
      .when(sync(delayed(), minute(60)))
      .then('ExecutionDelayed');
  });

  test('more delays than are recorded: patience counts from the last of those, and ends all the same', () => {
    const events: ExecutionEvent[] = [...eventsOf('Pending, waiting')];
    const see = (observation: Observation): void =>
      void events.push(...decided(events, observation, minute(events.length)));
    for (let turn = 0; turn <= MAX_DELAY_EVENTS; turn += 1) {
      see(delayed());
      see({ kind: 'TargetLocked', holder: { runUid: `run-of-turn-${turn}`, state: 'Running' } });
    }
    expect(events.filter(({ type }) => type === 'ExecutionDelayed')).toHaveLength(MAX_DELAY_EVENTS);
    given(...events)
      .when(sync(delayed(), minute(events.length + 60)))
      .then('ExecutionFailed');
  });

  test('the resource is bound: its delay is over', () => {
    const unbound = eventsOf('Pending, unbound');
    const events = [...unbound, ...decided(unbound, delayed('resource'), minute(1))];
    expect(stateAfter(...events)).toMatchObject({ delay: { what: 'resource' } });
    const bound = given(...events)
      .when(sync(example.resourceSeen(), minute(3)))
      .then('ResourceBound');
    expect(stateAfter(...events, ...bound)).not.toHaveProperty('delay');
  });
});

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
    given(...RUNNING)
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

  test('is deleted when it was kept long enough and the lock is free, by an event of its own', () => {
    given(...RELEASED)
      .when(sync(expired, minute(10)))
      .nothing();
    const events = given(...RELEASED)
      .when(sync(expired, minute(600)))
      .then('PruningRequested');
    const after = stateAfter(...RELEASED, ...events);
    expect(desiredResource(after).kind).toBe('Pruned');
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

  test('while it is there, the resource may not go', () => {
    expect(desiredResource(stateAfter(...SEEN))).toEqual({ kind: 'Shown', finalizer: true });
  });
});

function decided(events: readonly ExecutionEvent[], observation: Observation, at: string): readonly ExecutionEvent[] {
  const story = given(...events).when(sync(observation, at));
  if (story.decision.kind === 'Refused') throw new Error(story.decision.message);
  return story.decision.events;
}

function recordedCancel(mode: 'Graceful' | 'Immediate'): readonly ExecutionEvent[] {
  return recordedBy(example.create(), example.cancel(mode)).slice(1);
}
