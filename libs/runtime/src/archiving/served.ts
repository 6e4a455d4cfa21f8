import type { EventStore, Position } from '#event-store';
import type { Log } from '../telemetry.ts';

/** The place of the last event of a history that is over. */
export interface HistoryEnd {
  readonly executionId: string;
  readonly position: Position;
}

export interface ServedParts {
  readonly store: Pick<EventStore, 'compare'>;
  readonly log: Log;
  /** What was recorded after this place is still to be told to somebody, and stays; undefined: there is nobody. */
  readonly served: () => Promise<Position | undefined>;
}

/** Those whose events nobody is still to be told. */
export async function servedOf<End extends HistoryEnd>(
  { store, log, served }: ServedParts,
  ends: readonly End[],
): Promise<readonly End[]> {
  const upTo = await served();
  const found = ends.filter(({ position }) => upTo === undefined || store.compare(position, upTo) <= 0);
  if (found.length < ends.length)
    log.warn(
      { executions: ends.length - found.length, served: upTo },
      'closed histories stay in the log: a webhook has not delivered them yet',
    );
  return found;
}
