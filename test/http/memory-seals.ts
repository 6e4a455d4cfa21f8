import { systemClock } from '#kubernetes';
import { Sealer, systemIds } from '#runtime';
import { quietLog, quietTelemetry } from '../../libs/runtime/test/support/quiet.ts';
import { MemoryKeys } from '../../libs/runtime/test/support/sealed-log.ts';
import type { MemoryExecutions } from './memory-executions.ts';

/** A sealer that is not running, over the log of executions in memory. */
export const sealerOver = ({ log }: Pick<MemoryExecutions, 'log'>, keys = new MemoryKeys()): Sealer =>
  new Sealer({
    ...{ store: log.store, keys, publishers: [], clock: systemClock, ids: systemIds },
    ...{ telemetry: quietTelemetry, log: quietLog, intervalMs: 60_000, maxEvents: 1_000 },
  });
