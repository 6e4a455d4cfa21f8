import type { ResourceType } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { RuntimeOptions } from './runtime-options.ts';

/** @throws Error with a sentence that says what to do, when the store or a type of the cluster cannot be used */
export async function checkPrerequisites(options: RuntimeOptions): Promise<void> {
  const { store, cluster } = options;
  await store.probe();
  for (const [type, namespace, cure] of neededBy(options)) {
    try {
      await cluster.list(type, { limit: 1, ...(namespace !== undefined && { namespace }) });
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      throw new Error(`cannot list ${type.plural}: ${causeAndCure(type, cure, error)}`, { cause: error });
    }
  }
}

type Needed = readonly [type: ResourceType, namespace: string | undefined, cure: string];

/** Listed where they are watched: the rights of this service may reach no further. */
function neededBy({ defaults, watchedNamespaces }: RuntimeOptions): readonly Needed[] {
  const watched = watchedNamespaces.length === 0 ? [undefined] : watchedNamespaces;
  return [
    ...watched.map((at): Needed => [WORKFLOW_EXECUTIONS, at, 'install the CRD from charts/workflow-execution/crds']),
    [PIPELINE_RUNS, defaults.executionNamespace, 'install Tekton Pipelines'],
    [TASK_RUNS, defaults.executionNamespace, 'install Tekton Pipelines'],
  ];
}

function causeAndCure({ plural, group, version }: ResourceType, cure: string, { code, message }: ClusterError): string {
  if (code === 'not-found') return `the cluster serves no ${plural}.${group}/${version}; ${cure}`;
  return `${message}; check the kubeconfig, the network and the rights of this service`;
}
