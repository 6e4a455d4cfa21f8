import type { Execution, Fact } from '#execution';
import { evolve, statusOf } from '#execution';

const NO_EVENT = { revision: 0, type: '', hash: '' };

/** What metrics count about an event: the phase it led to, and how long the phase before had lasted. */
export function factsForMetrics(
  fact: Fact,
  before: Execution,
): { phase?: string; outcome?: string; reason?: string; phaseSeconds?: number } {
  const from = statusOf(before, NO_EVENT);
  const to = statusOf(evolve(before, fact), NO_EVENT);
  if (to === undefined || to.phase === from?.phase) return {};
  const since =
    before.phase === 'Absent'
      ? undefined
      : before.phase === 'Running'
        ? before.runningSince
        : before.phase === 'Pending'
          ? before.createdAt
          : undefined;
  const seconds = since === undefined ? undefined : (Date.parse(fact.time) - Date.parse(since)) / 1000;
  const reason = to.failureDetails?.reason ?? to.skipDetails?.reason;
  return {
    phase: to.phase,
    ...(to.outcome !== undefined && { outcome: to.outcome }),
    ...(reason !== undefined && { reason }),
    ...(seconds !== undefined && seconds >= 0 && { phaseSeconds: seconds }),
  };
}
