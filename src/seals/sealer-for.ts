import { isAbsolute, join } from 'node:path';
import type { EventStore } from '#event-store';
import type { Cluster } from '#kubernetes';
import { systemClock } from '#kubernetes';
import type { HeadPublisher, Log, Telemetry } from '#runtime';
import { Sealer, systemIds } from '#runtime';
import { milliseconds } from '../config/leaf.ts';
import type { Config } from '../config/schema.ts';
import { OFF } from '../config/schema.ts';
import type { KeyVault } from '../keys/key-vault.ts';
import { HeadConfigMap } from './head-config-map.ts';
import { HeadFile } from './head-file.ts';
import { HeadLog } from './head-log.ts';
import { VaultSealKeys } from './vault-seal-keys.ts';

export interface SealerParts {
  readonly store: EventStore;
  readonly cluster: Cluster;
  readonly vault: KeyVault;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

/** The sealer the configuration describes. */
export function sealerFor(
  config: Pick<Config, 'audit' | 'store' | 'execution'>,
  { store, cluster, vault, telemetry, log }: SealerParts,
): Sealer {
  const { audit } = config;
  return new Sealer({
    ...{ store, telemetry, log },
    keys: new VaultSealKeys(vault),
    publishers: publishersFor(config, cluster, log),
    clock: systemClock,
    ids: systemIds,
    intervalMs: milliseconds(audit.sealInterval),
    maxEvents: audit.sealEvents,
    acceptedHeads: audit.acceptHeads,
    ...(audit.acceptLostKey !== undefined && { acceptedLostKey: audit.acceptLostKey }),
  });
}

export function publishersFor(
  { audit, store, execution }: Pick<Config, 'audit' | 'store' | 'execution'>,
  cluster: Cluster,
  log: Log,
): readonly HeadPublisher[] {
  const { headFile, headConfigMap, namespace = execution.namespace } = audit;
  const path = isAbsolute(headFile) ? headFile : join(store.dataFolder, headFile);
  return [
    ...(headFile === OFF ? [] : [new HeadFile(path)]),
    ...(headConfigMap === OFF ? [] : [new HeadConfigMap(cluster, { namespace, name: headConfigMap })]),
    new HeadLog(log),
  ];
}
