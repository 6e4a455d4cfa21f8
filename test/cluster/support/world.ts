import { join } from 'node:path';
import { systemClock } from '#kubernetes';
import { startScriptedTekton } from '../../../apps/sandbox/src/tekton/index.ts';
import { packageRoot } from '../../../apps/sandbox/src/package-root.ts';
import type { World } from '../../e2e/stage.ts';
import { startTaskRunCollector } from '../../support/task-run-collector.ts';
import { TektonBrake } from '../../support/tekton-brake.ts';
import { lab } from './lab.ts';

export interface ClusterWorldOptions {
  /** How many times faster than recorded the scripted Tekton plays. */
  readonly speed?: number;
}

/**
 * The API server of the cluster run with our CRD and Tekton's, the scripted Tekton acting on it as Tekton would, and a
 * garbage collector where the server has none.
 */
export async function openClusterWorld({ speed }: ClusterWorldOptions = {}): Promise<World> {
  const server = lab();
  for (const file of ['charts/workflow-execution/crds/workflowexecutions.yaml', 'test/cluster/crds/tekton.yaml'])
    await server.applyYaml(join(packageRoot, file));
  const cluster = server.connect();
  const stopping = new AbortController();
  const { signal } = stopping;
  const brake = new TektonBrake();
  const tekton = await startScriptedTekton({
    cluster: brake.over(cluster),
    clock: systemClock,
    signal,
    ...(speed !== undefined && { speed }),
  });
  const collector = server.isOurs ? await startTaskRunCollector({ cluster, clock: systemClock, signal }) : undefined;
  const close = async (): Promise<void> => {
    stopping.abort();
    await Promise.all([tekton.stopped, collector?.stopped]);
    await cluster.close();
  };
  return { cluster, clusterConfig: { kubeconfig: server.kubeconfig }, brake, close };
}
