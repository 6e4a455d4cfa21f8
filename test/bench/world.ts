import type { ClusterConnection } from '#kubernetes';
import { SandboxCluster } from '../../apps/sandbox/src/sandbox-cluster.ts';
import { ServiceProcess } from '../support/service-process.ts';
import { openClusterWorld } from '../cluster/support/world.ts';

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
  if (process.env['WFE_TEST_KUBECONFIG'] !== undefined) {
    const world = await openClusterWorld({ speed: SPEED });
    return withService(
      'API server of the kubeconfig',
      world.cluster,
      world.clusterConfig,
      () => world.close(),
      nodeOptions,
    );
  }
  const sandbox = await SandboxCluster.start({ port: 0, speed: SPEED });
  return withService('sandbox', sandbox.connection, { server: sandbox.url }, () => sandbox.stop(), nodeOptions);
}

async function withService(
  name: string,
  cluster: ClusterConnection,
  clusterConfig: Readonly<Record<string, unknown>>,
  closeCluster: () => Promise<void>,
  nodeOptions: readonly string[],
): Promise<BenchWorld> {
  const service = await ServiceProcess.prepare({ cluster: clusterConfig, nodeOptions });
  await service.start();
  const close = async (): Promise<void> => {
    await service.remove();
    await closeCluster();
  };
  return { name, cluster, service, close };
}
