import type { EventStore } from '#event-store';
import type { Cluster, ResourceType } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';

const NEEDED: readonly (readonly [type: ResourceType, cure: string])[] = [
  [WORKFLOW_EXECUTIONS, 'install the CRD from charts/workflow-execution/crds'],
  [PIPELINE_RUNS, 'install Tekton Pipelines'],
  [TASK_RUNS, 'install Tekton Pipelines'],
];

/** @throws Error with a sentence that says what to do, when the store or a type of the cluster cannot be used */
export async function checkPrerequisites(store: EventStore, cluster: Cluster): Promise<void> {
  await store.probe();
  for (const [type, cure] of NEEDED) {
    try {
      await cluster.list(type, { limit: 1 });
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      throw new Error(`cannot list ${type.plural}: ${causeAndCure(type, cure, error)}`, { cause: error });
    }
  }
}

function causeAndCure({ plural, group, version }: ResourceType, cure: string, { code, message }: ClusterError): string {
  if (code === 'not-found') return `the cluster serves no ${plural}.${group}/${version}; ${cure}`;
  return `${message}; check the kubeconfig, the network and the rights of this service`;
}
