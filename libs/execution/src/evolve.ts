import { fromArchive } from './archive.ts';
import { MAX_DELAY_EVENTS } from './decide-delay.ts';
import { unreachable } from './decision.ts';
import type { EventOf, ExecutionEvent, RunSnapshot } from './events.ts';
import type { FailureDetails } from './failure.ts';
import type { Accepted, Binding, Execution, Finished, Lock, Pending, Running, TaskState } from './state.ts';
import { ABSENT } from './state.ts';

/** An event with the time it was decided at (`metadata.time`). */
export type Fact = ExecutionEvent & { readonly time: string };

/** Folds events into the state; give the state so far to go on from it. */
export function fold(facts: Iterable<Fact>, from: Execution = ABSENT): Execution {
  let state = from;
  for (const fact of facts) state = evolve(state, fact);
  return state;
}

/** The next state. Never refuses: history already happened. An event that makes no sense here changes nothing. */
export function evolve(state: Execution, fact: Fact): Execution {
  // Whoever folded the stream before may have missed what was archived meanwhile: this event alone is enough.
  if (fact.type === 'ExecutionArchived') return fromArchive(fact.data, fact.time);
  switch (state.phase) {
    case 'Absent':
      return fact.type === 'ExecutionCreated' ? created(fact) : state;
    case 'Pending':
      return evolvePending(state, fact);
    case 'Running':
      return evolveRunning(state, fact);
    case 'Finished':
      return evolveFinished(state, fact);
    default:
      return unreachable(state);
  }
}

function created(fact: EventOf<'ExecutionCreated'> & { readonly time: string }): Pending {
  const { executionId, entry, resource, spec, settings, sensitive, runName } = fact.data;
  const binding: Binding = { state: 'Unbound' };
  const accepted = { id: executionId, entry, resource, spec, settings, runName, createdAt: fact.time, binding };
  return { phase: 'Pending', ...accepted, ...(sensitive.redacted.length > 0 && { redacted: sensitive.redacted }) };
}

function evolvePending(state: Pending, fact: Fact): Execution {
  switch (fact.type) {
    case 'ExecutionDelayed':
      return { ...state, delay: { ...fact.data, since: fact.time }, delayEvents: (state.delayEvents ?? 0) + 1 };
    case 'ExecutionQueued':
      return {
        ...(isLastDelay(state) ? state : withoutDelay(state)),
        waiting: { holder: fact.data.holder, since: state.waiting?.since ?? fact.time },
      };
    case 'PipelineRunCreated': {
      const { run, adopted } = fact.data;
      return {
        ...acceptedOf(state),
        phase: 'Running',
        run,
        adopted,
        runningSince: fact.time,
        tasks: {},
        progressEvents: 0,
      };
    }
    case 'ResourceBound':
      return withAccepted(state.delay?.what === 'resource' ? withoutDelay(state) : state, fact);
    case 'ExecutionSkipped':
      return { ...finished(state, 'Skipped', fact.time), skip: fact.data.skip };
    case 'ExecutionFailed':
      return { ...finished(state, 'Failed', fact.time), failure: fact.data.failure };
    case 'ExecutionCancelled':
      return { ...finished(state, 'Cancelled', fact.time), failure: fact.data.failure };
    default:
      return withAccepted(state, fact);
  }
}

function evolveRunning(state: Running, fact: Fact): Execution {
  switch (fact.type) {
    case 'PipelineRunProgressed': {
      const progress = { ...state.progress, ...fact.data, observedAt: fact.time };
      return { ...state, progress, progressEvents: state.progressEvents + 1 };
    }
    case 'TaskStarted':
      return withTask(state, fact.data.taskRun, {
        pipelineTask: fact.data.pipelineTask,
        attempt: fact.data.attempt,
        state: 'Started',
      });
    case 'TaskFinished':
      return withTask(state, fact.data.taskRun, {
        pipelineTask: fact.data.pipelineTask,
        attempt: fact.data.attempt,
        state: fact.data.state,
      });
    case 'RunOverdue': {
      const { deadline, limitMs } = fact.data;
      return { ...state, overdue: { deadline, limitMs, at: fact.time } };
    }
    case 'ExecutionCompleted':
      return ended(state, 'Success', fact.time, fact.data);
    case 'ExecutionFailed':
      return ended(state, 'Failed', fact.time, fact.data);
    case 'ExecutionCancelled':
      return ended(state, 'Cancelled', fact.time, fact.data);
    default:
      return withAccepted(state, fact);
  }
}

function evolveFinished(state: Finished, fact: Fact): Execution {
  switch (fact.type) {
    case 'ReleaseRequested':
      if (state.lock.state !== 'Held') return state;
      return {
        ...state,
        lock: { state: 'Releasing', since: state.lock.since, requestedAt: fact.time, cause: fact.data.cause },
      };
    case 'LockReleased': {
      if (state.lock.state === 'None' || state.lock.state === 'Released') return state;
      return { ...state, lock: { state: 'Released', since: state.lock.since, at: fact.time } };
    }
    case 'ContradictionObserved': {
      const { condition, strayRun } = fact.data;
      return {
        ...state,
        contradiction: { ...state.contradiction, ...(condition && { condition }), ...(strayRun && { strayRun }) },
      };
    }
    case 'StrayRunRemoved': {
      const { strayRun, ...known } = state.contradiction ?? {};
      if (strayRun?.uid !== fact.data.run.uid) return state;
      return { ...state, contradiction: { ...known, removedRun: fact.data.run } };
    }
    default:
      return withAccepted(state, fact);
  }
}

