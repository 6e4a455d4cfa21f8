import type { ExecutionEvent, RunObservation, TaskObservation } from '#execution';
import { decide, desiredRun, fold } from '#execution';
import { MAX_EVENTS_AT_ONCE, MAX_PROGRESS_EVENTS } from '../src/decide-run.ts';
import * as example from './support/examples.ts';
import { minute, RUN, RUNNING, runSeen, SUCCEEDED, sync, task } from './support/examples.ts';
import { eventsOf } from './support/stages.ts';
import { given, history as historyOf, stateAfter } from './support/story.ts';

const running = (...more: readonly ExecutionEvent[]): readonly ExecutionEvent[] => [...eventsOf('Running'), ...more];
const seen = (change: Partial<RunObservation>) => sync(runSeen({ ...RUNNING, ...change }));
const typesOf = (events: readonly ExecutionEvent[]): string[] => events.map((event) => event.type);

/** What the run's observation records, as history to go on from. */
const recorded = (history: readonly ExecutionEvent[], change: Partial<RunObservation>): readonly ExecutionEvent[] => {
  const { decision } = given(...history).when(seen(change));
  if (decision.kind === 'Refused') throw new Error(decision.message);
  return decision.events;
};

describe('the run exists', () => {
  const pending = eventsOf('Pending, bound');

  test('created by us: not adopted', () => {
    given(...pending)
      .when(sync(runSeen(example.NEW_RUN, 'created')))
      .then({ type: 'PipelineRunCreated', data: { run: RUN, adopted: false } });
  });

  test('found with our id, from before a crash: adopted', () => {
    given(...pending)
      .when(sync(runSeen(example.NEW_RUN, 'adopted')))
      .then({ type: 'PipelineRunCreated', data: { run: RUN, adopted: true } });
  });

  test('found when it has ended already: its creation, its tasks and its end are recorded together', () => {
    given(...pending)
      .when(sync(runSeen({ ...SUCCEEDED, tasks: [task({ state: 'Succeeded' })] }, 'adopted')))
      .then('PipelineRunCreated', 'TaskStarted', 'TaskFinished', 'ExecutionCompleted');
  });

  test('cancelled before the run was recorded: the run is followed, and is to be cancelled', () => {
    given(...eventsOf('Pending, cancelling'))
      .when(sync(runSeen(example.NEW_RUN, 'adopted')))
      .then('PipelineRunCreated');
  });
});

describe('progress', () => {
  test('is recorded only when something changed', () => {
    given(...running())
      .when(seen({}))
      .nothing();
  });

  test.each<[string, Partial<RunObservation>]>([
    ['its reason', { condition: { status: 'Unknown', reason: 'CancelledRunningFinally', message: '' } }],
    ['its message', { condition: { status: 'Unknown', reason: 'Running', message: 'Tasks Completed: 1' } }],
    ['the number of tasks, once the pipeline is resolved', { totalTasks: 3 }],
    ['its start', { startTime: minute(2) }],
  ])('%s is news', (_, change) => {
    given(...running())
      .when(seen(change))
      .then('PipelineRunProgressed');
  });

  test('what was known stays known when a later sight does not tell it', () => {
    const { totalTasks, startTime, ...without } = RUNNING;
    const condition = { status: 'Unknown', reason: 'PipelineRunStopping', message: '' } as const;
    const [progressed] = given(...running())
      .when(sync(runSeen({ ...without, condition })))
      .then('PipelineRunProgressed');
    expect(stateAfter(...running(progressed as ExecutionEvent))).toMatchObject({
      progress: { totalTasks, startTime, condition },
    });
  });

  test('a long message is cut once, and is no news the second time', () => {
    const condition = { status: 'Unknown', reason: 'Running', message: 'ä'.repeat(5000) } as const;
    given(...running(...recorded(running(), { condition })))
      .when(seen({ condition }))
      .nothing();
  });

  test('an earlier run of that name, seen late, says nothing about ours', () => {
    given(...running())
      .when(seen({ ref: example.EARLIER_RUN }))
      .nothing();
  });
});

