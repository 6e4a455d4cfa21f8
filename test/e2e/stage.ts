import type { ClusterConnection } from '#kubernetes';
import { ServiceProcess } from '../support/service-process.ts';
import type { TektonBrake } from '../support/tekton-brake.ts';
import { Client } from './client.ts';

/** A cluster with a scripted Tekton at work on it. */
export interface World {
  readonly cluster: ClusterConnection;
  /** The `cluster` part of the service's configuration. */
  readonly clusterConfig: Readonly<Record<string, unknown>>;
  /** Holds runs in phases that would be over too soon. */
  readonly brake: TektonBrake;
  close(): Promise<void>;
}

/** A world, the real program at work on it, and a client of both: there from before the first test to after the last. */
export interface Stage {
  readonly world: World;
  readonly service: ServiceProcess;
  readonly client: Client;
}

const OPENING_LIMIT_MS = 120_000;

/** To be called in a `describe`; its parts are there once the tests run. `execution` is that part of the configuration. */
export function staged(open: () => Promise<World>, execution: Readonly<Record<string, unknown>> = {}): Stage {
  const stage: { -readonly [Part in keyof Stage]?: Stage[Part] } = {};
  beforeAll(async () => {
    stage.world = await open();
    stage.service = await ServiceProcess.prepare({ cluster: stage.world.clusterConfig, execution });
    await stage.service.start();
    stage.client = new Client(stage.service.url, stage.world.cluster);
  }, OPENING_LIMIT_MS);
  afterAll(async () => {
    await stage.service?.remove();
    await stage.world?.close();
  });
  return stage as Stage;
}
