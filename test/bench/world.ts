import type { ClusterConnection } from '#kubernetes';
import { ServiceProcess } from '../support/service-process.ts';
import { openClusterWorld } from '../cluster/support/world.ts';
import { openSandboxWorld } from '../e2e/sandbox-world.ts';

export interface BenchWorld {
  /** Which API server it is. */
  readonly name: string;
  readonly cluster: ClusterConnection;
  readonly service: ServiceProcess;
  close(): Promise<void>;
}

const SPEED = 20;

/** The service in its own process, against the API server of WFE_TEST_KUBECONFIG, or the sandbox. */
export async function benchWorld(nodeOptions: readonly string[] = []): Promise<BenchWorld> {
  const isReal = process.env['WFE_TEST_KUBECONFIG'] !== undefined;
  const world = await (isReal ? openClusterWorld({ speed: SPEED }) : openSandboxWorld(SPEED));
  const service = await ServiceProcess.prepare({ cluster: world.clusterConfig, nodeOptions });
  await service.start();
  return {
    name: isReal ? 'API server of the kubeconfig' : 'sandbox',
    cluster: world.cluster,
    service,
    close: async () => {
      await service.remove();
      await world.close();
    },
  };
}
