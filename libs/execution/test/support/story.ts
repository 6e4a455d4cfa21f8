import type { Command, Decision, Execution, ExecutionEvent, Fact, Observation, RefusalCode } from '#execution';
import { decide, fold } from '#execution';
import { minute, sync } from './examples.ts';

/** An event as a test expects it: its type, or what must be in it. */
export type Expected = ExecutionEvent['type'] | { readonly type: ExecutionEvent['type']; readonly data: object };

/** Given a history (an event each minute from minute 0), when a command is given, then … */
export function given(...events: readonly ExecutionEvent[]): { when(command: Command): Story } {
  return { when: (command) => new Story(history(events), command) };
}

export const history = (events: readonly ExecutionEvent[]): Fact[] =>
  events.map((event, index) => ({ ...event, time: minute(index) }));

export const stateAfter = (...events: readonly ExecutionEvent[]): Execution => fold(history(events));

class Story {
  readonly state: Execution;
  readonly decision: Decision;

  constructor(facts: readonly Fact[], command: Command) {
    this.state = fold(facts);
    this.decision = decide(command, this.state);
  }

  /** Exactly these events are recorded, in this order. @returns them */
  then(...expected: readonly Expected[]): readonly ExecutionEvent[] {
    if (this.decision.kind === 'Refused')
      throw new Error(`refused with ${this.decision.code}: ${this.decision.message}; expected events`);
    const { events } = this.decision;
    expect(events.map((event) => event.type)).toEqual(
      expected.map((each) => (typeof each === 'string' ? each : each.type)),
    );
    events.forEach((event, index) => {
      const wanted = expected[index];
      if (typeof wanted === 'object') expect(event).toMatchObject(wanted);
    });
    return events;
  }

  nothing(): void {
    expect(this.decision).toEqual({ kind: 'Recorded', events: [] });
  }

  refused(code: RefusalCode): void {
    expect(this.decision).toMatchObject({ kind: 'Refused', code });
  }
}

/** What this observation adds to the history, to go on from. */
export function decided(
  events: readonly ExecutionEvent[],
  observation: Observation,
  at: string,
): readonly ExecutionEvent[] {
  const { decision } = given(...events).when(sync(observation, at));
  if (decision.kind === 'Refused') throw new Error(decision.message);
  return decision.events;
}
