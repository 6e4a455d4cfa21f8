import fc from 'fast-check';
import type { Execution, ExecutionSpec, Finished, FailureDetails, Lock } from '#execution';
import { backoffMs, MAX_CONSECUTIVE_FAILURES, preflight } from '../../src/replay/preflight.ts';
import type { Preflight } from '../../src/replay/preflight.ts';
import { minute, RESOURCE, RUN, SETTINGS, SPEC, TARGET } from '../../../execution/test/support/examples.ts';

const WORKFLOW = SPEC.workflowRef.workflowId;

/** An execution of the workflow on the target, as a test needs it. */
type Change = { readonly id?: string; readonly workflowId?: string; readonly target?: string };

const accepted = ({ id = 'e1', workflowId = WORKFLOW, target = TARGET }: Change, createdAt: string) => ({
  id,
  entry: 'rest' as const,
  resource: { namespace: RESOURCE.namespace, name: id },
  spec: { ...SPEC, targetResource: target, workflowRef: { ...SPEC.workflowRef, workflowId } } satisfies ExecutionSpec,
  settings: SETTINGS,
  runName: 'wfe',
  createdAt,
  binding: { state: 'Unbound' as const },
});

const pending = (change: Change = {}, at = 0): Execution => ({ ...accepted(change, minute(at)), phase: 'Pending' });
const cancelling = (): Execution => ({
  ...accepted({}, minute(0)),
  phase: 'Pending',
  cancellation: { mode: 'Graceful', requestedAt: minute(0), reason: '' },
});
const running = (change: Change = {}): Execution => ({
  ...accepted(change, minute(0)),
  phase: 'Running',
  run: RUN,
  adopted: false,
  runningSince: minute(0),
  tasks: {},
  progressEvents: 0,
});

const NONE: Lock = { state: 'None' };
const RELEASED: Lock = { state: 'Released', since: minute(0), at: minute(0) };
const failure = (reason: FailureDetails['reason'], wasExecutionFailure: boolean): FailureDetails => ({
  reason,
  message: '',
  failedAt: minute(0),
  wasExecutionFailure,
  naturalLanguageSummary: '',
});

interface Ended extends Change {
  readonly at: number;
  readonly lock?: Lock;
}
const ended = (
  outcome: Finished['outcome'],
  { at, lock = NONE, ...change }: Ended,
  why?: FailureDetails,
): Finished => ({
  ...accepted({ id: `e${at}`, ...change }, minute(at)),
  phase: 'Finished',
  outcome,
  finishedAt: minute(at),
  lock,
  ...(why && { failure: why }),
});
const success = (given: Ended) => ended('Success', { lock: RELEASED, ...given });
const harmless = (given: Ended) => ended('Failed', given, failure('ConfigurationError', false));
const harmful = (given: Ended) => ended('Failed', { lock: RELEASED, ...given }, failure('TaskFailed', true));
const lostRace = (given: Ended) => ended('Failed', given, failure('ExecutionRaceCondition', false));
const skipped = (given: Ended) => ended('Skipped', given);
const cancelledEarly = (given: Ended) => ended('Cancelled', given, failure('Cancelled', false));
const cancelledLate = (given: Ended) => ended('Cancelled', { lock: RELEASED, ...given }, failure('Cancelled', true));
const cooling = (at: number, until: number) =>
  success({ at, lock: { state: 'Held', since: minute(0), until: minute(until) } });
const releasing = success({
  at: 3,
  lock: { state: 'Releasing', since: minute(0), requestedAt: minute(4), cause: 'CooldownOver' },
});

const ask = (at: number, ...executions: readonly Execution[]): Preflight =>
  preflight({ target: TARGET, workflowId: WORKFLOW, at: minute(at) }, executions);

