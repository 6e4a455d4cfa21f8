import type { ExecutionEvent } from '#execution';
import { decide, desiredResource, desiredRun } from '#execution';
import * as example from './support/examples.ts';
import { create, EARLIER_RUN, LATER_RUN, minute, RUN, RUNNING, runSeen, sync } from './support/examples.ts';
import type { Stage } from './support/stages.ts';
import { eventsOf, STAGES } from './support/stages.ts';
import { stateAfter } from './support/story.ts';

describe('what the log demands of the run', () => {
  test.each<[Stage, string]>([
    ['Absent', 'Nothing'],
    ['Pending, bound', 'Exists'],
    ['Pending, waiting', 'Exists'],
    ['Pending, cancelling', 'Confirmed'],
    ['Running', 'Followed'],
    ['Running, cancelling gracefully', 'Cancelled'],
    ['Running, deleting', 'Cancelled'],
    ['Success, held', 'Kept'],
    ['Success, releasing', 'Removed'],
    ['Success, released', 'Nothing'],
    ['Failed, no run', 'Nothing'],
    ['Failed, released', 'Nothing'],
    ['Cancelled, no run', 'Nothing'],
    ['Skipped', 'Nothing'],
  ])('%s: %s', (stage, kind) => {
    expect(desiredRun(stateAfter(...eventsOf(stage))).kind).toBe(kind);
  });

  test('Immediate is asked for when the resource goes, as asked for otherwise', () => {
    expect(desiredRun(stateAfter(...eventsOf('Running, deleting')))).toMatchObject({ mode: 'Immediate', run: RUN });
    expect(desiredRun(stateAfter(...eventsOf('Running, cancelling gracefully')))).toMatchObject({ mode: 'Graceful' });
  });

  const finished = STAGES.filter((stage) => /^(Success|Failed|Cancelled|Skipped)/.test(stage));

  test.each(finished)('%s: a run of ours that must not exist is removed, not kept and not left to run', (stage) => {
    const state = stateAfter(...eventsOf(stage));
    const decision = decide(sync(runSeen({ ...RUNNING, ref: LATER_RUN })), state);
    const events = decision.kind === 'Recorded' ? decision.events : [];
    expect(desiredRun(stateAfter(...eventsOf(stage), ...events))).toEqual({ kind: 'Removed', run: LATER_RUN });
  });

  test('the run that is kept is not forgotten over a late sight of one before it', () => {
    const state = stateAfter(...eventsOf('Success, held'));
    expect(decide(sync(runSeen({ ...RUNNING, ref: EARLIER_RUN })), state)).toMatchObject({ events: [] });
    expect(desiredRun(state)).toMatchObject({ kind: 'Kept', run: RUN, until: minute(8) });
  });
});

describe('what the log demands of the resource', () => {
  test.each<[Stage, string, boolean | undefined]>([
    ['Absent', 'Nothing', undefined],
    ['Pending, unbound', 'Created', undefined],
    ['Pending, bound', 'Shown', true],
    ['Running', 'Shown', true],
    ['Running, deleting', 'Shown', false],
    ['Running, removed', 'Nothing', undefined],
    ['Success, held', 'Shown', true],
    ['Success, releasing', 'Shown', true],
    ['Success, released', 'Shown', false],
    ['Success, released, deleting', 'LetGo', undefined],
    ['Success, released, removed', 'Nothing', undefined],
    ['Skipped', 'Shown', false],
  ])('%s: %s, finalizer to be added: %s', (stage, kind, finalizer) => {
    expect(desiredResource(stateAfter(...eventsOf(stage)))).toEqual({
      kind,
      ...(finalizer !== undefined && { finalizer }),
    });
  });

  test('one that ended before its resource was there shows that for as long as it holds the lock', () => {
    const unbound = (...events: readonly ExecutionEvent[]) =>
      desiredResource(stateAfter(...events.filter((event) => event.type !== 'ResourceBound'))).kind;
    expect(unbound(...eventsOf('Success, held'))).toBe('Created');
    expect(unbound(...eventsOf('Success, releasing'))).toBe('Created');
    expect(unbound(...eventsOf('Success, released'))).toBe('Nothing');
  });

  test('one that entered by resource, or has ended, is not created', () => {
    const byResource = decide(create({ entry: 'resource' }), stateAfter());
    const refused = decide(sync(example.REFUSED_RUN), stateAfter(...eventsOf('Pending, unbound')));
    const eventsIn = (decision: typeof refused): readonly ExecutionEvent[] =>
      decision.kind === 'Recorded' ? decision.events : [];
    expect(desiredResource(stateAfter(...eventsIn(byResource)))).toEqual({ kind: 'Nothing' });
    expect(desiredResource(stateAfter(...eventsOf('Pending, unbound'), ...eventsIn(refused)))).toEqual({
      kind: 'Nothing',
    });
  });
});
