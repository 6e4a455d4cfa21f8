import type { Position } from '#event-store';
import type { Actor, Source } from '#execution';
import type { Step } from './folded.ts';
import { sentenceOf } from './sentence.ts';

/** What led to an event: an earlier event of its execution, or the command somebody gave. */
export type Cause =
  | { readonly kind: 'event'; readonly revision: number; readonly type: string }
  | { readonly kind: 'command'; readonly commandId: string };

/** One event as a person reads a history. */
export interface HistoryEntry {
  readonly revision: number;
  readonly position: Position;
  readonly time: string;
  readonly type: string;
  readonly actor: Actor;
  readonly source: Source;
  readonly sentence: string;
  readonly cause: Cause;
  /** Milliseconds since the first event. Negative where the clock was set back. */
  readonly sinceStartMs: number;
  /** Milliseconds since the event before; 0 for the first. Negative where the clock was set back. */
  readonly sincePreviousMs: number;
}

/** A whole history, from its first event, as people read it. Pure. */
export function historyOf(steps: readonly Step[]): readonly HistoryEntry[] {
  const places = placesById(steps);
  return steps.map((step, index) => ({
    ...headOf(step),
    position: step.event.position,
    cause: causeOf(step, places),
    sinceStartMs: elapsedMs(steps[0], step),
    sincePreviousMs: elapsedMs(steps[index - 1], step),
  }));
}

/** What every account of an event begins with. */
export function headOf({ event, before, fact }: Step) {
  const { revision, type } = event;
  const { time, actor, source } = event.metadata;
  return { revision, time, type, actor, source, sentence: sentenceOf(before, fact) };
}

export type Places = ReadonlyMap<string, Step>;

export const placesById = (steps: readonly Step[]): Places => new Map(steps.map((step) => [step.event.id, step]));

/** The event that made somebody give the command of this one; undefined when the command is the beginning. */
export function causingStep({ event }: Step, places: Places): Step | undefined {
  const cause = places.get(event.metadata.causationId);
  // Only what came before can be a cause: whatever a log says, going back always comes to an end.
  return cause !== undefined && cause.event.revision < event.revision ? cause : undefined;
}

function causeOf(step: Step, places: Places): Cause {
  const cause = causingStep(step, places);
  if (cause === undefined) return { kind: 'command', commandId: step.event.metadata.commandId };
  return { kind: 'event', revision: cause.event.revision, type: cause.event.type };
}

const elapsedMs = (from: Step | undefined, to: Step): number =>
  from === undefined ? 0 : Date.parse(to.event.metadata.time) - Date.parse(from.event.metadata.time);
