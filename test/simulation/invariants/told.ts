import type { RecordedEvent } from '#event-store';
import { executionIdOf } from '#execution';
import type { LogView } from '../log-view.ts';
import type { Receiver } from '../receiver.ts';
import type { Violation } from './violation.ts';

/** What the receiver of a webhook was to be told and was not; empty when it knows all. */
export function untold(log: LogView, receiver: Receiver): Violation[] {
  return [...neverTold(log, receiver), ...notToldAgain(log, receiver)].map((message) => ({
    invariant: 'told all' as const,
    message,
  }));
}

function neverTold({ log }: LogView, { arrivals }: Receiver): readonly string[] {
  const told = new Set(arrivals.map(({ event }) => event.id));
  return log.events.filter((event) => isOfExecution(event) && !told.has(event.id)).map((event) => `${placeOf(event)}`);
}

/** A replay brings everything before it once more, but what it said is archived. All of them begin at the start. */
function notToldAgain(view: LogView, { arrivals, replays }: Receiver): readonly string[] {
  const { events } = view.log;
  return replays.flatMap(({ position, archived }) => {
    const asked = events.findIndex((event) => event.position === position);
    const told = new Set(arrivals.filter(({ logLength }) => logLength > asked).map(({ event }) => event.id));
    return events
      .slice(0, asked)
      .filter((event) => isOfExecution(event) && !told.has(event.id))
      .filter((event) => !isIn(archived?.files ?? [], view, event))
      .map((event) => `${placeOf(event)} again, after the replay at ${position}`);
  });
}

/** True for an event that is in one of these files. */
function isIn(files: readonly string[], view: LogView, { stream, revision }: RecordedEvent): boolean {
  const state = view.stateOf(executionIdOf(stream)!);
  const archived = state.phase === 'Finished' ? state.archived : undefined;
  return archived !== undefined && revision < archived.events && files.includes(archived.archive.file);
}

const isOfExecution = ({ stream }: RecordedEvent): boolean => executionIdOf(stream) !== undefined;
const placeOf = ({ stream, revision, type }: RecordedEvent): string => `${stream}@${revision} (${type})`;
