import type { Execution } from '#execution';

/** Whether our own patience with a run is over. */
export type Deadline =
  | { readonly kind: 'none' }
  | { readonly kind: 'ahead'; readonly inMs: number }
  | { readonly kind: 'passed'; readonly reason: string };

/**
 * Tekton's timeouts do not run before it has picked a run up, and nothing picks it up while its controller is away: a
 * run without any condition is waited for only so long. Pure.
 */
export function pickUpDeadline(execution: Execution, nowMs: number, limitMs: number): Deadline {
  if (execution.phase !== 'Running' || execution.progress !== undefined || execution.cancellation !== undefined)
    return { kind: 'none' };
  const inMs = Date.parse(execution.runningSince) + limitMs - nowMs;
  if (inMs > 0) return { kind: 'ahead', inMs };
  const seconds = Math.round(limitMs / 1000);
  return { kind: 'passed', reason: `Tekton did not pick the run up within ${seconds} s; it has no condition yet` };
}