/** [what is the case, the minute of the question, the executions, the reason, until which minute, failures in a row] */
const TABLE: readonly [string, number, readonly Execution[], Preflight['reason'], number | undefined, number][] = [
  ['nobody ever ran anything', 0, [], undefined, undefined, 0],
  ['the last one succeeded and its lock is released', 9, [success({ at: 3 })], undefined, undefined, 0],
  ['one is running', 1, [running()], 'ResourceBusy', undefined, 0],
  ['one of another workflow is running', 1, [running({ workflowId: 'other' })], 'ResourceBusy', undefined, 0],
  ['one is running on another target', 1, [running({ target: 'node/n1' })], undefined, undefined, 0],
  ['one was accepted and is about to run', 1, [pending()], 'ResourceBusy', undefined, 0],
  ['one was accepted and is being cancelled', 1, [cancelling()], undefined, undefined, 0],
  ['the run of the last one is being removed', 9, [releasing], 'ResourceBusy', undefined, 0],
  ['the last one cools down', 4, [cooling(3, 8)], 'CooldownActive', 8, 0],
  ['the cooldown is over and the lock not released yet', 9, [cooling(3, 8)], 'CooldownActive', 8, 0],
  ['it failed once and changed nothing', 3, [harmless({ at: 3 })], 'ExponentialBackoff', 4, 1],
  ['a minute after that', 4, [harmless({ at: 3 })], undefined, undefined, 1],
  ['it failed twice', 5, [1, 4].map((at) => harmless({ at })), 'ExponentialBackoff', 6, 2],
  ['it failed three times', 5, [1, 2, 4].map((at) => harmless({ at })), 'ExponentialBackoff', 8, 3],
  ['it failed four times', 5, [1, 2, 3, 4].map((at) => harmless({ at })), 'ExponentialBackoff', 12, 4],
  ['it failed five times', 99, [1, 2, 3, 4, 5].map((at) => harmless({ at })), 'ExhaustedRetries', undefined, 5],
  ['another workflow failed', 3, [harmless({ at: 3, workflowId: 'other' })], undefined, undefined, 0],
  ['it succeeded after its failures', 5, [harmless({ at: 3 }), success({ at: 4 })], undefined, undefined, 0],
  [
    'it failed again after a success',
    9,
    [harmless({ at: 7 }), success({ at: 8 }), harmless({ at: 9 })],
    'ExponentialBackoff',
    10,
    1,
  ],
  ['it may have changed the target', 99, [harmful({ at: 3 })], 'PreviousExecutionFailed', undefined, 0],
  ['it was cancelled and may have changed it', 99, [cancelledLate({ at: 3 })], 'PreviousExecutionFailed', undefined, 0],
  ['another workflow may have changed it', 99, [harmful({ at: 3, workflowId: 'other' })], undefined, undefined, 0],
  ['it succeeded after that', 99, [harmful({ at: 3 }), success({ at: 4 })], undefined, undefined, 0],
  ['it failed harmlessly after that', 5, [harmful({ at: 3 }), harmless({ at: 5 })], 'ExponentialBackoff', 6, 1],
  ['it lost the race for the lock', 3, [lostRace({ at: 3 })], undefined, undefined, 0],
  ['it was skipped', 3, [skipped({ at: 3 })], undefined, undefined, 0],
  ['it was cancelled before it did anything', 3, [cancelledEarly({ at: 3 })], undefined, undefined, 0],
  [
    'between two failures it was skipped',
    5,
    [harmless({ at: 3 }), skipped({ at: 4 }), harmless({ at: 5 })],
    'ExponentialBackoff',
    7,
    2,
  ],
  [
    'it may have changed the target and is still locked',
    4,
    [running({ id: 'r' }), harmful({ at: 3 })],
    'ResourceBusy',
    undefined,
    0,
  ],
];

test.each(TABLE)('%s (minute %i)', (_, at, executions, reason, until, consecutiveFailures) => {
  const answer = ask(at, ...executions);
  expect([answer.allowed, answer.reason, answer.until, answer.consecutiveFailures]).toEqual([
    reason === undefined,
    reason,
    until === undefined ? undefined : minute(until),
    consecutiveFailures,
  ]);
  expect(answer.by === undefined).toBe(answer.allowed);
});

test('the waits are 1, 2, 4, 8 and never more than 10 minutes', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map((failures) => backoffMs(failures) / 60_000)).toEqual([1, 2, 4, 8, 10, 10, 10]);
});

test('whoever has the lock is named; without one, whoever was accepted first', () => {
  expect(ask(9, pending({ id: 'p' }), running({ id: 'r' })).by?.executionId).toBe('r');
  expect(ask(9, pending({ id: 'later' }, 2), pending({ id: 'first' }, 1)).by?.executionId).toBe('first');
});

const anyEnd = fc
  .tuple(
    fc.constantFrom(success, harmless, harmful, lostRace, skipped, cancelledEarly, cancelledLate),
    fc.nat(40),
    fc.constantFrom(WORKFLOW, 'other'),
  )
  .map(([make, at, workflowId]) => ({ make, at, workflowId }));
const anyHistory = fc
  .uniqueArray(anyEnd, { maxLength: 12, selector: ({ at }) => at })
  .map((ends) => ends.map(({ make, at, workflowId }) => make({ at, workflowId })));

describe('of any history', () => {
  test('the order in which the executions are given says nothing', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(60), (history, at) => {
        expect(ask(at, ...[...history].reverse())).toEqual(ask(at, ...history));
      }),
    );
  });

  test('a success that comes after everything allows the next', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        expect(ask(50, ...history, success({ at: 45 }))).toMatchObject({ allowed: true, consecutiveFailures: 0 });
      }),
    );
  });

  test('it is allowed exactly from `until` on, where there is one', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(60), (history, at) => {
        const { until, reason } = ask(at, ...history);
        if (until === undefined) return;
        expect(reason).toBe('ExponentialBackoff');
        const then = (ms: number) =>
          preflight(
            { target: TARGET, workflowId: WORKFLOW, at: new Date(Date.parse(until) + ms).toISOString() },
            history,
          );
        expect([then(-1).allowed, then(0).allowed]).toEqual([false, true]);
      }),
    );
  });

  test('what time does not mend stays refused for ever', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const [soon, late] = [ask(41, ...history), ask(100_000, ...history)];
        const isForGood = soon.reason === 'PreviousExecutionFailed' || soon.reason === 'ExhaustedRetries';
        expect(late.allowed).toBe(!isForGood);
        expect(soon.reason === 'ExhaustedRetries').toBe(
          soon.reason !== 'PreviousExecutionFailed' && soon.consecutiveFailures >= MAX_CONSECUTIVE_FAILURES,
        );
      }),
    );
  });

  test('executions on other targets say nothing', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(60), (history, at) => {
        const elsewhere = history.map((each) => ({ ...each, spec: { ...each.spec, targetResource: 'node/other' } }));
        expect(ask(at, ...elsewhere)).toMatchObject({ allowed: true, consecutiveFailures: 0 });
      }),
    );
  });
});
