import type { Execution } from './state.ts';

/** What the log demands of the WorkflowExecution object. */
export type DesiredResource =
  /** An execution that entered by REST: its object is to be created. */
  | { readonly kind: 'Created' }
  /** It is to show the status; with `finalizer`, it may not go before we let it. */
  | { readonly kind: 'Shown'; readonly finalizer: boolean }
  /** Somebody deleted it and nothing of ours is left: drop the finalizer. */
  | { readonly kind: 'LetGo' }
  | { readonly kind: 'Nothing' };

/** The wish, computed from the state alone. */
export function desiredResource(execution: Execution): DesiredResource {
  if (execution.phase === 'Absent') return { kind: 'Nothing' };
  const isOver =
    execution.phase === 'Finished' && (execution.lock.state === 'None' || execution.lock.state === 'Released');
  switch (execution.binding.state) {
    case 'Unbound':
      return execution.entry === 'rest' && !isOver ? { kind: 'Created' } : { kind: 'Nothing' };
    case 'Bound':
      return { kind: 'Shown', finalizer: !isOver };
    case 'Deleting':
      return isOver ? { kind: 'LetGo' } : { kind: 'Shown', finalizer: false };
    case 'Removed':
      return { kind: 'Nothing' };
  }
}
