import type { DeadlineKind, DeadlineLimits } from './observation.ts';
import type { Execution, Running } from './state.ts';

export interface Deadline {
  readonly kind: DeadlineKind;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** The time that was given. */
  readonly limitMs: number;
}

/**
 * The deadline of ours that passes next; undefined when none is running. Tekton's own can fail to fire: they do not run
 * before it has picked a run up, not while its controller is away, and not while a run is frozen (facts 0.10).
 */
export function nextDeadline(execution: Execution, limits: DeadlineLimits): Deadline | undefined {
  if (execution.phase !== 'Running') return undefined;
  if (execution.cancellation?.mode === 'Immediate')
    return deadline('Cancellation', execution.cancellation.requestedAt, limits.cancellationMs);
  if (execution.progress === undefined) return deadline('PickUp', execution.runningSince, limits.pickUpMs);
  return deadline('End', startOf(execution), execution.settings.timeoutMs + limits.endGraceMs);
}

/** Its limit counts from Tekton's start of the run, once there is one. */
const startOf = ({ progress, runningSince }: Running): string => progress?.startTime ?? runningSince;

const deadline = (kind: DeadlineKind, since: string, limitMs: number): Deadline => ({
  kind,
  atMs: Date.parse(since) + limitMs,
  limitMs,
});