describe('tasks', () => {
  const begun = running(...recorded(running(), { tasks: [task()] }));
  const over = running(...recorded(running(), { tasks: [task({ state: 'Failed', reason: 'Failed' })] }));
  const succeeded = running(...recorded(running(), { tasks: [task({ state: 'Succeeded' })] }));

  test.each<[string, readonly ExecutionEvent[], Partial<TaskObservation>, string[]]>([
    ['a task that waits is not told', running(), { state: 'Pending' }, []],
    ['a task that runs has started', running(), {}, ['TaskStarted']],
    [
      'a task first seen when it is over started and finished',
      running(),
      { state: 'Succeeded' },
      ['TaskStarted', 'TaskFinished'],
    ],
    ['a task that runs on is no news', begun, {}, []],
    ['a task that ended has finished', begun, { state: 'Succeeded' }, ['TaskFinished']],
    ['a task that was cancelled has finished', begun, { state: 'Cancelled' }, ['TaskFinished']],
    ['a task whose failure is ignored has finished', begun, { state: 'FailureIgnored' }, ['TaskFinished']],
    ['a finished task is no news', over, { state: 'Failed', reason: 'Failed' }, []],
    ['a task that ended otherwise than recorded is told again', over, { state: 'Succeeded' }, ['TaskFinished']],
    ['a task that runs again after its failure has started again', over, { state: 'Running' }, ['TaskStarted']],
    ['a task that succeeded and is seen running is a late sight', succeeded, { state: 'Running' }, []],
    ['a new attempt has started', begun, { attempt: 2 }, ['TaskStarted']],
    [
      'a new attempt first seen when it is over started and finished',
      begun,
      { attempt: 2, state: 'Failed' },
      ['TaskStarted', 'TaskFinished'],
    ],
  ])('%s', (_, history, change, types) => {
    given(...history)
      .when(seen({ tasks: [task(change)] }))
      .then(...(types as ('TaskStarted' | 'TaskFinished')[]));
  });

  test('an earlier attempt, seen late, is no news', () => {
    const second = running(...recorded(running(), { tasks: [task({ attempt: 2 })] }));
    given(...second)
      .when(seen({ tasks: [task({ attempt: 1, state: 'Failed' })] }))
      .nothing();
  });

  test('a task named like a property every object has is a task like any other', () => {
    given(...running())
      .when(seen({ tasks: [task({ taskRun: 'constructor', state: 'Failed' })] }))
      .then('TaskStarted', 'TaskFinished');
  });

  test('steps, results and times of a finished task are in the event', () => {
    const steps = [
      { name: 'restart', exitCode: 0, reason: 'Completed', imageId: 'registry.example.test/kubectl@sha256:1' },
    ];
    const change = {
      state: 'Succeeded',
      completionTime: minute(2),
      steps,
      results: [{ name: 'pod', value: 'a' }],
    } as const;
    given(...begun)
      .when(seen({ tasks: [task(change)] }))
      .then({
        type: 'TaskFinished',
        data: { state: 'Succeeded', startTime: minute(1), completionTime: minute(2), steps, results: change.results },
      });
  });
});

describe('limits', () => {
  const many = (count: number, change: Partial<TaskObservation>): TaskObservation[] =>
    Array.from({ length: count }, (_, index) => task({ ...change, taskRun: `${example.RUN_NAME}-t${index}` }));

  test('tasks that began and ended since the last look, too many for one append: their ends tell it all', () => {
    const tasks = many(256, { state: 'Succeeded' });
    const events = recorded(running(), { tasks });
    expect(new Set(typesOf(events))).toEqual(new Set(['TaskFinished']));
    expect(events).toHaveLength(256);
    given(...running(...events))
      .when(seen({ tasks }))
      .nothing();
    expect(stateAfter(...running(...events))).toMatchObject({
      tasks: { [`${example.RUN_NAME}-t255`]: { state: 'Succeeded' } },
    });
  });

  test('one observation never leads to more events than a store takes at once', () => {
    const ended = { ...SUCCEEDED, tasks: many(1000, { state: 'Succeeded' }) };
    const { decision } = given(...eventsOf('Pending, deleting')).when(sync(runSeen(ended, 'adopted')));
    expect(decision.kind === 'Recorded' && decision.events.length).toBeLessThanOrEqual(MAX_EVENTS_AT_ONCE + 3);
    expect(decision.kind === 'Recorded' && typesOf(decision.events).slice(-2)).toEqual([
      'ExecutionCompleted',
      'ReleaseRequested',
    ]);
  });

  test('a run that flaps fills the log up to the limit of progress, and its end is recorded all the same', () => {
    let history = running();
    let state = stateAfter(...history);
    for (let turn = 0; turn < MAX_PROGRESS_EVENTS + 10; turn += 1) {
      const decision = decide(seen({ totalTasks: 2 + (turn % 2) }), state);
      const events = decision.kind === 'Recorded' ? decision.events : [];
      state = fold(historyOf(events), state);
      history = [...history, ...events];
    }
    // The first one was recorded on the way to Running.
    expect(history.filter((event) => event.type === 'PipelineRunProgressed')).toHaveLength(MAX_PROGRESS_EVENTS);
    given(...history)
      .when(seen({ totalTasks: 9, tasks: [task()] }))
      .nothing();
    given(...history)
      .when(sync(runSeen(SUCCEEDED)))
      .then('ExecutionCompleted');
  });
});

