import { EVENTS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { RunParameters } from '../ledger.ts';
import type { LogView } from '../log-view.ts';
import { secretOf } from '../workload.ts';
import type { World } from '../world.ts';
import type { Violation } from './violation.ts';

/** Executions of a world, at most. */
const MAX_INDEX = 8;
const SECRETS = Array.from({ length: MAX_INDEX }, (_, index) => secretOf(index));
const NAME = 'DB_PASSWORD';

/** Everything that is told: events, what processes say, statuses, Kubernetes Events. */
export function leaks({ log, trace, cluster }: World): Violation[] {
  const told: readonly (readonly [where: string, text: string])[] = [
    ...log.events.map((event) => [`${event.type} of ${event.stream}`, JSON.stringify(event)] as const),
    ...cluster
      .objects(WORKFLOW_EXECUTIONS)
      .map(({ metadata, status }) => [metadata.name, JSON.stringify([metadata, status])] as const),
    ...cluster.objects(EVENTS).map((event) => [event.metadata.name, JSON.stringify(event)] as const),
    ['what was said', trace.text()],
  ];
  return told
    .filter(([, text]) =>
      SECRETS.some((secret) => text.includes(secret) || text.includes(JSON.stringify(secret).slice(1, -1))),
    )
    .map(([where]) => ({ invariant: 'secrets', message: `${where}: expected no sensitive value in it` }));
}

/** Each run of an execution whose values are hashed was created with what was given, and with nothing else. */
export function wrongValues(runs: readonly RunParameters[], log: LogView): Violation[] {
  return runs.flatMap(({ executionId, params }) => {
    const state = log.stateOf(executionId);
    if (state.phase === 'Absent' || state.redacted === undefined) return [];
    const { name } = state.spec.remediationRequestRef;
    const wanted = secretOf(Number(name.slice(name.indexOf('-') + 1)));
    const found = params.find((param) => param.name === NAME)?.value;
    if (found === wanted) return [];
    return [
      {
        invariant: 'secrets' as const,
        message: `a run of ${executionId}: expected the value that was given, found another one`,
      },
    ];
  });
}
