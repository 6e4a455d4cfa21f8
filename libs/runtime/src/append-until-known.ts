import type { AppendResult, EventStore, ExpectedRevision } from '#event-store';
import { OutcomeUnknownError } from '#event-store';
import type { NewEvent } from '#execution';
import type { Clock } from '#kubernetes';

/** Repetitions of an append of which nobody knows whether it was applied. */
const MAX_UNKNOWN = 5;
const UNKNOWN_DELAY_MS = 100;

/**
 * Appends; an answer that was lost is asked for again, with the same ids and the same expected revision.
 * @throws what the store throws; OutcomeUnknownError when the outcome stays unknown
 */
export async function appendUntilKnown(
  store: Pick<EventStore, 'append'>,
  clock: Pick<Clock, 'sleep'>,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<AppendResult> {
  for (let unknown = 0; ; unknown += 1) {
    try {
      return await store.append(stream, expected, events);
    } catch (error) {
      if (!(error instanceof OutcomeUnknownError) || unknown >= MAX_UNKNOWN) throw error;
      await clock.sleep(UNKNOWN_DELAY_MS * 2 ** unknown);
    }
  }
}
