import { join } from 'node:path';
import type { Cluster, KubeObject, ResourceType } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, systemClock, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { startScriptedTekton } from '../../../apps/sandbox/src/tekton/index.ts';
import { packageRoot } from '../../../apps/sandbox/src/package-root.ts';
import type { World } from '../../e2e/stage.ts';
import { until } from '../../support/until.ts';
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
  if (server.isOurs) await clear(cluster);
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

/** What the suite before has left would be taken for orders: every suite's service begins with an empty log. */
async function clear(cluster: Cluster): Promise<void> {
  for (const type of [WORKFLOW_EXECUTIONS, PIPELINE_RUNS, TASK_RUNS]) {
    // A server that has just been restarted answers 429 until its caches are filled.
    const { items } = await until(`the list of ${type.plural}`, () => cluster.list(type));
    await Promise.all(items.map((object) => discard(cluster, type, object)));
  }
}

async function discard(cluster: Cluster, type: ResourceType, { metadata }: KubeObject): Promise<void> {
  const name = { namespace: metadata.namespace ?? '', name: metadata.name };
  try {
    if (metadata.deletionTimestamp === undefined) await cluster.delete(type, name);
    await cluster.patch(type, name, { type: 'merge', body: { metadata: { finalizers: null } } });
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code !== 'not-found') throw error;
  }
}
