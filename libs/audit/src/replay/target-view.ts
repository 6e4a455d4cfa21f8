import type { Execution, ResourceRef } from '#execution';
import type { ExecutionNamed } from './naming.ts';
import { naming } from './naming.ts';

/** The lock on a target. `since` is when its run was created, `until` the end of its cooldown. */
export type TargetLock =
  | { readonly state: 'Free' }
  | {
      readonly state: 'Held' | 'CoolingDown' | 'Releasing';
      readonly holder: ExecutionNamed;
      readonly since: string;
      readonly until?: string;
    };

/** One in line for the lock, and since when it knows that it has to wait (or since when it was accepted). */
export interface InLine {
  readonly executionId: string;
  readonly resource: ResourceRef;
  readonly since: string;
}

/** The lock as this execution has it; Free when it has none. Pure. */
export function lockHeldBy(execution: Execution): TargetLock {
  if (execution.phase === 'Running') return { state: 'Held', holder: naming(execution), since: execution.runningSince };
  if (execution.phase !== 'Finished') return { state: 'Free' };
  const { lock } = execution;
  switch (lock.state) {
    case 'Held':
      return { state: 'CoolingDown', holder: naming(execution), since: lock.since, until: lock.until };
    case 'Releasing':
      return { state: 'Releasing', holder: naming(execution), since: lock.since };
    case 'None':
    case 'Released':
      return { state: 'Free' };
  }
}

/** Its place in line, when it is to take the lock and would wait for it; one that is being cancelled takes none. Pure. */
export function inLine(execution: Execution): InLine | undefined {
  if (execution.phase !== 'Pending' || execution.settings.onConflict !== 'Wait') return undefined;
  if (execution.cancellation !== undefined) return undefined;
  const { id, resource, waiting, createdAt } = execution;
  return { executionId: id, resource, since: waiting?.since ?? createdAt };
}
