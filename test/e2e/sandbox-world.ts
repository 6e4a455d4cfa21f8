import { SandboxCluster } from '../../apps/sandbox/src/sandbox-cluster.ts';
import type { World } from './stage.ts';

/** The sandbox in this process, with the scripted Tekton at the recorded speed unless told otherwise. */
export async function openSandboxWorld(speed?: number): Promise<World> {
  const sandbox = await SandboxCluster.start({ port: 0, ...(speed !== undefined && { speed }) });
  return { cluster: sandbox.connection, clusterConfig: { server: sandbox.url }, close: () => sandbox.stop() };
}
