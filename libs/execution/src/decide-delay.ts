import { clip, TEXT_LIMITS } from './clip.ts';
import { formatDuration } from './duration.ts';
import type { ExecutionEvent } from './events.ts';
import type { Observation } from './observation.ts';
import type { Execution } from './state.ts';
import { explain } from './summary.ts';

/** Delays recorded for one execution at most; the patience of the last one goes on whatever comes between. */
export const MAX_DELAY_EVENTS = 10;

type CreationDelayed = Extract<Observation, { kind: 'CreationDelayed' }>;

/** Trouble that may pass is recorded once, and ends the execution when it has not passed in time. */
export function creationDelayed(observation: CreationDelayed, at: string, state: Execution): ExecutionEvent[] {
  if (state.phase !== 'Pending') return [];
  const { what, patienceMs } = observation;
  const { delay } = state;
  const isOther = delay?.what !== what && (state.delayEvents ?? 0) < MAX_DELAY_EVENTS;
  const code = clip(observation.code, TEXT_LIMITS.name);
  const message = clip(observation.message, TEXT_LIMITS.message);
  if (delay === undefined || isOther) return [{ type: 'ExecutionDelayed', data: { what, code, message } }];
  const waitedMs = Date.parse(at) - Date.parse(delay.since);
  if (waitedMs < patienceMs) return [];
  const doing = what === 'resource' && state.binding.state !== 'Unbound' ? 'put our finalizer on' : 'create';
  const why = `gave up after ${formatDuration(waitedMs)} of trying to ${doing} the ${what}: ${message}`;
  const cause = { reason: 'Unknown', message: why, wasExecutionFailure: false } as const;
  return [{ type: 'ExecutionFailed', data: { failure: explain(state, cause, at) } }];
}