describe('the end of the run', () => {
  test('Completed: a snapshot of what matters, and the lock until the cooldown after the end is over', () => {
    given(...running())
      .when(sync(runSeen(SUCCEEDED)))
      .then({
        type: 'ExecutionCompleted',
        data: {
          lockUntil: minute(8),
          run: {
            ref: RUN,
            condition: { status: 'True', reason: 'Succeeded' },
            startTime: minute(1),
            completionTime: minute(3),
            totalTasks: 2,
            results: [{ name: 'restarted', value: '3' }],
            resolved: { digest: `sha256:${'a'.repeat(64)}` },
          },
        },
      });
  });

  test('Failed: the cause as libs/tekton found it, when it was, how long it had run, and sentences for people', () => {
    const [failed] = given(...running())
      .when(sync(runSeen(example.FAILED)))
      .then({
        type: 'ExecutionFailed',
        data: {
          lockUntil: minute(8),
          failure: { ...example.FAILED.failure, failedAt: minute(3), executionTimeBeforeFailure: '2m' },
        },
      });
    const summary = (failed?.data as { failure: { naturalLanguageSummary: string } }).failure.naturalLanguageSummary;
    for (const part of [
      'restart-pod',
      example.TARGET,
      'in task restart, step restart (exit code 137)',
      'may have changed',
      'memory limit',
    ])
      expect(summary).toContain(part);
  });

  test('Cancelled: outcome Cancelled, and the lock is held through the cooldown', () => {
    given(...running())
      .when(sync(runSeen(example.CANCELLED)))
      .then({ type: 'ExecutionCancelled', data: { failure: { reason: 'Cancelled' }, lockUntil: minute(8) } });
  });

  test('timed out: Failed, with the reason found by libs/tekton', () => {
    given(...running())
      .when(sync(runSeen(example.TIMED_OUT)))
      .then({ type: 'ExecutionFailed', data: { failure: { reason: 'DeadlineExceeded' } } });
  });

  test.each([
    ['has no time', undefined, minute(65)],
    ['has a time that is none', 'yesterday', minute(65)],
    ['lies in the future of our clock', '2126-03-01T10:00:00Z', minute(65)],
    ['was long ago', minute(3), minute(8)],
  ])('an end that %s: the cooldown never counts from later than now', (_, completionTime, lockUntil) => {
    const run: RunObservation = { ...SUCCEEDED };
    if (completionTime === undefined) Reflect.deleteProperty(run, 'completionTime');
    else Object.assign(run, { completionTime });
    given(...running())
      .when(sync(runSeen(run)))
      .then({ type: 'ExecutionCompleted', data: { lockUntil } });
  });

  test('while the resource is being deleted: the lock is given back at once', () => {
    given(...eventsOf('Running, deleting'))
      .when(sync(runSeen(example.CANCELLED)))
      .then('ExecutionCancelled', { type: 'ReleaseRequested', data: { cause: 'ResourceDeleted' } });
  });

  test('another run that is missing says nothing about this one', () => {
    given(...running())
      .when(sync({ kind: 'RunMissing', runUid: 'run-0' }))
      .nothing();
    given(...running())
      .when(sync({ kind: 'RunMissing' }))
      .nothing();
  });

  test('deleted by someone else while running: Failed, PipelineRunDeleted, and the target may have changed', () => {
    given(...running())
      .when(sync({ kind: 'RunMissing', runUid: RUN.uid }))
      .then(
        {
          type: 'ExecutionFailed',
          data: {
            lockUntil: minute(60),
            run: { ref: RUN, condition: RUNNING.condition, totalTasks: 2, startTime: minute(1) },
            failure: { reason: 'PipelineRunDeleted', wasExecutionFailure: true, executionTimeBeforeFailure: '59m' },
          },
        },
        { type: 'LockReleased', data: { run: RUN, cause: 'RunDeleted' } },
      );
  });

  test('a later run of its name means that it was deleted, and that the later one has to go', () => {
    const history = running();
    const events = given(...history)
      .when(seen({ ref: example.LATER_RUN }))
      .then({ type: 'ExecutionFailed', data: { failure: { reason: 'PipelineRunDeleted' } } }, 'LockReleased', {
        type: 'ContradictionObserved',
        data: { strayRun: example.LATER_RUN },
      });
    expect(desiredRun(stateAfter(...history, ...events))).toEqual({ kind: 'Removed', run: example.LATER_RUN });
  });
});