/** The next one would not be recorded: patience goes on counting from this one, so that it ends. */
const isLastDelay = ({ delayEvents }: Pending): boolean => (delayEvents ?? 0) >= MAX_DELAY_EVENTS;

function withoutDelay(state: Pending): Pending {
  const { waiting, delayEvents } = state;
  return {
    ...acceptedOf(state),
    phase: 'Pending',
    ...(waiting && { waiting }),
    ...(delayEvents !== undefined && { delayEvents }),
  };
}

/** What any phase after Absent takes from an event: the resource and the wish to cancel. */
function withAccepted<State extends Pending | Running | Finished>(state: State, fact: Fact): State {
  switch (fact.type) {
    case 'ResourceBound':
      return {
        ...state,
        binding: { state: 'Bound', resource: fact.data.resource },
        ...generation(fact.data.generation),
      };
    case 'ResourceDeletionRequested':
      return { ...state, binding: { state: 'Deleting', resource: fact.data.resource, requestedAt: fact.time } };
    case 'ResourceLetGo':
      if (state.binding.state !== 'Deleting') return state;
      return { ...state, binding: { ...state.binding, letGoAt: fact.time } };
    case 'PruningRequested':
      return { ...state, binding: { state: 'Pruning', resource: fact.data.resource, requestedAt: fact.time } };
    case 'ResourceRemoved':
      return { ...state, binding: { state: 'Removed', uid: fact.data.uid, removedAt: fact.time } };
    case 'CancellationRequested':
      return {
        ...state,
        cancellation: { mode: fact.data.mode, reason: fact.data.reason, requestedAt: fact.time },
        ...generation(fact.data.generation),
      };
    case 'StatusDriftCorrected':
      return { ...state, driftCorrections: (state.driftCorrections ?? 0) + 1 };
    case 'ExecutionCreated':
    case 'ExecutionQueued':
    case 'ExecutionSkipped':
    case 'ExecutionDelayed':
    case 'RunOverdue':
    case 'StrayRunRemoved':
    case 'PipelineRunCreated':
    case 'PipelineRunProgressed':
    case 'TaskStarted':
    case 'TaskFinished':
    case 'ExecutionCompleted':
    case 'ExecutionFailed':
    case 'ExecutionCancelled':
    case 'ReleaseRequested':
    case 'LockReleased':
    case 'ContradictionObserved':
    case 'ExecutionArchived':
      return state;
    default:
      return unreachable(fact);
  }
}

function withTask(state: Running, taskRun: string, task: TaskState): Running {
  return { ...state, tasks: { ...state.tasks, [taskRun]: task }, progressEvents: state.progressEvents + 1 };
}

const generation = (seen: number | undefined): { observedGeneration?: number } =>
  seen === undefined ? {} : { observedGeneration: seen };

function acceptedOf(state: Pending | Running): Accepted {
  const { id, entry, resource, spec, settings, runName, createdAt, binding } = state;
  const { redacted, cancellation, observedGeneration, driftCorrections } = state;
  const optional = {
    ...(redacted && { redacted }),
    ...(cancellation && { cancellation }),
    ...generation(observedGeneration),
    ...(driftCorrections !== undefined && { driftCorrections }),
  };
  return { id, entry, resource, spec, settings, runName, createdAt, binding, ...optional };
}

const NO_LOCK: Lock = { state: 'None' };

function finished(state: Pending | Running, outcome: Finished['outcome'], finishedAt: string): Finished {
  return { ...acceptedOf(state), phase: 'Finished', outcome, finishedAt, lock: NO_LOCK };
}

/** The end of an execution that had a run: the lock stays held until `lockUntil`. */
function ended(
  state: Running,
  outcome: Finished['outcome'],
  time: string,
  end: { readonly run?: RunSnapshot; readonly lockUntil?: string; readonly failure?: FailureDetails },
): Finished {
  const { run, failure } = end;
  return {
    ...finished(state, outcome, time),
    lock: { state: 'Held', since: state.runningSince, until: end.lockUntil ?? time },
    ...(failure && { failure }),
    ended: {
      ref: state.run,
      adopted: state.adopted,
      condition: run?.condition ?? { status: 'False', reason: 'Unknown', message: '' },
      totalTasks: run?.totalTasks ?? 0,
      completedTasks: run?.completedTasks ?? 0,
      results: run?.results ?? [],
      ...(run?.startTime !== undefined && { startTime: run.startTime }),
      ...(run?.completionTime !== undefined && { completionTime: run.completionTime }),
    },
  };
}
