import type { ExecutionEvent, ExecutionStatus, LastEvent } from '#execution';
import { decide, fold, statusOf } from '#execution';
import { sizeOf } from '../src/clip.ts';
import * as example from './support/examples.ts';
import {
  COOLING_HOLDER,
  create,
  FAILED,
  HOLDER,
  ID,
  minute,
  RUN,
  RUNNING,
  runSeen,
  sync,
  task,
} from './support/examples.ts';
import type { Stage } from './support/stages.ts';
import { eventsOf } from './support/stages.ts';
import { history, stateAfter } from './support/story.ts';

const LAST: LastEvent = { revision: 4, type: 'TaskStarted', hash: 'a'.repeat(64) };

function shown(...events: readonly ExecutionEvent[]): ExecutionStatus {
  const status = statusOf(stateAfter(...events), LAST);
  if (status === undefined) throw new Error('there is no execution');
  return status;
}

const conditionsOf = (status: ExecutionStatus): string =>
  status.conditions.map(({ type, status: value, reason }) => `${type}=${value}/${reason}`).join(' ');

test('without an execution there is nothing to show', () => {
  expect(statusOf({ phase: 'Absent' }, LAST)).toBeUndefined();
});

test('it says what of the log it shows', () => {
  expect(shown(...eventsOf('Running')).execution).toEqual({ id: ID, lastEvent: LAST });
});

test.each<[Stage, string, string | undefined, string | undefined, string]>([
  [
    'Pending, bound',
    'Pending',
    undefined,
    undefined,
    'Ready=False/Pending Succeeded=Unknown/Pending LockHeld=False/NotAcquired',
  ],
  [
    'Pending, waiting',
    'Pending',
    undefined,
    'Waiting',
    'Ready=False/WaitingForLock Succeeded=Unknown/WaitingForLock LockHeld=False/Waiting',
  ],
  [
    'Pending, cancelling',
    'Pending',
    undefined,
    undefined,
    'Ready=False/Cancelling Succeeded=Unknown/Cancelling LockHeld=False/NotAcquired',
  ],
  ['Running', 'Running', undefined, 'Held', 'Ready=True/RunCreated Succeeded=Unknown/Running LockHeld=True/Running'],
  [
    'Running, cancelling at once',
    'Running',
    undefined,
    'Held',
    'Ready=True/RunCreated Succeeded=Unknown/Cancelling LockHeld=True/Running',
  ],
  [
    'Success, held',
    'Completed',
    'Success',
    'Held',
    'Ready=True/RunCreated Succeeded=True/Succeeded LockHeld=True/Cooldown',
  ],
  [
    'Success, releasing',
    'Completed',
    'Success',
    'Held',
    'Ready=True/RunCreated Succeeded=True/Succeeded LockHeld=True/Releasing',
  ],
  [
    'Success, released',
    'Completed',
    'Success',
    'Released',
    'Ready=True/RunCreated Succeeded=True/Succeeded LockHeld=False/Released',
  ],
  [
    'Failed, held',
    'Failed',
    'Failed',
    'Held',
    'Ready=True/RunCreated Succeeded=False/OOMKilled LockHeld=True/Cooldown',
  ],
  [
    'Failed, no run',
    'Failed',
    'Failed',
    undefined,
    'Ready=False/Failed Succeeded=False/Forbidden LockHeld=False/NeverHeld',
  ],
  [
    'Failed, released',
    'Failed',
    'Failed',
    'Released',
    'Ready=True/RunCreated Succeeded=False/PipelineRunDeleted LockHeld=False/Released',
  ],
  [
    'Cancelled, held',
    'Failed',
    'Cancelled',
    'Held',
    'Ready=True/RunCreated Succeeded=False/Cancelled LockHeld=True/Cooldown',
  ],
  [
    'Cancelled, no run',
    'Failed',
    'Cancelled',
    undefined,
    'Ready=False/Cancelled Succeeded=False/Cancelled LockHeld=False/NeverHeld',
  ],
  [
    'Skipped',
    'Skipped',
    'Skipped',
    undefined,
    'Ready=False/Skipped Succeeded=False/ResourceBusy LockHeld=False/NeverHeld',
  ],
])('%s is shown as phase %s, outcome %s, lock %s', (stage, phase, outcome, lock, conditions) => {
  const status = shown(...eventsOf(stage));
  expect([status.phase, status.outcome, status.lock?.state]).toEqual([phase, outcome, lock]);
  expect(conditionsOf(status)).toBe(conditions);
});

test('while running: the run, its condition, and how many of its tasks have ended', () => {
  const tasks = [task({ state: 'Succeeded' }), task({ taskRun: 'second' })];
  const decision = decide(sync(runSeen({ ...RUNNING, tasks })), stateAfter(...eventsOf('Running')));
  const events = decision.kind === 'Recorded' ? decision.events : [];
  expect(shown(...eventsOf('Running'), ...events)).toMatchObject({
    startTime: minute(1),
    pipelineRunRef: {
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      namespace: RUN.namespace,
      name: RUN.name,
      uid: RUN.uid,
    },
    pipelineRunStatus: { ...RUNNING.condition, completedTasks: 1, totalTasks: 2 },
  });
});

