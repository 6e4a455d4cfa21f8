import type { ExecutionEvent, Fact } from '#execution';
import { SCHEMA_VERSIONS } from '#execution';
import type { RecordedEvent } from './port.ts';
import { Upcasters } from './upcasters.ts';

/**
 * Brings every event ever written about an execution to the shape of today. A changed event gets the next schema
 * version, a step from the old one here, and a golden file in the tests. Applied event by event, not to the store as a
 * whole: one that cannot be read must not keep the others from being read.
 */
const executionUpcasters = new Upcasters(SCHEMA_VERSIONS, []);

/**
 * A recorded event as the model's. Here bytes become types: the type and schema version are checked, the shape was
 * checked by whoever wrote it.
 * @throws Error for an event this version does not know: folding on would forget a fact
 */
export function factOf(event: RecordedEvent): Fact {
  const known = executionUpcasters.current[event.type];
  if (known === undefined || event.schemaVersion > known)
    throw new Error(
      `event ${event.stream}@${event.revision}: expected a type and schema version this program knows, found ` +
        `${event.type} version ${event.schemaVersion}; the log was written by a newer version, use that one`,
    );
  const fact = { type: event.type, data: executionUpcasters.upcast(event).data } as unknown as ExecutionEvent;
  return { ...fact, time: event.metadata.time };
}
