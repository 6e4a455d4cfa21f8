import type { Execution, EventOf, Fact, LockHolder, ResourceRef, RunRef, TaskFinished, TaskStarted } from '#execution';
import { noticesOf } from '#execution';
import { clock, lasted, named, sentence } from './words.ts';

/**
 * What happened, in a sentence for people, given the state it happened in. No value of a parameter or of a result is in
 * it. What `kubectl describe` tells of an event is told here in the same words; what is no news there is told too. Pure.
 */
export function sentenceOf(before: Execution, fact: Fact): string {
  const [notice] = noticesOf([fact], { revision: -1, execution: before, repeatable: 0 }).notices;
  return sentence(notice === undefined ? untold(before, fact) : `${LEADS[fact.type] ?? ''}${notice.note}`);
}

/** A notice has its reason beside it; alone, these say too little. */
const LEADS: Partial<Record<Fact['type'], string>> = {
  ExecutionFailed: 'Failed, ',
  ExecutionSkipped: 'Skipped, ',
  ResourceDeletionRequested: 'Resource: ',
  ResourceLetGo: 'Resource: ',
  PruningRequested: 'Resource: ',
};

/** What notices leave out, because it is shown elsewhere or goes without saying where they are read. */
function untold(before: Execution, fact: Fact): string {
  switch (fact.type) {
    case 'ResourceBound':
    case 'ResourceRemoved':
      return ofResource(before, fact);
    case 'PipelineRunCreated':
    case 'PipelineRunProgressed':
    case 'TaskStarted':
    case 'TaskFinished':
    case 'StrayRunRemoved':
      return ofRun(fact);
    case 'ExecutionQueued':
    case 'ReleaseRequested':
    case 'LockReleased':
      return ofLock(fact);
    case 'ExecutionCreated':
      return 'Accepted again, which changes nothing';
    case 'ExecutionArchived':
      return `Archived: its first ${fact.data.events} events are in the file ${named(fact.data.archive.file)}`;
    default:
      return withoutEffect(fact);
  }
}

/** Notices tell these of every execution that exists. */
type AlwaysTold =
  | 'ExecutionSkipped'
  | 'ExecutionDelayed'
  | 'RunOverdue'
  | 'CancellationRequested'
  | 'ExecutionCompleted'
  | 'ExecutionFailed'
  | 'ExecutionCancelled'
  | 'ResourceDeletionRequested'
  | 'ResourceLetGo'
  | 'PruningRequested'
  | 'StatusDriftCorrected'
  | 'ContradictionObserved';

const withoutEffect = ({ type }: EventOf<AlwaysTold>): string => `${type} was recorded where it changes nothing`;

function ofResource(before: Execution, fact: EventOf<'ResourceBound' | 'ResourceRemoved'>): string {
  switch (fact.type) {
    case 'ResourceBound':
      return `Shown from now on by WorkflowExecution ${resource(fact.data.resource)} (uid ${named(fact.data.resource.uid)})`;
    case 'ResourceRemoved':
      return removed(before, fact.data);
  }
}

function ofRun(
  fact: EventOf<'PipelineRunCreated' | 'PipelineRunProgressed' | 'TaskStarted' | 'TaskFinished' | 'StrayRunRemoved'>,
): string {
  switch (fact.type) {
    case 'PipelineRunCreated':
      return `${run(fact.data.run)} exists`;
    case 'PipelineRunProgressed':
      return progressed(fact.data);
    case 'TaskStarted':
      return `Task ${named(fact.data.pipelineTask)} has started${attempt(fact.data)}`;
    case 'TaskFinished':
      return finished(fact.data);
    case 'StrayRunRemoved':
      return `${run(fact.data.run)} is gone`;
  }
}

function ofLock(fact: EventOf<'ExecutionQueued' | 'ReleaseRequested' | 'LockReleased'>): string {
  switch (fact.type) {
    case 'ExecutionQueued':
      return `Still waiting for the lock, held by ${holder(fact.data.holder)}`;
    case 'ReleaseRequested':
      return `The run is to be removed, and the lock with it: ${fact.data.reason}`;
    case 'LockReleased':
      return `The lock is released: ${run(fact.data.run)} is gone`;
  }
}

/** Tekton's own message counts tasks, which the events of the tasks do better. */
function progressed({ condition, totalTasks }: EventOf<'PipelineRunProgressed'>['data']): string {
  const all = totalTasks === undefined ? '' : ` (${totalTasks === 1 ? 'one task' : `${totalTasks} tasks`})`;
  return `Tekton says of the run: ${named(condition.reason)}${all}`;
}

const VERBS: Readonly<Record<TaskFinished['state'], string>> = {
  Succeeded: 'succeeded',
  Failed: 'failed',
  Cancelled: 'was cancelled',
  FailureIgnored: 'failed, which the pipeline ignores',
};

function finished(task: TaskFinished): string {
  const took = lasted(task.startTime, task.completionTime);
  const after = took === undefined ? '' : ` after ${took}`;
  return `Task ${named(task.pipelineTask)} ${VERBS[task.state]}${after}${attempt(task)}`;
}

const attempt = (task: TaskStarted): string => (task.attempt > 1 ? ` (attempt ${task.attempt})` : '');

function removed(before: Execution, { uid, how }: EventOf<'ResourceRemoved'>['data']): string {
  const name = before.phase === 'Absent' ? '' : ` ${resource(before.resource)}`;
  const why = how === 'Finalized' ? 'its deletion is complete' : 'somebody removed it past its finalizer';
  return `WorkflowExecution${name} (uid ${named(uid)}) is gone: ${why}`;
}

const resource = ({ namespace, name }: ResourceRef): string => named(`${namespace}/${name}`);
const run = (ref: RunRef): string => `PipelineRun ${resource(ref)}`;

function holder({ namespace, name, runUid, until }: LockHolder): string {
  const who = name === undefined ? `run ${named(runUid)}` : named(`${namespace ?? '?'}/${name}`);
  return until === undefined ? who : `${who}, which keeps it until ${clock(until)}`;
}
