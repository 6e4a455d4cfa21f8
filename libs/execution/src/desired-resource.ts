import { isOver } from './is-over.ts';
import type { Execution } from './state.ts';

/** What the log demands of the WorkflowExecution object. */
export type DesiredResource =
  /** An execution that entered by REST: its object is to be created. */
  | { readonly kind: 'Created' }
  /** It is to show the status; with `finalizer`, it may not go before we let it. */
  | { readonly kind: 'Shown'; readonly finalizer: boolean }
  /** Somebody deleted it, and nothing of ours is left or the bound has passed: drop the finalizer. */
  | { readonly kind: 'LetGo' }
  /** It has been finished for long: delete it. */
  | { readonly kind: 'Pruned' }
  | { readonly kind: 'Nothing' };

/** The wish, computed from the state alone. */
export function desiredResource(execution: Execution): DesiredResource {
  if (execution.phase === 'Absent') return { kind: 'Nothing' };
  switch (execution.binding.state) {
    case 'Unbound':
      return execution.entry === 'rest' && isAlive(execution) ? { kind: 'Created' } : { kind: 'Nothing' };
    case 'Bound':
      return { kind: 'Shown', finalizer: !isOver(execution) };
    case 'Deleting':
      return isOver(execution) || execution.binding.letGoAt !== undefined
        ? { kind: 'LetGo' }
        : { kind: 'Shown', finalizer: false };
    case 'Pruning':
      return { kind: 'Pruned' };
    case 'Removed':
      return { kind: 'Nothing' };
  }
}

/** Something is still to be done or kept that its resource should show. */
const isAlive = (execution: Execution): boolean =>
  execution.phase !== 'Finished' || execution.lock.state === 'Held' || execution.lock.state === 'Releasing';
