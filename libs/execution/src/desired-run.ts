import { unreachable } from './decision.ts';
import type { CancelMode, RunRef } from './spec.ts';
import type { Execution, Finished, Pending } from './state.ts';

/** What the log demands of the cluster about the run of one execution. Demanding twice is the same as once. */
export type DesiredRun =
  /** Nothing, now or ever again. */
  | { readonly kind: 'Nothing' }
  /** The run is to exist: create it, or find that it is there. */
  | { readonly kind: 'Exists'; readonly execution: Pending }
  /** Cancelled before a run was recorded: find out whether one exists all the same. */
  | { readonly kind: 'Confirmed'; readonly execution: Pending }
  | { readonly kind: 'Followed'; readonly run: RunRef }
  | { readonly kind: 'Cancelled'; readonly run: RunRef; readonly mode: CancelMode }
  /** Kept as it is until then, and so the lock. */
  | { readonly kind: 'Kept'; readonly run: RunRef; readonly until: string }
  | { readonly kind: 'Removed'; readonly run: RunRef };

/** The wish, computed from the state alone. */
export function desiredRun(execution: Execution): DesiredRun {
  switch (execution.phase) {
    case 'Absent':
      return { kind: 'Nothing' };
    case 'Pending':
      return { kind: execution.cancellation === undefined ? 'Exists' : 'Confirmed', execution };
    case 'Running': {
      const { run, cancellation } = execution;
      return cancellation === undefined
        ? { kind: 'Followed', run }
        : { kind: 'Cancelled', run, mode: cancellation.mode };
    }
    case 'Finished':
      return afterwards(execution);
    default:
      return unreachable(execution);
  }
}

function afterwards({ lock, ended, contradiction }: Finished): DesiredRun {
  // A stray run has our run's name, so ours is gone: nothing is kept, and the stray may not run on.
  if (contradiction?.strayRun !== undefined) return { kind: 'Removed', run: contradiction.strayRun };
  const run = ended?.ref;
  if (run === undefined) return { kind: 'Nothing' };
  switch (lock.state) {
    case 'None':
    case 'Released':
      return { kind: 'Nothing' };
    case 'Held':
      // Given up before anybody saw it end: it may be at work, or begin to be.
      if (ended?.condition.status === 'Unknown' && contradiction?.condition === undefined)
        return { kind: 'Cancelled', run, mode: 'Immediate' };
      return { kind: 'Kept', run, until: lock.until };
    case 'Releasing':
      return { kind: 'Removed', run };
    default:
      return unreachable(lock);
  }
}
