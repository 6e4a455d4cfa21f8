import { unreachable } from './decision.ts';
import type { ExecutionEvent } from './events.ts';
import type { Observation } from './observation.ts';
import type { Execution } from './state.ts';
import { explain } from './summary.ts';
import { formatDuration } from './duration.ts';
import { isOver } from './is-over.ts';

type Living = Exclude<Execution, { phase: 'Absent' }>;
type ResourceObservation = Extract<
  Observation,
  { kind: 'ResourceObserved' | 'ResourceMissing' | 'ResourceRefused' | 'DeletionWaited' | 'ResourceExpired' }
>;

/** What a look at the resource adds to the log: that it is ours, that it is to go, that it is gone. */
export function decideResource(observation: ResourceObservation, at: string, state: Living): ExecutionEvent[] {
  switch (observation.kind) {
    case 'ResourceObserved':
      return [...bound(observation, state), ...deletionAsked(observation, state)];
    case 'ResourceMissing':
      return removed(observation.uid, state);
    case 'ResourceRefused': {
      if (state.phase !== 'Pending' || state.binding.state !== 'Unbound') return [];
      const cause = { reason: 'ConfigurationError', message: observation.message, wasExecutionFailure: false } as const;
      return [{ type: 'ExecutionFailed', data: { failure: explain(state, cause, at) } }];
    }
    case 'DeletionWaited':
      return letGo(observation.patienceMs, at, state);
    case 'ResourceExpired':
      return pruned(observation.ttlMs, at, state);
    default:
      return unreachable(observation);
  }
}

type ResourceObserved = Extract<Observation, { kind: 'ResourceObserved' }>;

function bound({ resource, generation }: ResourceObserved, state: Living): ExecutionEvent[] {
  if (state.binding.state !== 'Unbound') return [];
  return [{ type: 'ResourceBound', data: { resource, ...(generation !== undefined && { generation }) } }];
}

function deletionAsked({ resource, deletionRequested }: ResourceObserved, state: Living): ExecutionEvent[] {
  const known = ['Deleting', 'Pruning', 'Removed'].includes(state.binding.state);
  const ours = state.binding.state !== 'Bound' || state.binding.resource.uid === resource.uid;
  if (!deletionRequested || known || !ours) return [];
  return [{ type: 'ResourceDeletionRequested', data: { resource } }, ...withoutResource(state)];
}

function removed(uid: string, state: Living): ExecutionEvent[] {
  switch (state.binding.state) {
    case 'Bound':
      if (state.binding.resource.uid !== uid) return [];
      return [{ type: 'ResourceRemoved', data: { uid, how: 'Vanished' } }, ...withoutResource(state)];
    case 'Deleting':
    case 'Pruning':
      if (state.binding.resource.uid !== uid) return [];
      return [{ type: 'ResourceRemoved', data: { uid, how: 'Finalized' } }];
    case 'Unbound':
    case 'Removed':
      return [];
    default:
      return unreachable(state.binding);
  }
}

/** With the resource goes the wish: what runs is cancelled, what is kept is released. */
function withoutResource(state: Living): ExecutionEvent[] {
  if (state.phase !== 'Finished') {
    if (state.cancellation?.mode === 'Immediate') return [];
    return [{ type: 'CancellationRequested', data: { mode: 'Immediate', reason: 'the resource was deleted' } }];
  }
  if (state.lock.state !== 'Held') return [];
  return [{ type: 'ReleaseRequested', data: { cause: 'ResourceDeleted', reason: 'the resource was deleted' } }];
}

/** Nobody waits for ever for a resource to go: after a while it is not kept any longer, and that is recorded. */
function letGo(patienceMs: number, at: string, state: Living): ExecutionEvent[] {
  const { binding } = state;
  if (binding.state !== 'Deleting' || binding.letGoAt !== undefined || isOver(state)) return [];
  if (Date.parse(at) - Date.parse(binding.requestedAt) < patienceMs) return [];
  const what = state.phase === 'Finished' ? 'its run is not gone' : 'its run has not ended';
  const reason = `deleted ${formatDuration(Date.parse(at) - Date.parse(binding.requestedAt))} ago, and ${what}; the execution goes on without it`;
  return [{ type: 'ResourceLetGo', data: { resource: binding.resource, reason } }];
}

/** The resource only: the history stays. */
function pruned(ttlMs: number, at: string, state: Living): ExecutionEvent[] {
  if (state.phase !== 'Finished' || state.binding.state !== 'Bound' || !isOver(state)) return [];
  if (Date.parse(at) - Date.parse(state.finishedAt) < ttlMs) return [];
  return [{ type: 'PruningRequested', data: { resource: state.binding.resource, ttlMs } }];
}
