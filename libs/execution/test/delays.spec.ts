import type { ExecutionEvent, Observation } from '#execution';
import { statusOf } from '#execution';
import * as example from './support/examples.ts';
import { minute, sync } from './support/examples.ts';
import { eventsOf } from './support/stages.ts';
import { decided, given, stateAfter } from './support/story.ts';

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

  test('of another part is recorded too, and borne as long again', () => {
    const since = DELAYED.length;
    const other = given(...DELAYED)
      .when(sync(delayed('resource'), minute(5)))
      .then({ type: 'ExecutionDelayed', data: { what: 'resource' } });
    given(...DELAYED, ...other)
      .when(sync(delayed('resource'), minute(since + 9)))
      .nothing();
    given(...DELAYED, ...other)
      .when(sync(delayed('resource'), minute(since + 10)))
      .then('ExecutionFailed');
  });

  test('is recorded ten times at most; after that, patience with the last of them goes on', () => {
    const events = [...BOUND];
    for (let round = 0; round < 10; round += 1)
      events.push(
        ...given(...events)
          .when(sync(delayed(round % 2 === 0 ? 'run' : 'resource')))
          .then('ExecutionDelayed'),
      );
    const since = events.length - 1;
    given(...events)
      .when(sync(delayed(), minute(since + 9)))
      .nothing();
    given(...events)
      .when(sync(delayed(), minute(since + 10)))
      .then('ExecutionFailed');
  });

  describe('with waits for the lock in between', () => {
    const lockedBy = (runUid: string): Observation => ({ kind: 'TargetLocked', holder: { ...example.HOLDER, runUid } });
    /** Ten times delayed, and each time the lock is found taken by the next of these holders. */
    const tenTimes = (holderOf: (round: number) => string): readonly ExecutionEvent[] => {
      const events = [...eventsOf('Pending, waiting')];
      for (let round = 0; round < 10; round += 1)
        for (const observation of [delayed(), lockedBy(holderOf(round))])
          events.push(...decided(events, observation, minute(60)));
      return events;
    };

    test('a delay is over with the wait, but not the tenth: its patience goes on', () => {
      const events = tenTimes(() => 'other-run');
      expect(events.filter((event) => event.type === 'ExecutionDelayed')).toHaveLength(10);
      expect(events.at(-1)?.type).toBe('ExecutionDelayed');
      const since = events.length - 1;
      given(...events)
        .when(sync(delayed(), minute(since + 9)))
        .nothing();
      given(...events)
        .when(sync(delayed(), minute(since + 10)))
        .then('ExecutionFailed');
    });

    test('for ever new holders, no delay is borne for ever', () => {
      const events = tenTimes((round) => `run-${round}`);
      expect(events.filter((event) => event.type === 'ExecutionDelayed')).toHaveLength(10);
      given(...events)
        .when(sync(delayed(), minute(events.length + 10)))
        .then('ExecutionFailed');
    });
  });

  test.each(['Running', 'Success, held', 'Failed, no run'] as const)('is nothing to the stage %s', (stage) =>
    given(...eventsOf(stage))
      .when(sync(delayed(), minute(600)))
      .nothing(),
  );

  test('a finalizer that is refused is told as that, not as a resource that cannot be created', () => {
    const bound = eventsOf('Pending, bound');
    const state = stateAfter(...bound, ...decided(bound, delayed('resource'), minute(2)));
    expect(statusOf(state, { revision: 2, type: 'ExecutionDelayed', hash: '' })?.message).toMatch(
      /^Accepted; our finalizer cannot be put on the resource yet: /,
    );
  });

  test('the resource is bound: the delay of the run is not over', () => {
    const unbound = eventsOf('Pending, unbound');
    const events = [...unbound, ...decided(unbound, delayed('run'), minute(1))];
    const bound = decided(events, example.resourceSeen(), minute(3));
    expect(stateAfter(...events, ...bound)).toMatchObject({ delay: { what: 'run', since: minute(1) } });
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
