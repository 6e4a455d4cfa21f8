import type { Upcaster } from '#event-store';
import { Upcasters } from '#event-store';
import { SCHEMA_VERSIONS } from '#execution';

/** Version 1 knew nothing of sensitive parameters: every value is what was given. */
const unchecked: Upcaster = {
  type: 'ExecutionCreated',
  from: 1,
  upcast: (data) => ({ ...data, sensitive: { policy: 'unchecked', redacted: [] } }),
};

/**
 * Brings every event ever written about an execution to the shape of today. A changed event gets the next schema
 * version, a step from the old one here, and a golden file in the tests. Applied event by event, not to the store as a
 * whole: one that cannot be read must not keep the others from being read.
 */
export const logUpcasters = new Upcasters(SCHEMA_VERSIONS, [unchecked]);
