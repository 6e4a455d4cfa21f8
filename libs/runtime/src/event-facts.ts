import type { Execution, Fact } from '#execution';
import { evolve, statusOf } from '#execution';
import type { EventFacts } from './telemetry.ts';

const NO_EVENT = { revision: 0, type: '', hash: '' };

/** What metrics count about an event: the phase it led to, and how long the phase before had lasted. */
export function factsForMetrics(fact: Fact, before: Execution): EventFacts {
  const from = statusOf(before, NO_EVENT);
  const to = statusOf(evolve(before, fact), NO_EVENT);
  if (to === undefined || to.phase === from?.phase) return {};
  const reason = to.failureDetails?.reason ?? to.skipDetails?.reason;
  const since = enteredAt(before);
  const seconds = since === undefined ? undefined : (Date.parse(fact.time) - Date.parse(since)) / 1000;
  return {
    phase: to.phase,
    ...(to.outcome !== undefined && { outcome: to.outcome }),
    ...(reason !== undefined && { reason }),
    ...(from !== undefined && { leftPhase: from.phase }),
    ...(seconds !== undefined && seconds >= 0 && { phaseSeconds: seconds }),
  };
}

/** When the phase began that may be left now. */
function enteredAt(execution: Execution): string | undefined {
  switch (execution.phase) {
    case 'Pending':
      return execution.createdAt;
    case 'Running':
      return execution.runningSince;
    case 'Absent':
    case 'Finished':
      return undefined;
  }
}