describe('the message, for people', () => {
  const progressed: ExecutionEvent = {
    type: 'PipelineRunProgressed',
    data: {
      condition: { status: 'Unknown', reason: 'Running', message: 'Tasks Completed: 1 (Failed: 0' },
      totalTasks: 3,
    },
  };
  const started: ExecutionEvent = {
    type: 'TaskStarted',
    data: { pipelineTask: 'a', taskRun: 'wfe-a', taskRunUid: 't', attempt: 1 },
  };

  test('counts the tasks of a run that goes on', () => {
    const { message } = shown(...eventsOf('Running'), progressed, started);
    expect(message).toMatch(/^PipelineRun \S+ \(Running\): 0 of 3 tasks done$/);
  });

  test('says of a failure which task and step it was', () => {
    expect(shown(...eventsOf('Failed, held')).message).toMatch(/^OOMKilled in task \S+, step \S+ \(exit code \d+\): /);
  });

  test('is cut with an ellipsis, in the conditions too: the whole is in the details', () => {
    const failure = {
      reason: 'Unknown',
      message: 'é'.repeat(2_000),
      wasExecutionFailure: false,
      failedAt: minute(1),
    } as const;
    const failed: ExecutionEvent = {
      type: 'ExecutionFailed',
      data: { failure: { ...failure, naturalLanguageSummary: '' } },
    };
    const status = shown(...eventsOf('Pending, bound'), failed);
    for (const text of [status.message, ...status.conditions.slice(0, 2).map(({ message }) => message)]) {
      expect(text).toMatch(/^Unknown: é+…$/);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(512);
    }
  });
});

test('a run that Tekton has not picked up has no status yet, and the message says so', () => {
  const state = stateAfter(...eventsOf('Pending, bound'));
  const decision = decide(sync(runSeen(example.NEW_RUN, 'created')), state);
  const status = shown(...eventsOf('Pending, bound'), ...(decision.kind === 'Recorded' ? decision.events : []));
  expect(status).not.toHaveProperty('pipelineRunStatus');
  expect(status.message).toBe(`PipelineRun ${RUN.namespace}/${RUN.name} was created; Tekton has not picked it up yet`);
});

test('ended: times, duration, and until when the lock is kept', () => {
  expect(shown(...eventsOf('Success, held'))).toMatchObject({
    startTime: minute(1),
    completionTime: minute(3),
    duration: '2m',
    lock: { state: 'Held', until: minute(8) },
    message: 'Workflow restart-pod succeeded on payment/deployment/payment-api',
  });
});

test('failed: the failure details; skipped: the skip details; waiting: the holder', () => {
  expect(shown(...eventsOf('Failed, held')).failureDetails).toMatchObject({
    ...FAILED.failure,
    executionTimeBeforeFailure: '2m',
  });
  const { namespace, name, executionId, workflowId } = HOLDER;
  const holder = { namespace, name, executionId, workflowId };
  const { skipDetails } = shown(...eventsOf('Skipped'));
  expect(skipDetails?.reason).toBe('ResourceBusy');
  expect(skipDetails?.holder).toEqual(holder);
  expect(shown(...eventsOf('Pending, waiting')).lock).toEqual({ state: 'Waiting', holder });
});

test('observedGeneration is that of the spec last acted on, in every condition too', () => {
  const bound = decide(create({ resourceUid: 'res-1', generation: 1 }), stateAfter());
  const events = bound.kind === 'Recorded' ? bound.events : [];
  expect(shown(...events).observedGeneration).toBe(1);
  const cancelled = decide(example.cancel('Graceful', { generation: 2 }), stateAfter(...events));
  const status = shown(...events, ...(cancelled.kind === 'Recorded' ? cancelled.events : []));
  expect([status.observedGeneration, ...status.conditions.map((each) => each.observedGeneration)]).toEqual([
    2, 2, 2, 2,
  ]);
});

describe('at most 8 KiB', () => {
  const long = (byte: string): string => byte.repeat(20_000);
  const name = 'n'.repeat(253);

  test.each(['x', '€', '😀', '\u0001', '"', '\ud800'])('with every text as long as can be, of %j', (byte) => {
    const text = long(byte);
    const run = {
      ...FAILED,
      ref: { ...RUN, namespace: 'n'.repeat(63), name },
      condition: { status: 'False', reason: text, message: text } as const,
      failure: {
        ...FAILED.failure!,
        message: text,
        failedTaskName: text,
        failedTaskRunName: text,
        failedStepName: text,
        failedTaskIndex: 255,
      },
    };
    const spec = { ...example.SPEC, targetResource: `${'n'.repeat(63)}/${name}/${name}` };
    const commands = [
      create({ spec, executionId: ID, resourceUid: 'u'.repeat(36), generation: 1e9 }),
      sync(runSeen(run)),
    ];
    let facts = history([]);
    for (const command of commands) {
      const decision = decide(command, fold(facts));
      if (decision.kind === 'Recorded')
        facts = [...facts, ...decision.events.map((event) => ({ ...event, time: command.at }))];
    }
    const state = fold(facts);
    expect(state.phase).toBe('Finished');
    expect(
      sizeOf(statusOf(state, { revision: 1e9, type: 'ResourceDeletionRequested', hash: 'f'.repeat(64) })),
    ).toBeLessThanOrEqual(8192);
  });

  test('whatever events of older versions hold: the status cuts what it shows', () => {
    const text = long('x');
    const events: ExecutionEvent[] = [
      ...eventsOf('Running'),
      {
        type: 'ExecutionFailed',
        data: {
          failure: {
            ...FAILED.failure!,
            message: text,
            naturalLanguageSummary: text,
            failedStepName: text,
            failedAt: minute(3),
          },
        },
      },
    ];
    expect(sizeOf(shown(...events))).toBeLessThanOrEqual(8192);
  });
});

test('a waiting execution shows until when the target is kept, when that is known', () => {
  const waiting = eventsOf('Pending, waiting').map((event): ExecutionEvent =>
    event.type === 'ExecutionQueued' ? { ...event, data: { ...event.data, holder: COOLING_HOLDER } } : event,
  );
  expect(shown(...waiting).lock).toMatchObject({ state: 'Waiting', until: COOLING_HOLDER.until });
});
