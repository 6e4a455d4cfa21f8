import type { MemoryLog, RecordedEvent } from '#event-store';
import { factOf } from '#event-store';
import type { Execution } from '#execution';
import { ABSENT, evolve, executionIdOf } from '#execution';

/** One event of an execution, the state it led to, and when it became durable in the world's time. */
export interface Step {
  readonly event: RecordedEvent;
  readonly state: Execution;
  readonly atMs: number;
}

/** The log as nobody in it sees it: every execution at every revision, at any time, without asking a store. */
export class LogView {
  private readonly histories = new Map<string, Step[]>();
  private seen = 0;

  constructor(
    readonly log: MemoryLog,
    private readonly now: () => number,
    private readonly onEvent: (event: RecordedEvent) => void = () => undefined,
  ) {}

  /** Takes in what was appended; called after each append, so that every event has its time. */
  catchUp(): void {
    const { events } = this.log;
    for (; this.seen < events.length; this.seen += 1) {
      const event = events[this.seen]!;
      const id = executionIdOf(event.stream);
      if (id !== undefined) this.take(id, event);
    }
  }

  get ids(): readonly string[] {
    return [...this.histories.keys()];
  }

  /** Every step of an execution, oldest first; none while there is no such execution. */
  of(id: string): readonly Step[] {
    return this.histories.get(id) ?? [];
  }

  stateOf(id: string): Execution {
    return this.histories.get(id)?.at(-1)?.state ?? ABSENT;
  }

  /** Every step of every execution, in log order. */
  get steps(): readonly Step[] {
    const order = new Map(this.log.events.map((event, at) => [event, at]));
    return [...this.histories.values()].flat().sort((a, b) => order.get(a.event)! - order.get(b.event)!);
  }

  private take(id: string, event: RecordedEvent): void {
    const history = this.histories.get(id) ?? [];
    this.histories.set(id, history);
    const state = evolve(history.at(-1)?.state ?? ABSENT, factOf(event));
    history.push({ event, state, atMs: this.now() });
    this.onEvent(event);
  }
}
