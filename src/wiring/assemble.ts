import { hostname } from 'node:os';
import type { ClusterConnection } from '#kubernetes';
import { systemClock } from '#kubernetes';
import type { RuntimeOptions, Sealer, Sensitivity } from '#runtime';
import { ClusterResources, Runtime, systemIds } from '#runtime';
import type { ArchiveFolder } from '../archives/archive-folder.ts';
import { archiveFolderFor, archivingFor } from '../archives/archives-for.ts';
import { madeBy, readBuildInfo } from '../build-info.ts';
import { milliseconds } from '../config/leaf.ts';
import type { Config } from '../config/schema.ts';
import { keyVaultFor } from '../keys/key-vault-for.ts';
import type { KeyVault } from '../keys/key-vault.ts';
import type { Log } from '../logging/log.ts';
import type { Telemetry } from '../metrics/telemetry.ts';
import { publishersFor, sealerFor } from '../seals/sealer-for.ts';
import { VaultSealKeys } from '../seals/vault-seal-keys.ts';
import type { ConfiguredWebhooks } from '../webhooks/configured.ts';
import { configuredWebhooks } from '../webhooks/configured.ts';
import type { Assembled, Served } from './assembled.ts';
import { connect } from './connect.ts';
import { defaultsOf } from './defaults.ts';
import { keptRows } from './kept-rows.ts';
import { leadershipFor } from './leadership.ts';
import type { Stores } from './open-stores.ts';
import { openStores } from './open-stores.ts';
import { replayingOf } from './replaying.ts';
import { sensitivityFor } from './sensitivity.ts';
import { startupStep } from './startup-step.ts';
import { vouchersOf } from './vouchers.ts';

/** Puts the runtime together from the configuration: store, read model, cluster, drivers. @throws StartupError */
export type Assemble = (config: Config, telemetry: Telemetry, log: Log) => Promise<Assembled>;

export const assemble: Assemble = async (config, telemetry, log) => {
  const { store, readModel } = await openStores(config);
  try {
    const cluster = connect(config, telemetry);
    const webhooks = await configuredWebhooks(config, store, process.env);
    const vault = keyVaultFor(config, cluster, log);
    const sensitivity = await startupStep(() => sensitivityFor(config, vault));
    return assembled({ store, readModel, cluster, vault, sensitivity, webhooks, config, telemetry, log });
  } catch (error) {
    await Promise.all([readModel.close(), store.close()]);
    throw error;
  }
};

interface Parts extends Stores {
  readonly cluster: ClusterConnection;
  readonly webhooks: ConfiguredWebhooks;
  readonly vault: KeyVault;
  readonly sensitivity: Sensitivity;
  readonly config: Config;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

/** What keeps the log provable, and old histories at hand. */
interface Custody {
  readonly sealer: Sealer;
  readonly sealKeys: VaultSealKeys;
  readonly archives: ArchiveFolder;
  /** Undefined when nothing is ever archived. */
  readonly archiving: RuntimeOptions['archiving'];
}

function assembled(parts: Parts): Assembled {
  const custody = custodyOf(parts);
  const runtime = new Runtime(runtimeOptions(parts, custody));
  return { ...servedBy(runtime, parts, custody), health: () => runtime.health(), ...lifeOf(runtime, parts, custody) };
}

function custodyOf({ store, cluster, vault, config, telemetry, log }: Parts): Custody {
  const sealKeys = new VaultSealKeys(vault);
  const sealer = sealerFor(config, { store, cluster, vault, telemetry, log });
  const archives = archiveFolderFor(config);
  const archiving = archivingFor(config, {
    ...{ folder: archives, store, seals: sealer, keys: sealKeys },
    ...{ now: () => systemClock.now(), madeBy: madeBy(readBuildInfo()) },
  });
  return { sealer, sealKeys, archives, archiving };
}

function runtimeOptions(
  { store, readModel, cluster, sensitivity, webhooks, config, telemetry, log }: Parts,
  { sealer, archiving }: Custody,
): RuntimeOptions {
  const { watchedNamespaces, workers, resync } = config.controller;
  return {
    ...{ store, readModel, cluster, telemetry, log, sensitivity, sealer },
    ...{ clock: systemClock, ids: systemIds, random: Math.random, instance: hostname() },
    ...{ watchedNamespaces, workers, resyncMs: milliseconds(resync) },
    defaults: defaultsOf(config),
    leadership: leadershipFor(config, cluster, log),
    onLeading: (isLeading) => telemetry.leader(isLeading),
    webhooks: webhooks.webhooks,
    ...(archiving !== undefined && { archiving }),
  };
}

function servedBy(runtime: Runtime, parts: Parts, { sealer, sealKeys, archives }: Custody): Served {
  const { store, readModel, cluster, config, log } = parts;
  const { service, webhooks, projections } = runtime;
  const { watchedNamespaces } = config.controller;
  const audited = { store, index: readModel, caughtUp: () => runtime.caughtUp() };
  const resources = new ClusterResources(cluster, watchedNamespaces);
  return {
    ...{ service, webhooks, projections, archives, sealKeys, log: audited, seals: sealer },
    replaying: replayingOf(audited, keptRows(readModel), resources, systemClock),
    vouchers: vouchersOf({
      // Of its own: the sealer's publishers remember what they read last.
      publishers: publishersFor(config, cluster, log),
      ...{ seals: sealer, keys: sealKeys, cluster, namespaces: watchedNamespaces, log },
    }),
  };
}

function lifeOf(
  runtime: Runtime,
  { store, readModel, cluster, webhooks }: Parts,
  { archives, archiving }: Custody,
): Pick<Assembled, 'start' | 'stop'> {
  const start = async (): Promise<void> => {
    if (archiving !== undefined) await archives.prepare();
    await runtime.start();
  };
  const stop = async (): Promise<void> => {
    await runtime.stop();
    await Promise.all([cluster.close(), readModel.close(), webhooks.close()]);
    await store.close();
  };
  let stopped: Promise<void> | undefined;
  return { start: () => startupStep(start), stop: () => (stopped ??= stop()) };
}
