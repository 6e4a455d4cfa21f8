import type { EventStore, Position } from '#event-store';
import { START } from '#event-store';
import { logBetween } from './export-run.ts';
import type { LogRange, Times } from './log-range.ts';
import type { RecordedSeal, SealLog } from './seal-log.ts';

/**
 * Where archived events of these times may stand: their own times are in their archives, but the seals say between which
 * times each of them was recorded.
 */
export async function archivedRange(
  store: EventStore,
  seals: SealLog,
  { from, to }: Times,
  asOf: Position,
): Promise<LogRange | undefined> {
  const first = from === undefined ? undefined : await seals.madeSince(from);
  if (from !== undefined && first === undefined) return undefined; // nothing that is not sealed is archived
  const last = to === undefined ? undefined : await seals.madeSince(to);
  const after = first === undefined ? START : await seals.startOf(first);
  return archivedBetween(store, after, last === undefined ? asOf : endOf(last));
}

const endOf = ({ seal }: RecordedSeal): Position => seal.position as Position;

async function archivedBetween(store: EventStore, after: Position, upTo: Position): Promise<LogRange | undefined> {
  let range: LogRange | undefined;
  for await (const { kind, position } of logBetween(store, after, upTo))
    if (kind === 'archived') range = { first: range?.first ?? position, last: position };
  return range;
}
