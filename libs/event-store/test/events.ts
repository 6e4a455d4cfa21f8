import { randomUUID } from 'node:crypto';
import type { EventMetadata, NewEvent } from '#execution';

const METADATA: EventMetadata = {
  time: '2026-01-02T03:04:05.678Z',
  actor: { user: 'tester' },
  source: 'rest',
  commandId: 'command-1',
  correlationId: 'correlation-1',
  causationId: 'causation-1',
};

export function newEvent(parts: Partial<NewEvent> = {}): NewEvent {
  return { id: randomUUID(), type: 'SampleHappened', schemaVersion: 1, data: { n: 1 }, metadata: METADATA, ...parts };
}

/** Events numbered from `first` in their data. */
export function newEvents(count: number, first = 0): NewEvent[] {
  return Array.from({ length: count }, (_, index) => newEvent({ data: { n: first + index } }));
}
