import type { ArchiveExecution } from './commands.ts';
import type { Decision } from './decision.ts';
import { nothing, record, refuse } from './decision.ts';
import type { ExecutionArchived } from './events.ts';
import { isOver } from './is-over.ts';
import type { Execution, Finished } from './state.ts';

/** True when nothing of an execution is left in the cluster, not even its resource: its history may be archived. */
export function isClosed(execution: Execution): execution is Finished {
  if (execution.phase !== 'Finished' || !isOver(execution)) return false;
  return execution.binding.state === 'Removed' || execution.binding.state === 'Unbound';
}

export function archive({ archive: file, events }: ArchiveExecution, state: Execution): Decision {
  if (state.phase === 'Absent') return refuse('ExecutionUnknown', 'there is no such execution');
  if (!isClosed(state))
    return refuse(
      'ExecutionOpen',
      `execution ${state.id} still has a run, a lock or a resource; it cannot be archived`,
    );
  if (state.archived !== undefined) return nothing();
  return record({ type: 'ExecutionArchived', data: { archive: file, events, ...archivedParts(state) } });
}

/** What of a finished execution its archived event keeps. */
function archivedParts(state: Finished): Omit<ExecutionArchived, 'archive' | 'events'> {
  const { id, entry, resource, spec, settings, runName, createdAt, archived, phase, ...rest } = state;
  void archived; // refused before
  void phase;
  return { created: { executionId: id, entry, resource, spec, settings, runName, at: createdAt }, ...rest };
}

/** The execution as its archived event keeps it: the same as folding all events before. */
export function fromArchive(event: ExecutionArchived, at: string): Finished {
  const { archive: file, events, created, ...rest } = event;
  const { executionId: id, entry, resource, spec, settings, runName, at: createdAt } = created;
  const archived = { archive: file, events, at };
  return { phase: 'Finished', id, entry, resource, spec, settings, runName, createdAt, ...rest, archived };
}