describe('after the end', () => {
  const held = eventsOf('Success, held');

  test('the first terminal observation decides; one that contradicts it is recorded and changes nothing', () => {
    const events = given(...held)
      .when(sync(runSeen(example.FAILED)))
      .then({
        type: 'ContradictionObserved',
        data: { recordedOutcome: 'Success', condition: example.FAILED.condition },
      });
    expect(stateAfter(...held, ...events)).toMatchObject({ outcome: 'Success', lock: { state: 'Held' } });
  });

  test('how often its status was corrected is still known', () => {
    const drifted: ExecutionEvent = { type: 'StatusDriftCorrected', data: { fields: ['phase'] } };
    const events = [...running(), drifted];
    const end = given(...events)
      .when(sync(runSeen(SUCCEEDED)))
      .then('ExecutionCompleted');
    expect(stateAfter(...events, ...end)).toMatchObject({ phase: 'Finished', driftCorrections: 1 });
  });

  test('contradictions are recorded once, however the run flaps', () => {
    const events = given(...held)
      .when(sync(runSeen(example.FAILED)))
      .then('ContradictionObserved');
    for (const run of [example.FAILED, SUCCEEDED, example.CANCELLED, example.TIMED_OUT, example.FAILED])
      given(...held, ...events)
        .when(sync(runSeen(run)))
        .nothing();
  });

  test('another message of the same verdict, or a sight of before the end, contradicts nothing', () => {
    const condition = { status: 'True', reason: 'Succeeded', message: 'other words' } as const;
    given(...held)
      .when(sync(runSeen({ ...SUCCEEDED, condition })))
      .nothing();
    given(...held)
      .when(sync(runSeen(RUNNING)))
      .nothing();
  });

  test('a run of ours beside the one that ended is recorded once; older ones of that name are gone', () => {
    const stray = sync(runSeen({ ...RUNNING, ref: example.LATER_RUN }));
    const events = given(...held)
      .when(stray)
      .then({ type: 'ContradictionObserved', data: { strayRun: example.LATER_RUN } });
    given(...held, ...events)
      .when(stray)
      .nothing();
    for (const ref of [RUN, example.EARLIER_RUN])
      given(...held, ...events)
        .when(seen({ ref }))
        .nothing();
  });

  test('the run is gone in its cooldown: the lock is released, and by whom', () => {
    given(...held)
      .when(sync({ kind: 'RunMissing', runUid: RUN.uid }))
      .then({ type: 'LockReleased', data: { run: RUN, cause: 'RunDeleted' } });
    given(...eventsOf('Success, releasing'))
      .when(sync({ kind: 'RunMissing', runUid: RUN.uid }))
      .then({ type: 'LockReleased', data: { run: RUN, cause: 'CooldownOver' } });
  });
});

describe('no run', () => {
  test('refused by the API server for good: Failed with the matching reason and the server’s message', () => {
    given(...eventsOf('Pending, bound'))
      .when(sync(example.REFUSED_RUN))
      .then({
        type: 'ExecutionFailed',
        data: {
          failure: { reason: 'Forbidden', message: 'pipelineruns.tekton.dev is forbidden', wasExecutionFailure: false },
        },
      });
  });

  test('cancelled before its run was created: outcome Cancelled, nothing was started', () => {
    given(...eventsOf('Pending, cancelling'))
      .when(sync({ kind: 'RunMissing', runUid: RUN.uid }))
      .then({
        type: 'ExecutionCancelled',
        data: {
          failure: {
            reason: 'Cancelled',
            wasExecutionFailure: false,
            message: expect.stringContaining('asked by a test'),
          },
        },
      });
  });

  test('missing before it was created is no news: it is about to be created', () => {
    given(...eventsOf('Pending, bound'))
      .when(sync({ kind: 'RunMissing', runUid: RUN.uid }))
      .nothing();
  });
});
