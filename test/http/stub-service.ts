import { runService } from '../../src/run-service.ts';
import { StartupError } from '../../src/startup-error.ts';
import type { Assemble } from '../../src/wiring/assemble.ts';
import { MemoryExecutions } from './memory-executions.ts';
import { sealerOver } from './memory-seals.ts';
import { MemoryProjections } from './memory-projections.ts';
import { MemoryKeys } from '../../libs/runtime/test/support/sealed-log.ts';

/**
 * The service as a process, with executions in memory. STUB says what the runtime does: `slow-answers` keeps every call
 * waiting for a while, `hangs` never stops, `no-tekton` and `bug` fail the start.
 */
const SLOW_MS = 400;
const stub = process.env['STUB'] ?? '';

const assemble: Assemble = (_, telemetry, log) => {
  if (stub === 'no-tekton')
    return Promise.reject(new StartupError('Expected the Tekton CRDs in the cluster, found none. Install Tekton.'));
  if (stub === 'bug') return Promise.reject(new TypeError('x is not a function'));
  const service = new MemoryExecutions();
  if (stub === 'slow-answers')
    Object.defineProperty(service, 'gate', {
      get: () => {
        log.info({}, 'asked');
        return new Promise((resolve) => setTimeout(resolve, SLOW_MS));
      },
    });
  const ok = { ok: true } as const;
  return Promise.resolve({
    service,
    log: service.log,
    vouchers: service.vouchers,
    archives: service.archives,
    replaying: service.replaying,
    seals: sealerOver(service),
    webhooks: service.webhooks,
    projections: new MemoryProjections(),
    sealKeys: new MemoryKeys(),
    health: () => Promise.resolve({ store: ok, cluster: ok, tekton: ok, readModel: ok }),
    start: () => {
      telemetry.leader(true);
      return Promise.resolve();
    },
    stop: () => {
      if (stub === 'hangs') return new Promise<void>(() => undefined);
      log.info({}, 'store closed');
      return Promise.resolve();
    },
  });
};

process.exit(await runService(process.argv.slice(2), process.env, assemble));
