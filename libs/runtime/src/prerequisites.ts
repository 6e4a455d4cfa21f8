import type { ResourceType } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { RuntimeOptions } from './runtime-options.ts';

/** An API server that has just started answers 429 for a moment, once for each type. */
const ATTEMPTS = 10;
const RETRY_MS = 500;

/** @throws Error with a sentence that says what to do, when the store or a type of the cluster cannot be used */
export async function checkPrerequisites(options: RuntimeOptions): Promise<void> {
  await options.store.probe();
  for (const needed of neededBy(options)) await checkServed(needed, options);
}

async function checkServed([type, namespace, cure]: Needed, { cluster, clock }: RuntimeOptions): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await cluster.list(type, { limit: 1, ...(namespace !== undefined && { namespace }) });
      return;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (error.code !== 'too-many-requests' || attempt >= ATTEMPTS)
        throw new Error(`cannot list ${type.plural}: ${causeAndCure(type, cure, error)}`, { cause: error });
    }
    await clock.sleep(RETRY_MS);
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
