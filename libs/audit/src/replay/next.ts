import type { Execution, Finished, Pending, Running } from '#execution';
import { formatDuration } from '#execution';
import { clock, sentence } from './words.ts';

/** What comes next for an execution in this state, and when, as far as the log alone can tell; empty when nothing does. */
export function nextOf(state: Exclude<Execution, { phase: 'Absent' }>): readonly string[] {
  const next = [...stepsAhead(state), ...bindingNext(state)];
  return next.map((text) => sentence(`Next: ${text}`));
}

function stepsAhead(state: Exclude<Execution, { phase: 'Absent' }>): readonly string[] {
  switch (state.phase) {
    case 'Pending':
      return [pendingNext(state)];
    case 'Running':
      return [runningNext(state)];
    case 'Finished':
      return finishedNext(state);
  }
}

function pendingNext({ cancellation, delay, waiting }: Pending): string {
  if (cancellation !== undefined) return 'it ends as cancelled, once it is certain that no run of it exists';
  if (delay !== undefined) return `the ${delay.what} is tried again, until it can be created or patience has run out`;
  if (waiting === undefined) return 'its run is created, which takes the lock on the target';
  const { until } = waiting.holder;
  const when = until === undefined ? 'once the lock is free' : `once the lock is free, not before ${clock(until)}`;
  return `its run is created ${when}; those who wait are served in the order in which the log accepted them`;
}

function runningNext({ cancellation, overdue, progress, runningSince, settings }: Running): string {
  if (overdue !== undefined) return 'the run ends by its cancellation, or is given up when that has no effect in time';
  if (cancellation?.mode === 'Immediate') return 'the run ends without its finally tasks; the lock is kept until then';
  if (cancellation?.mode === 'Graceful') return 'the run ends after its finally tasks; the lock is kept until then';
  if (progress === undefined) return 'Tekton picks the run up; when it does not in time, the run is cancelled';
  const limitMs = Date.parse(progress.startTime ?? runningSince) + settings.timeoutMs;
  const latest = Number.isFinite(limitMs) ? clock(new Date(limitMs).toISOString()) : 'then';
  return `the run ends, at the latest at ${latest} (its limit is ${formatDuration(settings.timeoutMs)}); the lock is kept until then, and through the cooldown of ${formatDuration(settings.cooldownMs)}`;
}

function finishedNext({ lock, contradiction }: Finished): readonly string[] {
  const stray = contradiction?.strayRun === undefined ? [] : ['the run that must not exist beside it is removed'];
  switch (lock.state) {
    case 'Held':
      return [...stray, `at ${clock(lock.until)} the cooldown is over, the run is removed, and the lock with it`];
    case 'Releasing':
      return [...stray, 'the lock is free once the run is gone'];
    case 'None':
    case 'Released':
      return stray;
  }
}

function bindingNext({ binding }: Exclude<Execution, { phase: 'Absent' }>): readonly string[] {
  switch (binding.state) {
    case 'Deleting':
      return binding.letGoAt === undefined ? ['its resource goes once nothing of the execution is left'] : [];
    case 'Pruning':
      return ['its resource goes; the history stays'];
    case 'Unbound':
    case 'Bound':
    case 'Removed':
      return [];
  }
}
