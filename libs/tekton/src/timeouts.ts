import { formatDuration } from '#execution';

/** What is kept of a run's limit for its finally tasks: a tenth, in whole seconds, at most ten minutes. */
const FINALLY_SHARE = 10;
const FINALLY_MOST_MS = 600_000;
const SECOND_MS = 1000;

export interface Timeouts {
  readonly pipeline: string;
  readonly tasks: string;
}

/**
 * Splits the limit of a run (milliseconds; 0 is no limit) into Tekton's timeouts.
 *
 * `pipeline` alone leaves each task at the default hour, so `tasks` is given too. If it equalled `pipeline`, a run
 * that runs out of time would be closed without its finally tasks; what `tasks` leaves over is theirs (Tekton takes
 * the difference as `finally`, and refuses tasks + finally > pipeline). Below ten seconds there is nothing to split:
 * Tekton counts whole seconds.
 */
export function timeoutsFor(limitMs: number): Timeouts {
  const share = Math.min(limitMs / FINALLY_SHARE, FINALLY_MOST_MS);
  const finallyMs = Math.floor(share / SECOND_MS) * SECOND_MS;
  return { pipeline: formatDuration(limitMs), tasks: formatDuration(limitMs - finallyMs) };
}
