import { factOf } from '#event-store';
import type { Execution } from '#execution';
import { ABSENT, evolve, isClosed, same, streamOf } from '#execution';
import type { ArchiveDisk } from '../archives.ts';
import type { LogView, Step } from '../log-view.ts';
import type { Violation } from './violation.ts';

/** What is closed and still in the log whole; empty when all is archived that is to be. */
export function unarchived(log: LogView): Violation[] {
  return log.ids.flatMap((id) => {
    const state = log.stateOf(id);
    if (!isClosed(state)) return [];
    const claimed = state.archived?.events ?? Number.POSITIVE_INFINITY;
    const left = log.of(id).filter(({ event }) => event.revision < claimed && !log.log.isArchived(event));
    if (left.length === 0) return [];
    const message = `execution ${id}: ${left.length} events are to be archived`;
    return [{ invariant: 'converged' as const, message }];
  });
}

/** Nothing was let go of that is not in the file the execution names, and the rest folds to the same. */
export function archiveViolations(log: LogView, disk: ArchiveDisk): Violation[] {
  return log.ids.flatMap((id) =>
    complaints(log, disk, id).map((what) => ({ invariant: 'archives' as const, message: `execution ${id}: ${what}` })),
  );
}

function complaints(log: LogView, disk: ArchiveDisk, id: string): readonly string[] {
  const history = log.of(id);
  const gone = history.filter(({ event }) => log.log.isArchived(event));
  const claim = claimOf(log.stateOf(id));
  const inFile = (claim && disk.files.get(claim.archive.file)) ?? new Set<string>();
  const lost = gone.filter(({ event }) => event.revision >= (claim?.events ?? 0) || !inFile.has(event.hash));
  const rest = history.filter((step) => !gone.includes(step));
  const claims = history.filter(({ event }) => event.type === 'ExecutionArchived').length;
  return [
    ...(lost.length > 0 ? [`${lost.length} events are in no file of it`] : []),
    ...(claims > 1 ? [`it was archived ${claims} times`] : []),
    ...(claim !== undefined && inFile.size === 0 ? [`there is no file ${claim.archive.file}`] : []),
    ...(gone.length > 0 && !same(folded(rest), log.stateOf(id)) ? ['what is left of it folds to another state'] : []),
    ...(log.log.stream(streamOf(id)).length === history.length ? [] : ['its stream has other events']),
  ];
}

const claimOf = (state: Execution) => (state.phase === 'Finished' ? state.archived : undefined);

const folded = (steps: readonly Step[]): Execution =>
  steps.reduce<Execution>((state, { event }) => evolve(state, factOf(event)), ABSENT);
