import { Upcasters } from '#event-store';
import { SCHEMA_VERSIONS } from '#execution';
import { IDEMPOTENCY_SCHEMA_VERSIONS } from './idempotency-keys.ts';

/**
 * Brings every event this service ever wrote to the shape of today. A changed event gets the next schema version, a
 * step from the old one here, and a golden file in the tests.
 */
export const logUpcasters = new Upcasters({ ...SCHEMA_VERSIONS, ...IDEMPOTENCY_SCHEMA_VERSIONS }, []);
