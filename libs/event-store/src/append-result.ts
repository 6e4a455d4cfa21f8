import type { AppendResult, RecordedEvent } from './port.ts';

/** @param events those of one append as recorded, in order, at least one */
export function appendResult(events: readonly RecordedEvent[], repeated: boolean): AppendResult {
  const last = events.at(-1);
  if (last === undefined) throw new RangeError('an append has at least one event');
  return { revision: last.revision, hash: last.hash, position: last.position, events, repeated };
}
