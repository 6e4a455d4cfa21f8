import type { Execution, Json, JsonObject } from '#execution';
import { statusOf } from '#execution';
import type { Folded } from './folded.ts';

type Living = Exclude<Execution, { phase: 'Absent' }>;

/**
 * What of an execution can differ between two points, as plain JSON in which what has a name is found by it: conditions
 * by type, tasks by task run. What never changes (spec, settings) and what always does (the last event) is left out, and
 * so are values of results. Empty before the beginning.
 */
export function viewOf({ execution, last }: Folded): JsonObject {
  if (execution.phase === 'Absent' || last === undefined) return {};
  const { binding, cancellation } = execution;
  return plain({
    status: statusView(execution, last),
    lock: lockView(execution),
    binding,
    cancellation,
    ...restOf(execution),
  });
}

/** A status as people compare it: without the place in the log it shows, its conditions by type. */
export function keyedStatus(status: object): JsonObject {
  const { conditions, ...rest } = status as Record<string, unknown>;
  return plain({ ...rest, execution: undefined, ...(Array.isArray(conditions) && { conditions: byType(conditions) }) });
}

function byType(conditions: readonly unknown[]): JsonObject {
  const entries = conditions.map((condition, index) => {
    const { type, ...rest } = condition as Record<string, unknown>;
    return [typeof type === 'string' ? type : String(index), rest] as const;
  });
  return plain(Object.fromEntries(entries));
}

const statusView = (execution: Living, last: NonNullable<Folded['last']>): JsonObject =>
  keyedStatus(statusOf(execution, last) ?? {});

/** The lock in every phase, with what the status leaves out of it. */
function lockView(execution: Living): object {
  switch (execution.phase) {
    case 'Pending':
      return execution.waiting === undefined ? { state: 'None' } : { state: 'Waiting', ...execution.waiting };
    case 'Running':
      return { state: 'Held', since: execution.runningSince };
    case 'Finished':
      return execution.lock;
  }
}

function restOf(execution: Living): object {
  switch (execution.phase) {
    case 'Pending':
      return { delay: execution.delay };
    case 'Running': {
      const { run, progress, tasks, overdue } = execution;
      return { run, progress, tasks, overdue };
    }
    case 'Finished': {
      const { finishedAt, contradiction, ended } = execution;
      const results = ended?.results.map((result) => result.name);
      return { run: ended?.ref, finishedAt, contradiction, results };
    }
  }
}

/** The value as JSON has it: fields that are undefined are no fields. */
export function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as { [key: string]: Json };
}
