import fc from 'fast-check';
import type { Command, Execution, ExecutionEvent, ExecutionStatus, Fact } from '#execution';
import { ABSENT, decide, desiredResource, desiredRun, evolve, fold, statusOf, TERMINAL_EVENTS } from '#execution';
import { sizeOf } from '../src/clip.ts';
import { MAX_PROGRESS_EVENTS } from '../src/decide-run.ts';
import { MAX_DRIFT_EVENTS } from '../src/decide-sync.ts';
import type { Told } from './support/arbitraries.ts';
import { commands, holdsFor, tell } from './support/arbitraries.ts';
import * as example from './support/examples.ts';
import { minute } from './support/examples.ts';
import { eventsOf, STAGES } from './support/stages.ts';
import { history, stateAfter } from './support/story.ts';

const LAST_EVENT = { revision: 1_000_000, type: 'ResourceDeletionRequested', hash: 'f'.repeat(64) };
const STATUS_BYTES = 8 * 1024;
const EVENT_BYTES = 256 * 1024;

const law = (name: string, holds: (told: readonly Told[]) => void): void =>
  test(name, () => holdsFor(commands(), (given) => holds(tell(given))));

const streamOf = (told: readonly Told[]): Fact[] =>
  told.flatMap(({ command, events }) => events.map((event) => ({ ...event, time: command.at })));

const count = (events: readonly ExecutionEvent[], types: readonly string[]): number =>
  events.filter((event) => types.includes(event.type)).length;

/** The events of an accepted command; a refused one records nothing. */
function recordedBy(command: Command, state: Execution): readonly ExecutionEvent[] {
  const decision = decide(command, state);
  return decision.kind === 'Recorded' ? decision.events : [];
}

/** The one exception: a correction of the status is an act, and the same act again is another one. */
const isCorrection = (command: Command): boolean =>
  command.type === 'SyncExecution' && command.observation.kind === 'StatusDrifted';

describe('asking twice', () => {
  law('a command given twice records nothing the second time', (told) => {
    for (const { command, after } of told.filter((each) => !isCorrection(each.command))) {
      expect(recordedBy(command, after)).toEqual([]);
    }
  });

  test('in every phase, too, for the commands of every other phase', () => {
    const stages = STAGES.map((stage) => fold(history(eventsOf(stage))));
    holdsFor(fc.tuple(commands(4), fc.constantFrom(...stages)), ([given, state]) => {
      for (const command of given.filter((each) => !isCorrection(each))) {
        const first = decide(command, state);
        if (first.kind === 'Refused') continue;
        const after = fold(
          first.events.map((event) => ({ ...event, time: command.at })),
          state,
        );
        expect(recordedBy(command, after)).toEqual([]);
      }
    });
  });

  test('corrections of the status are recorded each time they happen, up to a limit', () => {
    const command: Command = {
      type: 'SyncExecution',
      at: minute(9),
      observation: { kind: 'StatusDrifted', fields: ['phase'] },
    };
    let state: Execution = fold(history(eventsOf('Running')));
    let recorded = 0;
    for (let turn = 0; turn < MAX_DRIFT_EVENTS + 50; turn += 1) {
      const events = recordedBy(command, state);
      recorded += events.length;
      state = fold(
        events.map((event) => ({ ...event, time: command.at })),
        state,
      );
    }
    expect(recorded).toBe(MAX_DRIFT_EVENTS);
  });
});

