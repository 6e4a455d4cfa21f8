import type { RecordedEvent } from '#event-store';
import { LOG_SEALED, SEAL_STREAM } from '#event-store';
import type { Execution, ExecutionStatus } from '#execution';
import { same, statusOf } from '#execution';
import type { ConfigMapObject } from '#kubernetes';
import { CONFIG_MAPS, EVENTS, PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { HEAD_KEY } from '../../../src/seals/head-config-map.ts';
import { executionIdLabel } from '../../../libs/runtime/src/resource-spec.ts';
import type { Call } from '../faulty-cluster.ts';
import type { LogView, Step } from '../log-view.ts';
import { isResourceOf } from './converged.ts';
import { dropsFinalizer, statusIn, uidIn, wantedRunStatus } from '../names.ts';
import type { Violation } from './violation.ts';

/** A pass acts on what it loaded: that demanded it at most this long ago, slow calls and a pause included. */
const STALE_MS = 180_000;

/** Why a write of the service is not demanded by the log as it is at this moment; undefined when it is. */
export function undemanded(call: Call, log: LogView, nowMs: number): Violation | undefined {
  if (call.type === PIPELINE_RUNS) return actOnRun(call, log, nowMs);
  if (call.type === EVENTS) return actOnNotice(call, log);
  if (call.type === CONFIG_MAPS) return actOnHead(call, log);
  return call.type === WORKFLOW_EXECUTIONS ? actOnResource(call, log, nowMs) : undefined;
}

/** A head is shown only when its seal is in the log. */
function actOnHead(call: Call, log: LogView): Violation | undefined {
  const { sealHash } = JSON.parse((call.object as ConfigMapObject).data?.[HEAD_KEY] ?? '{}') as { sealHash?: string };
  const isThere = log.log.stream(SEAL_STREAM).some(({ hash, type }) => hash === sealHash && type === LOG_SEALED);
  return isThere
    ? undefined
    : { invariant: 'seals', message: `a head is shown that is no seal of the log: ${sealHash}` };
}

function actOnRun(call: Call, log: LogView, nowMs: number): Violation | undefined {
  switch (call.verb) {
    case 'create':
      return createRun(call, log, nowMs);
    case 'patch': {
      const uid = uidIn(call.patch!);
      const wanted = wantedRunStatus(call.patch!);
      if (wanted === undefined) return demand(`start of run ${uid}`, log, (event) => runCreated(event) === uid);
      return demand(
        `patch of run ${uid} to ${wanted}`,
        log,
        (event, history) =>
          event.type === 'CancellationRequested' && history.some((each) => runCreated(each.event) === uid),
      );
    }
    case 'delete':
      return deleteRun(call, log);
    default:
      return undefined;
  }
}

function createRun(call: Call, log: LogView, nowMs: number): Violation | undefined {
  const id = executionIdLabel(call.object!) ?? '';
  const isWanted = (state: Execution): boolean =>
    state.phase === 'Pending' && state.cancellation === undefined && state.runName === call.name?.name;
  return recently(log.of(id), isWanted, nowMs)
    ? undefined
    : denied(`create of the run of ${id}`, 'a Pending execution that wants it');
}

/** Only the run of that uid, and only after its release, or when it is known as a stray. */
function deleteRun(call: Call, log: LogView): Violation | undefined {
  const uid = call.options?.uid;
  if (uid === undefined) return denied(`delete of run ${call.name?.name}`, 'the uid of the run');
  return demand(`delete of run ${uid}`, log, (event, history) => {
    if (event.type === 'ContradictionObserved')
      return (event.data['strayRun'] as { uid?: string } | undefined)?.uid === uid;
    return event.type === 'ReleaseRequested' && history.some((each) => runCreated(each.event) === uid);
  });
}

function actOnResource(call: Call, log: LogView, nowMs: number): Violation | undefined {
  switch (call.verb) {
    case 'create': {
      const id = executionIdLabel(call.object!) ?? '';
      const isWanted = (state: Execution): boolean =>
        state.phase !== 'Absent' && state.entry === 'rest' && state.binding.state === 'Unbound';
      return recently(log.of(id), isWanted, nowMs)
        ? undefined
        : denied(`create of the resource of ${id}`, 'an execution by REST without one');
    }
    case 'delete':
      return demand(
        `delete of resource ${call.name?.name}`,
        log,
        (event) =>
          event.type === 'PruningRequested' && (event.data['resource'] as { uid?: string }).uid === call.options?.uid,
      );
    case 'patch':
      return dropsFinalizer(call.patch!) ? dropFinalizer(uidIn(call.patch!), log) : undefined;
    case 'patchStatus':
    case 'replaceStatus':
      return writeStatus(call, log);
    default:
      return undefined;
  }
}

/** A notice tells of an event that is in the log of the execution whose resource it regards. */
function actOnNotice({ object }: Call, log: LogView): Violation | undefined {
  const { name = '' } = object?.metadata ?? {};
  const { uid } = (object as { regarding?: { uid?: string } } | undefined)?.regarding ?? {};
  const revision = Number(name.slice(name.lastIndexOf('.') + 1));
  const isTold = log.ids.some((id) => log.of(id).length > revision && isResourceOf(uid, log.stateOf(id)));
  return isTold
    ? undefined
    : denied(`notice ${name} about ${uid}`, `revision ${revision} of an execution with that resource`);
}

/** Ours goes only once nothing of ours is left, or when the log says that the bound has passed. */
function dropFinalizer(uid: string | undefined, log: LogView): Violation | undefined {
  for (const id of log.ids) {
    const step = log.of(id).at(-1);
    const { state } = step ?? {};
    if (state === undefined || state.phase === 'Absent') continue;
    if (state.binding.state !== 'Deleting' && state.binding.state !== 'Pruning') continue;
    if (state.binding.resource.uid !== uid) continue;
    if (log.of(id).some(({ event }) => event.type === 'ResourceLetGo')) return undefined;
    if (state.phase === 'Finished' && (state.lock.state === 'None' || state.lock.state === 'Released'))
      return undefined;
  }
  // The resource of an execution that is known as gone holds nothing back.
  const isKnownAsGone = log.ids.some((id) => {
    const state = log.stateOf(id);
    return state.phase !== 'Absent' && state.binding.state === 'Removed' && state.binding.uid === uid;
  });
  return isKnownAsGone
    ? undefined
    : denied(`removal of the finalizer of ${uid}`, 'an execution that is over, its lock free');
}

function writeStatus(call: Call, log: LogView): Violation | undefined {
  const status = (call.patch === undefined ? call.object?.status : statusIn(call.patch)) as ExecutionStatus | undefined;
  const { id, lastEvent } = status?.execution ?? {};
  const step = log.of(id ?? '')[lastEvent?.revision ?? -1];
  const expected =
    step &&
    lastEvent &&
    statusOf(step.state, { revision: step.event.revision, type: step.event.type, hash: step.event.hash });
  if (expected !== undefined && same(expected, status)) return undefined;
  const message = `status of ${id} at revision ${lastEvent?.revision}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(status)}`;
  return { invariant: 'status', message };
}

const runCreated = (event: RecordedEvent): unknown =>
  event.type === 'PipelineRunCreated' ? (event.data['run'] as { uid?: string }).uid : undefined;

/** True when the state was so at some moment of the time a pass may be behind. */
function recently(history: readonly Step[], holds: (state: Execution) => boolean, nowMs: number): boolean {
  return history.some(({ state }, at) => {
    const endedMs = history[at + 1]?.atMs ?? nowMs;
    return endedMs >= nowMs - STALE_MS && holds(state);
  });
}

function demand(
  act: string,
  log: LogView,
  demands: (event: RecordedEvent, history: readonly Step[]) => boolean,
): Violation | undefined {
  const isDemanded = log.ids.some((id) => {
    const history = log.of(id);
    return history.some(({ event }) => demands(event, history));
  });
  return isDemanded ? undefined : denied(act, 'an earlier event that demands it');
}

const denied = (act: string, expected: string): Violation => ({
  invariant: 'no act without event',
  message: `${act}: expected ${expected} in the log, found none`,
});
