import type { ExecutionEvent, LockHolder } from '#execution';
import { desiredRun } from '#execution';
import {
  cancel,
  COOLING_HOLDER,
  create,
  HOLDER,
  minute,
  release,
  resourceSeen,
  RUN,
  SETTINGS,
  sync,
} from './support/examples.ts';
import { eventsOf, recordedBy } from './support/stages.ts';
import { given, stateAfter } from './support/story.ts';

const locked = (holder: LockHolder = HOLDER) => sync({ kind: 'TargetLocked', holder });
const accepted = (onConflict: 'Fail' | 'Skip' | 'Wait') =>
  recordedBy(create({ settings: { ...SETTINGS, onConflict } }));

describe('the target is locked', () => {
  test('Fail: Failed, reason ExecutionRaceCondition, and the message names the holder and the lock', () => {
    const [failed] = given(...accepted('Fail'))
      .when(locked())
      .then({
        type: 'ExecutionFailed',
        data: { failure: { reason: 'ExecutionRaceCondition', wasExecutionFailure: false } },
      });
    expect(failed?.data).toHaveProperty(
      'failure.message',
      'the lock on payment/deployment/payment-api (PipelineRun kubernaut-workflows/wfe-cf0cc089293b1165) is held by remediation/other',
    );
  });

  test('Skip while the owner runs: Skipped, ResourceBusy', () => {
    given(...accepted('Skip'))
      .when(locked())
      .then({
        type: 'ExecutionSkipped',
        data: { skip: { reason: 'ResourceBusy', holder: HOLDER, skippedAt: minute(60) } },
      });
  });

  test('Skip in the owner’s cooldown: Skipped, RecentlyRemediated, until when', () => {
    given(...accepted('Skip'))
      .when(locked(COOLING_HOLDER))
      .then({ type: 'ExecutionSkipped', data: { skip: { reason: 'RecentlyRemediated', until: minute(7) } } });
  });

  test('Skip when nothing is known about the owner: Skipped, ResourceBusy, named by the uid of its run', () => {
    const [skipped] = given(...accepted('Skip'))
      .when(locked({ runUid: 'foreign', state: 'Unknown' }))
      .then({ type: 'ExecutionSkipped', data: { skip: { reason: 'ResourceBusy' } } });
    expect(skipped?.data).toHaveProperty('skip.message', expect.stringContaining('a run with uid foreign'));
  });

  test('Wait: queues', () => {
    given(...accepted('Wait'))
      .when(locked())
      .then({ type: 'ExecutionQueued', data: { holder: HOLDER } });
  });

  test('names that others wrote are cut to what a status can show', () => {
    const [queued] = given(...accepted('Wait'))
      .when(locked({ ...HOLDER, workflowId: 'w'.repeat(10_000) }))
      .then('ExecutionQueued');
    expect((queued?.data as { holder: LockHolder }).holder.workflowId).toHaveLength(251);
  });

  test('cancelled meanwhile: somebody else has the name, so there is no run of ours to cancel', () => {
    for (const policy of ['Fail', 'Skip', 'Wait'] as const)
      given(
        ...accepted(policy),
        ...given(...accepted(policy))
          .when(cancel('Graceful'))
          .then('CancellationRequested'),
      )
        .when(locked())
        .then('ExecutionCancelled');
  });
});

describe('waiting', () => {
  const waiting = eventsOf('Pending, waiting');

  test.each<[string, LockHolder, boolean]>([
    ['the same holder is no news', HOLDER, false],
    ['the holder in its cooldown is news', COOLING_HOLDER, true],
    ['another holder is news', { ...HOLDER, runUid: 'third-run' }, true],
    ['the end of its cooldown, once known, is news', { ...HOLDER, until: minute(9) }, true],
    ['less than was known is no news', { runUid: HOLDER.runUid, state: 'Unknown' }, false],
  ])('%s', (_, holder, isNews) => {
    const story = given(...waiting).when(locked(holder));
    if (isNews) story.then('ExecutionQueued');
    else story.nothing();
  });

  test('a holder that is seen now better, now worse does not fill the log', () => {
    let history: readonly ExecutionEvent[] = waiting;
    for (let turn = 0; turn < 50; turn += 1) {
      const holder: LockHolder =
        [HOLDER, COOLING_HOLDER, { runUid: HOLDER.runUid, state: 'Unknown' } as const][turn % 3] ?? HOLDER;
      const { decision } = given(...history).when(locked(holder));
      if (decision.kind === 'Recorded') history = [...history, ...decision.events];
    }
    expect(history.length - waiting.length).toBe(1);
  });

  test('its place in the queue is that of its first wait', () => {
    const events = given(...waiting)
      .when(locked(COOLING_HOLDER))
      .then('ExecutionQueued');
    expect(stateAfter(...waiting, ...events)).toMatchObject({ waiting: { since: minute(2), holder: COOLING_HOLDER } });
  });

  test('the run is wanted all the time: creating it is how the lock is taken', () => {
    expect(desiredRun(stateAfter(...waiting))).toMatchObject({ kind: 'Exists' });
  });

  test('cancelled in the queue: ends without a run', () => {
    given(
      ...waiting,
      ...given(...waiting)
        .when(cancel('Immediate'))
        .then('CancellationRequested'),
    )
      .when(sync({ kind: 'RunMissing', runUid: RUN.uid }))
      .then('ExecutionCancelled');
  });
});

describe('Release', () => {
  const held = eventsOf('Success, held');

  test('by the scheduler at the very end of the cooldown, not a moment before', () => {
    given(...held)
      .when(release('CooldownOver', '2026-03-01T10:07:59.999Z'))
      .refused('CooldownNotOver');
    given(...held)
      .when(release('CooldownOver', minute(8)))
      .then({ type: 'ReleaseRequested', data: { cause: 'CooldownOver' } });
  });

  test('by an operator at any time, with a reason', () => {
    given(...held)
      .when(release('Operator', minute(4)))
      .then({ type: 'ReleaseRequested', data: { cause: 'Operator', reason: 'asked by a test' } });
  });

  test('asked for is not done: the lock counts as released when the run is gone', () => {
    expect(stateAfter(...eventsOf('Success, releasing'))).toMatchObject({ lock: { state: 'Releasing' } });
    expect(stateAfter(...eventsOf('Success, released'))).toMatchObject({ lock: { state: 'Released' } });
  });

  test('deleting the resource of an execution in its cooldown releases its lock', () => {
    given(...held)
      .when(sync(resourceSeen({ deleting: true })))
      .then('ResourceDeletionRequested', { type: 'ReleaseRequested', data: { cause: 'ResourceDeleted' } });
  });
});
