import type { Execution } from '#execution';
import { statusOf } from '#execution';
import type { Loaded } from './executions.ts';
import type { ExecutionRow } from './read-model.ts';

/** The list entry of an execution as loaded; undefined while there is none. Pure. */
export function rowOf({ execution, last }: Loaded): ExecutionRow | undefined {
  if (execution.phase === 'Absent' || last === undefined) return undefined;
  const status = statusOf(execution, last);
  if (status === undefined) return undefined;
  const { spec, settings, resource } = execution;
  const reason = status.failureDetails?.reason ?? status.skipDetails?.reason;
  const lock = lockOf(execution);
  return {
    id: execution.id,
    namespace: resource.namespace,
    name: resource.name,
    phase: status.phase,
    target: spec.targetResource,
    workflowId: spec.workflowRef.workflowId,
    workflowVersion: spec.workflowRef.version,
    remediationRequest: spec.remediationRequestRef.name,
    runNamespace: settings.executionNamespace,
    runName: execution.runName,
    lock: lock.state,
    createdAt: execution.createdAt,
    updatedAt: last.time,
    revision: last.revision,
    isOpen: isOpen(execution),
    isQueued: execution.phase === 'Pending' && execution.settings.onConflict === 'Wait',
    hasResource: execution.binding.state === 'Bound',
    ...(status.outcome !== undefined && { outcome: status.outcome }),
    ...(reason !== undefined && { reason }),
    ...(lock.until !== undefined && { lockUntil: lock.until }),
    ...(status.startTime !== undefined && { startTime: status.startTime }),
    ...(status.completionTime !== undefined && { completionTime: status.completionTime }),
    ...(execution.phase === 'Finished' && { finishedAt: execution.finishedAt }),
    ...(execution.phase === 'Finished' && execution.archived && { archive: execution.archived.archive.file }),
  };
}

type Living = Exclude<Execution, { phase: 'Absent' }>;

function lockOf(execution: Living): { readonly state: ExecutionRow['lock']; readonly until?: string } {
  if (execution.phase === 'Pending') return { state: execution.waiting === undefined ? 'None' : 'Waiting' };
  if (execution.phase === 'Running') return { state: 'Held' };
  const { lock } = execution;
  return lock.state === 'Held' ? { state: 'Held', until: lock.until } : { state: lock.state };
}

/**
 * Something remains to be done: a run to be created or followed, a lock to be given back, a resource to be let go. A
 * finished execution that is only being shown is not open.
 */
function isOpen(execution: Living): boolean {
  if (execution.phase !== 'Finished') return true;
  if (execution.lock.state === 'Held' || execution.lock.state === 'Releasing') return true;
  const { state } = execution.binding;
  return state === 'Deleting' || state === 'Pruning' || execution.contradiction?.strayRun !== undefined;
}
