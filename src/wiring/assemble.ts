import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { LogIndex } from '#audit';
import type { EventStore } from '#event-store';
import { openSqliteEventStore } from '#event-store';
import type { ClusterConnection } from '#kubernetes';
import { connectCluster, systemClock } from '#kubernetes';
import { openSqliteReadModel } from '#read-model';
import type { ReadModel, Sensitivity } from '#runtime';
import { ClusterResources, Runtime, systemIds } from '#runtime';
import { madeBy, readBuildInfo } from '../build-info.ts';
import { milliseconds } from '../config/leaf.ts';
import type { Config } from '../config/schema.ts';
import type { Log } from '../logging/log.ts';
import type { Telemetry } from '../metrics/telemetry.ts';
import { archiveFolderFor, archivingFor } from '../archives/archives-for.ts';
import { keyVaultFor } from '../keys/key-vault-for.ts';
import { publishersFor, sealerFor } from '../seals/sealer-for.ts';
import { VaultSealKeys } from '../seals/vault-seal-keys.ts';
import { StartupError } from '../startup-error.ts';
import { defaultsOf } from './defaults.ts';
import { keptRows } from './kept-rows.ts';
import { leadershipFor } from './leadership.ts';
import type { ConfiguredWebhooks } from '../webhooks/configured.ts';
import { configuredWebhooks } from '../webhooks/configured.ts';
import { replayingOf } from './replaying.ts';
import type { KeyVault } from '../keys/key-vault.ts';
import { sensitivityFor } from './sensitivity.ts';
import type { Assembled } from './assembled.ts';
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

interface Parts {
  readonly store: EventStore;
  readonly readModel: ReadModel & LogIndex;
  readonly cluster: ClusterConnection;
  readonly webhooks: ConfiguredWebhooks;
  readonly vault: KeyVault;
  readonly sensitivity: Sensitivity;
  readonly config: Config;
  readonly telemetry: Telemetry;
  readonly log: Log;
}

function assembled(parts: Parts): Assembled {
  const { store, readModel, cluster, vault, sensitivity, webhooks, config, telemetry, log } = parts;
  const sealKeys = new VaultSealKeys(vault);
  const sealer = sealerFor(config, { store, cluster, vault, telemetry, log });
  const archives = archiveFolderFor(config);
  const archiving = archivingFor(config, {
    ...{ folder: archives, store, seals: sealer, keys: sealKeys },
    ...{ now: () => systemClock.now(), madeBy: madeBy(readBuildInfo()) },
  });
  const runtime = new Runtime({
    store,
    readModel,
    cluster,
    clock: systemClock,
    ids: systemIds,
    random: Math.random,
    telemetry,
    log,
    defaults: defaultsOf(config),
    sensitivity,
    watchedNamespaces: config.controller.watchedNamespaces,
    workers: config.controller.workers,
    resyncMs: milliseconds(config.controller.resync),
    instance: hostname(),
    leadership: leadershipFor(config, cluster, log),
    webhooks: webhooks.webhooks,
    onLeading: (isLeading) => telemetry.leader(isLeading),
    sealer,
    ...(archiving !== undefined && { archiving }),
  });
  const start = async (): Promise<void> => {
    if (archiving !== undefined) await archives.prepare();
    await runtime.start();
  };
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await runtime.stop();
    await Promise.all([cluster.close(), readModel.close(), webhooks.close()]);
    await store.close();
  };
  const audited = { store, index: readModel, caughtUp: () => runtime.caughtUp() };
  const resources = new ClusterResources(cluster, config.controller.watchedNamespaces);
  return {
    service: runtime.service,
    seals: sealer,
    sealKeys,
    log: audited,
    replaying: replayingOf(audited, keptRows(readModel), resources, systemClock),
    vouchers: vouchersOf({
      // Of its own: the sealer's publishers remember what they read last.
      publishers: publishersFor(config, cluster, log),
      ...{ seals: sealer, keys: sealKeys },
      ...{ cluster, namespaces: config.controller.watchedNamespaces, log },
    }),
    webhooks: runtime.webhooks,
    projections: runtime.projections,
    health: () => runtime.health(),
    archives,
    start: () => startupStep(start),
    stop: () => (stopped ??= stop()),
  };
}

async function openStores({ store }: Config): Promise<Pick<Parts, 'store' | 'readModel'>> {
  return startupStep(async () => {
    mkdirSync(store.dataFolder, { recursive: true });
    const log = await openSqliteEventStore({ file: join(store.dataFolder, 'events.sqlite') });
    try {
      return {
        store: log,
        readModel: await openSqliteReadModel({
          file: join(store.dataFolder, 'read-model.sqlite'),
          compare: (a, b) => log.compare(a, b),
        }),
      };
    } catch (error) {
      await log.close();
      throw error;
    }
  });
}

function connect({ cluster }: Config, telemetry: Telemetry): ClusterConnection {
  const { server, kubeconfig, context } = cluster;
  try {
    return connectCluster({
      ...(server !== undefined && { server }),
      ...(kubeconfig !== undefined && { kubeconfig }),
      ...(context !== undefined && { context }),
      onRequest: ({ verb, type, status, ms }) =>
        telemetry.clusterRequest(verb, type?.plural ?? 'other', String(status ?? 'none'), ms / 1000),
    });
  } catch (error) {
    throw asStartupError(error);
  }
}

/** What goes wrong before anything acts is told in a sentence. */
async function startupStep<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw asStartupError(error);
  }
}

const asStartupError = (error: unknown): StartupError =>
  error instanceof StartupError
    ? error
    : new StartupError(error instanceof Error ? error.message : String(error), { cause: error });
