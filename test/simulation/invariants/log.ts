import type { RecordedEvent } from '#event-store';
import { verifyChain } from '#event-store';
import type { Execution, RunRef } from '#execution';
import { TERMINAL_EVENTS } from '#execution';
import { faultsOfSeals } from '../../../libs/runtime/test/support/sealed-log.ts';
import type { Ledger } from '../ledger.ts';
import type { LogView, Step } from '../log-view.ts';
import type { Violation } from './violation.ts';

/** What must hold of the log alone, and of the log beside what became of the runs. */
export function logViolations(log: LogView, ledger: Ledger): Violation[] {
  return [
    ...chains(log.log.events),
    ...log.ids.flatMap((id) => terminalEvents(id, log.of(id))),
    ...holders(log),
    ...log.ids.flatMap((id) => truth(id, log.stateOf(id), ledger)),
    ...acknowledged(log, ledger),
    ...faultsOfSeals(log.log.events, log.log.storeId).map((message) => ({ invariant: 'seals' as const, message })),
  ];
}

function chains(events: readonly RecordedEvent[]): Violation[] {
  const streams = Map.groupBy(events, (event) => event.stream);
  return [...streams.values()].flatMap((stream) => {
    const broken = verifyChain(stream);
    if (broken === undefined) return [];
    const { stream: name, revision, fault, expected, found } = broken;
    return [
      { invariant: 'chain' as const, message: `${name}@${revision}: ${fault}, expected ${expected}, found ${found}` },
    ];
  });
}

function terminalEvents(id: string, history: readonly Step[]): Violation[] {
  const ends = history
    .map(({ event }) => event.type)
    .filter((type) => (TERMINAL_EVENTS as readonly string[]).includes(type));
  if (ends.length === 1) return [];
  const found = ends.length === 0 ? `none after ${history.at(-1)?.event.type}` : ends.join(', ');
  return [{ invariant: 'one terminal event', message: `execution ${id}: expected exactly one, found ${found}` }];
}

interface Hold {
  readonly id: string;
  readonly run: RunRef;
}

/** Nobody gets a lock before the one who had it has given it back, in the order of the log. */
function holders(log: LogView): Violation[] {
  const held = new Map<string, Hold>();
  const violations: Violation[] = [];
  for (const { event } of log.steps) {
    const id = event.stream.slice(event.stream.indexOf('-') + 1);
    const run = (event.data as { run?: RunRef }).run;
    if (run === undefined) continue;
    const lock = `${run.namespace}/${run.name}`;
    if (event.type === 'LockReleased' && held.get(lock)?.run.uid === run.uid) held.delete(lock);
    if (event.type !== 'PipelineRunCreated') continue;
    const other = held.get(lock);
    if (other !== undefined && other.id !== id) {
      const message = `lock ${lock}: ${id} gets it (run ${run.uid}) while ${other.id} has it (run ${other.run.uid})`;
      violations.push({ invariant: 'one holder', message });
    }
    held.set(lock, { id, run });
  }
  return violations;
}

/** Success and failure are what Tekton said of the run with that uid; what it only had from another is no end of it. */
function truth(id: string, state: Execution, ledger: Ledger): Violation[] {
  if (state.phase !== 'Finished' || state.ended === undefined) return [];
  const end = ledger.runs.get(state.ended.ref.uid)?.end;
  const recorded = state.outcome === 'Success' ? 'Succeeded' : 'Failed';
  // What the service did not see the end of is recorded as that, whatever became of it afterwards.
  const isUnseen = ['PipelineRunDeleted', 'DeadlineExceeded'].includes(state.failure?.reason ?? '');
  if (end === 'Borrowed' && state.failure?.reason === 'ExecutionRaceCondition') return [];
  if (end === recorded || (recorded === 'Failed' && (end === undefined || isUnseen))) return [];
  const message = `execution ${id}: recorded ${state.outcome}, but run ${state.ended.ref.uid} ended as ${end ?? 'nothing'}`;
  return [{ invariant: 'truth', message }];
}

function acknowledged(log: LogView, ledger: Ledger): Violation[] {
  return ledger.acknowledged.flatMap(({ executionId, revision, recorded }) => {
    const history = log.of(executionId);
    const types = history.slice(0, revision + 1).map(({ event }) => event.type);
    const isThere = history.length > revision && recorded.every((type) => types.includes(type));
    if (isThere) return [];
    const message = `execution ${executionId}: revision ${revision} with ${recorded.join(', ')} was acknowledged, the log has ${types.join(', ')}`;
    return [{ invariant: 'nothing lost' as const, message }];
  });
}
