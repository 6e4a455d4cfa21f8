import type { LockHolder } from '#execution';
import { LABELS } from '#execution';
import type { KubeObject } from '#kubernetes';
import type { Executions } from './executions.ts';
import { executionIdLabel } from './resource-spec.ts';

/** Says who holds a lock: from the log when the run carries the id of an execution, otherwise from the run itself. */
export class HolderLookup {
  constructor(private readonly executions: Executions) {}

  async holderOf(run: KubeObject): Promise<LockHolder> {
    const runUid = run.metadata.uid ?? '';
    const id = executionIdLabel(run);
    const known = id === undefined ? undefined : (await this.executions.load(id)).execution;
    if (id === undefined || known === undefined || known.phase === 'Absent')
      return { ...labelled(run), runUid, state: 'Unknown' };
    const holder = {
      namespace: known.resource.namespace,
      name: known.resource.name,
      executionId: id,
      workflowId: known.spec.workflowRef.workflowId,
      runUid,
    };
    if (known.phase !== 'Finished') return { ...holder, state: 'Running' };
    return { ...holder, state: 'Cooldown', ...(known.lock.state === 'Held' && { until: known.lock.until }) };
  }
}

/** What the labels claim; good enough to name somebody, never to believe them. */
function labelled(run: KubeObject): Pick<LockHolder, 'namespace' | 'name' | 'workflowId'> {
  const read = (label: string): string | undefined => run.metadata.annotations?.[label] ?? run.metadata.labels?.[label];
  const [namespace, name, workflowId] = [
    read(LABELS.sourceNamespace),
    read(LABELS.workflowExecution),
    read(LABELS.workflowId),
  ];
  return { ...(namespace && { namespace }), ...(name && { name }), ...(workflowId && { workflowId }) };
}
