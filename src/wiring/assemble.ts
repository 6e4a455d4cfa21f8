import type { Config } from '../config/schema.ts';
import type { Log } from '../logging/log.ts';
import type { Telemetry } from '../metrics/telemetry.ts';
import { StartupError } from '../startup-error.ts';
import type { Assembled } from './assembled.ts';

/** Puts the runtime together from the configuration: store, cluster, drivers, read model. @throws StartupError */
export type Assemble = (config: Config, telemetry: Telemetry, log: Log) => Promise<Assembled>;

export const assemble: Assemble = () =>
  Promise.reject(
    new StartupError('This build has no runtime: expected store, cluster and drivers to be wired in, found none.'),
  );
