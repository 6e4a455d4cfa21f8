import type { Execution } from './state.ts';

/** True when nothing of an execution is left in the cluster but its resource: no run, and so no lock. */
export function isOver(execution: Execution): boolean {
  if (execution.phase !== 'Finished' || execution.contradiction?.strayRun !== undefined) return false;
  return execution.lock.state === 'None' || execution.lock.state === 'Released';
}
