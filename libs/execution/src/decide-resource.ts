import { unreachable } from './decision.ts';
import type { ExecutionEvent } from './events.ts';
import type { Observation } from './observation.ts';
import type { Execution } from './state.ts';
import { explain } from './summary.ts';

type Living = Exclude<Execution, { phase: 'Absent' }>;
type ResourceObservation = Extract<Observation, { kind: 'ResourceObserved' | 'ResourceMissing' | 'ResourceRefused' }>;

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
  const known = state.binding.state === 'Deleting' || state.binding.state === 'Removed';
  const ours = state.binding.state !== 'Bound' || state.binding.resource.uid === resource.uid;
  if (!deletionRequested || known || !ours) return [];
  return [{ type: 'ResourceDeletionRequested', data: { resource } }, ...letGo(state)];
}

function removed(uid: string, state: Living): ExecutionEvent[] {
  switch (state.binding.state) {
    case 'Bound':
      if (state.binding.resource.uid !== uid) return [];
      return [{ type: 'ResourceRemoved', data: { uid, how: 'Vanished' } }, ...letGo(state)];
    case 'Deleting':
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
function letGo(state: Living): ExecutionEvent[] {
  if (state.phase !== 'Finished') {
    if (state.cancellation?.mode === 'Immediate') return [];
    return [{ type: 'CancellationRequested', data: { mode: 'Immediate', reason: 'the resource was deleted' } }];
  }
  if (state.lock.state !== 'Held') return [];
  return [{ type: 'ReleaseRequested', data: { cause: 'ResourceDeleted', reason: 'the resource was deleted' } }];
}
