import { FINALIZER, same, statusOf } from '#execution';
import type { Execution } from '#execution';
import type { KubeObject, MemoryCluster } from '#kubernetes';
import { PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { ReadModel } from '#runtime';
import { executionIdLabel } from '../../../libs/runtime/src/resource-spec.ts';
import { rowOf } from '../../../libs/runtime/src/row.ts';
import type { LogView } from '../log-view.ts';
import { unsealed } from './sealed.ts';
import type { Violation } from './violation.ts';

const remains = (message: string): Violation => ({ invariant: 'converged', message });

/** What remains to be done, seen from outside; empty when the cluster shows what the log demands. */
export function unconverged(log: LogView, cluster: MemoryCluster, isPruning: boolean): Violation[] {
  return [
    ...log.ids.flatMap((id) => openExecution(id, log.stateOf(id))),
    ...(isPruning ? log.ids.flatMap((id) => notPruned(id, log.stateOf(id))) : []),
    ...cluster.objects(WORKFLOW_EXECUTIONS).flatMap((resource) => resourceLeft(resource, log)),
    ...cluster.objects(PIPELINE_RUNS).flatMap((run) => runLeft(run, log)),
    ...unsealed(log, cluster),
    ...cluster.objects(TASK_RUNS).map((taskRun) => remains(`task run ${taskRun.metadata.name} is left`)),
  ];
}

function openExecution(id: string, state: Execution): Violation[] {
  if (state.phase !== 'Finished') return [remains(`execution ${id} is ${state.phase}`)];
  const { lock, binding } = state;
  if (lock.state === 'Held' || lock.state === 'Releasing')
    return [remains(`execution ${id} has its lock: ${lock.state}`)];
  return binding.state === 'Deleting' || binding.state === 'Pruning'
    ? [remains(`execution ${id}: its resource is still being deleted`)]
    : [];
}

function notPruned(id: string, state: Execution): Violation[] {
  const isKept = state.phase !== 'Absent' && state.binding.state !== 'Removed' && state.binding.state !== 'Unbound';
  return isKept ? [remains(`execution ${id}: its resource is to be deleted after its time`)] : [];
}

function resourceLeft(resource: KubeObject, log: LogView): Violation[] {
  const { name, uid, deletionTimestamp, finalizers = [] } = resource.metadata;
  if (deletionTimestamp !== undefined && finalizers.includes(FINALIZER))
    return [remains(`resource ${name} is deleted and has our finalizer`)];
  const id = log.ids.find((each) => isResourceOf(uid, log.stateOf(each)));
  if (id === undefined) return [remains(`resource ${name} (${uid}) belongs to no execution`)];
  const step = log.of(id).at(-1)!;
  const expected = statusOf(step.state, {
    revision: step.event.revision,
    type: step.event.type,
    hash: step.event.hash,
  });
  if (same(expected, resource.status)) return [];
  const message = `resource ${name}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(resource.status)}`;
  return [{ invariant: 'status', message }];
}

/** True when the execution is, or was, bound to the object of that uid. */
export function isResourceOf(uid: string | undefined, state: Execution): boolean {
  if (state.phase === 'Absent') return false;
  const { binding } = state;
  if (binding.state === 'Unbound') return false;
  return (binding.state === 'Removed' ? binding.uid : binding.resource.uid) === uid;
}

/** All locks are free in the end, so every run of ours is gone. One that lost its label is nobody's. */
function runLeft(run: KubeObject, log: LogView): Violation[] {
  const { name, uid = '' } = run.metadata;
  const id = executionIdLabel(run);
  if (id === undefined && !isKnown(uid, log)) return [];
  return [remains(`run ${name} (${uid}) of ${id ?? 'nobody'} is left`)];
}

const isKnown = (uid: string, log: LogView): boolean =>
  log.ids.some((id) => {
    const state = log.stateOf(id);
    return state.phase === 'Finished' && state.ended?.ref.uid === uid;
  });

/** The read model says what folding the log says, row by row. */
export async function readModelViolations(log: LogView, rows: ReadModel): Promise<Violation[]> {
  const found = await Promise.all(log.ids.map((id) => rows.get(id)));
  return log.ids.flatMap((id, at) => {
    const { state, event } = log.of(id).at(-1)!;
    const expected = rowOf({ id, execution: state, last: { ...event, time: event.metadata.time } });
    if (same(expected, found[at])) return [];
    const message = `execution ${id}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found[at])}`;
    return [{ invariant: 'read model' as const, message }];
  });
}
