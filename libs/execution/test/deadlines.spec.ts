import type { DeadlineLimits, ExecutionEvent, Observation } from '#execution';
import { desiredRun, fold, nextDeadline } from '#execution';
import * as example from './support/examples.ts';
import { minute, runSeen, sync } from './support/examples.ts';
import { eventsOf, recordedBy } from './support/stages.ts';
import { decided, given, history, stateAfter } from './support/story.ts';

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

  test('its limit counts from the moment Tekton started it, however late that was', () => {
    const late: ExecutionEvent = { ...progressed, data: { ...progressed.data, startTime: minute(CREATED + 10) } };
    given(...RUNNING, late)
      .when(sync(passed, minute(CREATED + 41)))
      .nothing();
    given(...RUNNING, late)
      .when(sync(passed, minute(CREATED + 42)))
      .then('RunOverdue', 'CancellationRequested');
  });

  test('is cancelled then: frozen, or its limit was not enforced; the tasks that had failed are recorded', () => {
    given(...PICKED_UP, taskFinished('restart', 'Failed'))
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

  test('says of the tasks which had failed, the first three of them', () => {
    const tasks = ['a', 'b', 'c', 'd'].map((name) => taskFinished(name, 'Failed'));
    given(...PICKED_UP, taskFinished('fine', 'Succeeded'), ...tasks)
      .when(sync(passed, minute(60)))
      .then('RunOverdue', {
        type: 'CancellationRequested',
        data: { reason: expect.stringMatching(/failed by then: a, b, c$/) },
      });
  });

  test('records no more tasks than an event may hold', () => {
    const tasks = Array.from({ length: 51 }, (_, index) => taskFinished(`task-${index}`, 'Succeeded'));
    const [overdue] = given(...PICKED_UP, ...tasks)
      .when(sync(passed, minute(120)))
      .then('RunOverdue', 'CancellationRequested');
    expect(overdue).toMatchObject({ data: { seen: { tasks: { length: 50 } } } });
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
        {
          type: 'ExecutionFailed',
          data: {
            failure: { reason: 'DeadlineExceeded', wasExecutionFailure: true },
            run: { ref: example.RUN, condition: { reason: 'Running' }, completedTasks: 0 },
            lockUntil: minute(since + 10),
          },
        },
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

function recordedCancel(mode: 'Graceful' | 'Immediate'): readonly ExecutionEvent[] {
  return recordedBy(example.create(), example.cancel(mode)).slice(1);
}

function taskFinished(name: string, state: 'Failed' | 'Succeeded'): ExecutionEvent {
  const task = { pipelineTask: name, taskRun: `wfe-${name}`, taskRunUid: name, attempt: 1 };
  return { type: 'TaskFinished', data: { ...task, state, reason: state, message: '', steps: [], results: [] } };
}
