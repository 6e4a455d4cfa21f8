import type { EventStore, Position } from '#event-store';
import type { Clock } from '#kubernetes';
import type { ArchivedSince } from '../archiving/archive-log.ts';
import { ArchiveLog } from '../archiving/archive-log.ts';
import type { Log } from '../telemetry.ts';

/**
 * What a webhook that delivers from a place on cannot deliver, because it was archived; undefined when that is nothing.
 * Asked when its place was recorded: what is archived after that waits until it was delivered.
 */
export async function archivedAway(
  { store, clock, log }: { readonly store: EventStore; readonly clock: Clock; readonly log: Log },
  webhook: string,
  from: Position,
): Promise<ArchivedSince | undefined> {
  const archived = await new ArchiveLog(store, clock).since(from);
  if (archived !== undefined)
    log.warn(
      { webhook, from, ...archived },
      'a webhook begins before events that were archived: of each history ExecutionArchived is delivered in their place',
    );
  return archived;
}
