import { systemClock } from '#kubernetes';
import { SandboxCluster } from '../../apps/sandbox/src/sandbox-cluster.ts';
import { startScriptedTekton } from '../../apps/sandbox/src/tekton/index.ts';
import { TektonBrake } from '../support/tekton-brake.ts';
import type { World } from './stage.ts';

/** The sandbox in this process, with the scripted Tekton at the recorded speed unless told otherwise. */
export async function openSandboxWorld(speed = 1): Promise<World> {
  const sandbox = await SandboxCluster.start({ port: 0, withTekton: false });
  const brake = new TektonBrake();
  const stopping = new AbortController();
  const cluster = brake.over(sandbox.connection);
  const tekton = await startScriptedTekton({ cluster, clock: systemClock, speed, signal: stopping.signal });
  const close = async (): Promise<void> => {
    stopping.abort();
    await tekton.stopped;
    await sandbox.stop();
  };
  return { cluster: sandbox.connection, clusterConfig: { server: sandbox.url }, brake, close };
}
