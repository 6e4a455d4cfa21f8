import type { LogIndex } from '#audit';
import type { EventStore } from '#event-store';
import { START } from '#event-store';
import { ArrayReadModel } from '../../libs/read-model/test/support/array-read-model.ts';
import { Folding } from '../../libs/runtime/src/folding.ts';

const MAX_EVENTS = 1_000;

/** The read model as the projector makes it of this log, anew for every question. */
export async function foldedReadModel(store: EventStore): Promise<ArrayReadModel> {
  const { events, end } = await store.readAll(START, undefined, MAX_EVENTS);
  if (!end) throw new Error(`expected at most ${MAX_EVENTS} events in a test`);
  const readModel = new ArrayReadModel((a, b) => store.compare(a, b));
  const { changes, entries } = await new Folding(store).take(events);
  await readModel.apply(changes, entries, await store.head());
  return readModel;
}

/** An index that is never behind. */
export function foldedIndex(store: EventStore): Omit<LogIndex, 'events'> {
  const now = () => foldedReadModel(store);
  return {
    indexed: async () => (await now()).indexed(),
    executionsAt: async (...asked) => (await now()).executionsAt(...asked),
    holdersAt: async (...asked) => (await now()).holdersAt(...asked),
    waitingAt: async (...asked) => (await now()).waitingAt(...asked),
    targets: async (...asked) => (await now()).targets(...asked),
  };
}