describe('history', () => {
  law('folding in two halves equals folding once', (told) => {
    const facts = streamOf(told);
    const whole = fold(facts);
    for (let cut = 0; cut <= facts.length; cut += 1)
      expect(fold(facts.slice(cut), fold(facts.slice(0, cut)))).toEqual(whole);
    expect(fold(facts)).toEqual(told.at(-1)?.after);
  });

  law('a state survives JSON: what is folded from a stored event is what was folded from the event', (told) => {
    const facts = streamOf(told);
    expect(fold(JSON.parse(JSON.stringify(facts)) as Fact[])).toEqual(fold(facts));
    expect(JSON.parse(JSON.stringify(fold(facts)))).toEqual(fold(facts));
  });

  law('an execution is created once, ends once, has one run, and gives one lock back', (told) => {
    const events = streamOf(told);
    expect(count(events, ['ExecutionCreated'])).toBe(1);
    expect(events[0]?.type).toBe('ExecutionCreated');
    expect(count(events, TERMINAL_EVENTS)).toBeLessThanOrEqual(1);
    expect(count(events, ['PipelineRunCreated'])).toBeLessThanOrEqual(1);
    expect(count(events, ['ReleaseRequested'])).toBeLessThanOrEqual(1);
    expect(count(events, ['LockReleased'])).toBeLessThanOrEqual(count(events, ['PipelineRunCreated']));
  });

  law('no lock is given back before the end, and none that was never held', (told) => {
    const events = streamOf(told);
    const end = events.findIndex((event) => TERMINAL_EVENTS.includes(event.type));
    events.forEach((event, index) => {
      if (event.type !== 'ReleaseRequested' && event.type !== 'LockReleased') return;
      expect(end).toBeGreaterThanOrEqual(0);
      expect(index).toBeGreaterThan(end);
    });
  });

  law('the end stays what it was', (told) => {
    for (const { before, after } of told)
      if (before.phase === 'Finished')
        expect(after).toMatchObject({ phase: 'Finished', outcome: before.outcome, finishedAt: before.finishedAt });
  });

  law('every event changes the state: nothing is recorded that says nothing', (told) => {
    let state: Execution = ABSENT;
    for (const fact of streamOf(told)) {
      const next = evolve(state, fact);
      expect(next).not.toBe(state);
      state = next;
    }
  });

  test('whatever flaps, the log grows only up to its limits', () => {
    const limit = MAX_PROGRESS_EVENTS + MAX_DRIFT_EVENTS + 40;
    holdsFor(
      commands(8),
      (given) => {
        const rounds = Array.from({ length: 30 }, () => given).flat();
        const facts = streamOf(tell(rounds.map((command, index) => ({ ...command, at: minute(index) }))));
        expect(facts.length).toBeLessThanOrEqual(limit);
        const bounded = ['PipelineRunProgressed', 'TaskStarted', 'TaskFinished', 'StatusDriftCorrected'];
        expect(facts.length - count(facts, bounded)).toBeLessThanOrEqual(40);
      },
      30,
    );
  });
});

describe('whatever the history says', () => {
  /** Events of several executions, in any order: what a correct history never is. */
  const nonsense = fc
    .tuple(commands(6), commands(6), commands(6))
    .map((several) => several.flatMap((given) => streamOf(tell(given))))
    .chain((facts) => fc.shuffledSubarray(facts));

  test('evolve refuses nothing, and every projection has an answer', () => {
    holdsFor(nonsense, (facts) => {
      let state: Execution = ABSENT;
      for (const fact of facts) {
        state = evolve(state, fact);
        const status = statusOf(state, LAST_EVENT);
        expect(status === undefined).toBe(state.phase === 'Absent');
        expect(desiredRun(state).kind).toEqual(expect.any(String));
        expect(desiredResource(state).kind).toEqual(expect.any(String));
      }
    });
  });
});

describe('limits', () => {
  law('a status is under 8 KiB of JSON, whatever was observed', (told) => {
    for (const { after } of told)
      if (after.phase !== 'Absent') expect(sizeOf(statusOf(after, LAST_EVENT))).toBeLessThanOrEqual(STATUS_BYTES);
  });

  law('an event is under 256 KiB of JSON, whatever was asked or observed', (told) => {
    for (const event of streamOf(told)) expect(sizeOf(event)).toBeLessThanOrEqual(EVENT_BYTES);
  });
});

describe('conditions', () => {
  law('lastTransitionTime changes exactly when status changes, and never goes back', (told) => {
    let before: ExecutionStatus | undefined;
    for (const { after } of told) {
      const now = statusOf(after, LAST_EVENT);
      if (before !== undefined && now !== undefined) compare(before, now);
      before = now;
    }
  });

  function compare(before: ExecutionStatus, now: ExecutionStatus): void {
    now.conditions.forEach((condition, index) => {
      const earlier = before.conditions[index];
      expect(earlier?.type).toBe(condition.type);
      const isSameTime = earlier?.lastTransitionTime === condition.lastTransitionTime;
      expect(isSameTime).toBe(earlier?.status === condition.status);
      expect(condition.lastTransitionTime >= (earlier?.lastTransitionTime ?? '')).toBe(true);
    });
  }
});

test('an event that makes no sense where it is changes nothing', () => {
  const released = eventsOf('Success, released');
  const release: ExecutionEvent = { type: 'ReleaseRequested', data: { cause: 'CooldownOver', reason: 'late' } };
  expect(stateAfter(...released, release)).toEqual(stateAfter(...released));
  const bound = eventsOf('Running');
  const letGo: ExecutionEvent = { type: 'ResourceLetGo', data: { resource: example.RESOURCE, reason: 'early' } };
  expect(stateAfter(...bound, letGo)).toEqual(stateAfter(...bound));
});
