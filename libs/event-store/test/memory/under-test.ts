import type { EventStore, Position } from '#event-store';
import { MemoryEventStore, MemoryLog } from '#event-store';
import type { StoreUnderTest } from '../contract.ts';

/** A memory store over a log of its own. */
export async function memoryUnderTest(): Promise<StoreUnderTest> {
  const log = new MemoryLog();
  return {
    open: async () => new MemoryEventStore(log),
    beyond: (head) => head.replace(/\d+$/, (number) => String(Number(number) + 1)) as Position,
    openSubscriptions: (store: EventStore) => (store as MemoryEventStore).openSubscriptions,
    dispose: async () => undefined,
  };
}
