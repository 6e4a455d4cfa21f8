import { clip } from './clip.ts';
import { unreachable } from './decision.ts';
import { formatDuration } from './duration.ts';
import type {
  CancellationRequested,
  ContradictionObserved,
  EventOf,
  ExecutionDelayed,
  ExecutionCreated,
  ExecutionEnded,
  RunOverdue,
  RunSnapshot,
  TaskFinished,
  TaskStarted,
} from './events.ts';
import type { Fact } from './evolve.ts';
import type { FailureDetails } from './failure.ts';
import type { DeadlineKind, LockHolder } from './observation.ts';
import type { RunRef } from './spec.ts';
import type { Execution, ReleaseCause } from './state.ts';
import { placeOf } from './summary.ts';

/** What a notice says, before it is cut to size. */
export interface NoticeLine {
  readonly reason: string;
  readonly action: string;
  readonly note: string;
  readonly isWarning: boolean;
  /** It may happen any number of times: only the first of its like are told. */
  readonly isRepeatable: boolean;
}

type Living = Exclude<Execution, { phase: 'Absent' }>;

/** Other people's words inside a line, in bytes: what is ours around them must keep its place. */
const QUOTE_BYTES = 512;
const NAME_BYTES = 200;
/** Names of fields listed in a line. */
const MAX_FIELDS = 8;

const name = (text: string): string => clip(text, NAME_BYTES);
const quote = (text: string): string => clip(text, QUOTE_BYTES);

/** What a person should read of an event that happens in this state; undefined when it is no news for a person. */
export function lineOf(before: Execution, fact: Fact): NoticeLine | undefined {
  if (before.phase === 'Absent') return fact.type === 'ExecutionCreated' ? accepted(fact.data) : undefined;
  switch (fact.type) {
    case 'ExecutionQueued':
      return queued(before, fact.data.holder);
    case 'ExecutionSkipped':
      return normal('Skipped', 'AcquireLock', `${fact.data.skip.reason}: ${quote(fact.data.skip.message)}`);
    case 'PipelineRunCreated':
      return runCreated(before, fact);
    case 'TaskStarted':
      return firstTaskStarted(before, fact.data);
    case 'TaskFinished':
      return taskFinished(fact.data);
    case 'CancellationRequested':
      return cancelling(before, fact.data);
    case 'ExecutionCompleted':
      return completed(before, fact.data, fact.time);
    case 'ExecutionFailed':
      return warning('Failed', 'Finish', `${causeOf(fact.data.failure)}${lockTail(fact.data, fact.time)}`);
    case 'ExecutionCancelled':
      return normal('Cancelled', 'Cancel', `${causeOf(fact.data.failure)}${lockTail(fact.data, fact.time)}`);
    case 'ReleaseRequested':
      return releaseRequested(fact.data);
    case 'LockReleased':
      return lockReleased(before, fact.data);
    case 'ResourceDeletionRequested':
      return deleting(before);
    case 'StatusDriftCorrected':
      return statusCorrected(fact.data.fields);
    case 'ContradictionObserved':
      return contradiction(fact.data);
    case 'ExecutionDelayed':
      return delayed(before, fact.data);
    case 'RunOverdue':
      return overdue(before, fact.data);
    case 'ResourceLetGo':
      return warning('LetGo', 'Delete', `Not kept any longer: ${quote(fact.data.reason)}`);
    case 'PruningRequested':
      return normal(
        'Pruned',
        'Delete',
        `Kept for ${formatDuration(fact.data.ttlMs)} after its end; deleted, the history stays`,
      );
    case 'StrayRunRemoved':
      return repeatable(normal('StrayRunRemoved', 'RemoveRun', `${runName(fact.data.run)} beside it is gone`));
    case 'ExecutionCreated':
    case 'ResourceBound': // it is this resource: who reads its notices knows
    case 'PipelineRunProgressed': // shown by the status as it goes
    case 'ExecutionArchived': // it has no resource any more
    case 'ResourceRemoved': // nobody is left to read it
      return undefined;
    default:
      return unreachable(fact);
  }
}

const normal = (reason: string, action: string, note: string): NoticeLine => ({
  reason,
  action,
  note,
  isWarning: false,
  isRepeatable: false,
});
const warning = (reason: string, action: string, note: string): NoticeLine => ({
  ...normal(reason, action, note),
  isWarning: true,
});
const repeatable = (line: NoticeLine): NoticeLine => ({ ...line, isRepeatable: true });

function accepted({ spec }: ExecutionCreated): NoticeLine {
  const { workflowId, version } = spec.workflowRef;
  const what = `workflow ${name(workflowId)} (version ${name(version)})`;
  return normal('Accepted', 'Accept', `Accepted ${what} for ${name(spec.targetResource)}`);
}

/** A holder known already is told again only when the end of its cooldown has become known. */
function queued(before: Living, holder: LockHolder): NoticeLine | undefined {
  const known = before.phase === 'Pending' ? before.waiting?.holder : undefined;
  if (known?.runUid === holder.runUid && holder.until === known.until) return undefined;
  const who = holder.name === undefined ? `run ${name(holder.runUid)}` : `${holder.namespace ?? '?'}/${holder.name}`;
  const until = holder.until === undefined ? '' : `, which keeps it until ${shortTime(holder.until)}`;
  const note = `Waiting for the lock on ${targetOf(before)}, held by ${name(who)}${until}`;
  return repeatable(normal('Waiting', 'AcquireLock', note));
}

function runCreated(
  before: Living,
  { data, time }: EventOf<'PipelineRunCreated'> & { readonly time: string },
): NoticeLine {
  const run = runName(data.run);
  if (data.adopted)
    return normal('RunAdopted', 'CreateRun', `Found ${run}, created by this execution before, and goes on with it`);
  const since = before.phase === 'Pending' ? before.waiting?.since : undefined;
  const waited = since === undefined ? '' : ` after waiting ${between(since, time)} for it`;
  return normal('RunCreated', 'CreateRun', `Created ${run}, which holds the lock on ${targetOf(before)}${waited}`);
}

function firstTaskStarted(before: Living, { pipelineTask }: TaskStarted): NoticeLine | undefined {
  if (before.phase !== 'Running' || Object.keys(before.tasks).length > 0) return undefined;
  const total = before.progress?.totalTasks;
  const all = total === undefined ? '' : total === 1 ? ', the only one' : `, the first of ${total}`;
  return normal('Started', 'Run', `Task ${name(pipelineTask)} has started${all}`);
}

function taskFinished(task: TaskFinished): NoticeLine | undefined {
  if (task.state !== 'Failed' && task.state !== 'FailureIgnored') return undefined;
  const attempt = task.attempt > 1 ? ` at attempt ${task.attempt}` : '';
  const what = `Task ${name(task.pipelineTask)} failed${attempt}: ${taskCause(task)}`;
  return repeatable(
    task.state === 'Failed'
      ? warning('TaskFailed', 'Run', what)
      : normal('TaskFailureIgnored', 'Run', `${what}; the pipeline goes on as if it had not`),
  );
}

/** The step that failed, where one did; otherwise Tekton's reason. Its sentence comes with the end of the execution. */
function taskCause({ steps, reason }: TaskFinished): string {
  const failed = steps.find((step) => step.exitCode !== undefined && step.exitCode !== 0);
  if (failed === undefined) return name(reason);
  return `step ${name(failed.name)} ended with exit code ${failed.exitCode} (${name(failed.reason)})`;
}

function delayed(before: Living, { what, code, message }: ExecutionDelayed): NoticeLine {
  const isThere = what === 'resource' && before.binding.state !== 'Unbound';
  const trouble = isThere ? 'Our finalizer cannot be put on the resource' : `The ${what} cannot be created`;
  const note = `${trouble} yet (${name(code)}): ${quote(message)}; it is tried again`;
  return repeatable(warning('Delayed', what === 'run' ? 'CreateRun' : 'CreateResource', note));
}

const NOT_DONE: Readonly<Record<DeadlineKind, string>> = {
  PickUp: 'Tekton did not pick the run up',
  End: 'The run did not end',
  Cancellation: 'The cancelled run did not end',
};

/** What is done about it is told by the event that comes with it. */
function overdue(before: Living, { deadline, limitMs, seen }: RunOverdue): NoticeLine {
  const last = seen.condition === undefined ? 'it has no condition' : `Tekton last said ${name(seen.condition.reason)}`;
  const target = targetOf(before);
  return warning('Overdue', 'Watch', `${NOT_DONE[deadline]} within ${formatDuration(limitMs)} (${target}): ${last}`);
}

function cancelling(before: Living, { mode, reason }: CancellationRequested): NoticeLine {
  const what = before.cancellation === undefined ? `Cancelling (${mode})` : `Cancelling now ${mode}`;
  return normal('Cancelling', 'Cancel', `${what}: ${quote(reason)}`);
}

function completed(before: Living, end: { run: RunSnapshot; lockUntil: string }, at: string): NoticeLine {
  const { startTime, completionTime, completedTasks, totalTasks } = end.run;
  const took = startTime && completionTime ? ` in ${between(startTime, completionTime)}` : '';
  const skipped = end.run.skippedTasks.length === 0 ? '' : ` (${end.run.skippedTasks.length} skipped)`;
  const workflow = name(before.spec.workflowRef.workflowId);
  const what = `Workflow ${workflow} succeeded on ${targetOf(before)}${took}, ${completedTasks} of ${totalTasks} tasks`;
  return normal('Completed', 'Finish', `${what}${skipped}${lockTail(end, at)}`);
}

function causeOf(failure: FailureDetails): string {
  const ran = failure.executionTimeBeforeFailure;
  const after = ran === undefined || ran === '0s' ? '' : ` after ${name(ran)}`; // Tekton's times are whole seconds
  const place = quote(placeOf(failure));
  const message = failure.message === '' ? '' : `: ${quote(failure.message)}`;
  const effect = failure.wasExecutionFailure ? '; the target may have changed' : '';
  return `${failure.reason}${place}${after}${message}${effect}`;
}

function lockTail({ lockUntil }: ExecutionEnded, at: string): string {
  if (lockUntil === undefined || !(Date.parse(lockUntil) > Date.parse(at))) return '';
  return `; the lock is kept until ${shortTime(lockUntil)}`;
}

/** The scheduler's own release is told when it is done; only what somebody asked for is told when it is asked. */
function releaseRequested({ cause, reason }: EventOf<'ReleaseRequested'>['data']): NoticeLine | undefined {
  if (cause !== 'Operator') return undefined;
  return normal('ReleaseRequested', 'ReleaseLock', `The lock is to be released before its time: ${quote(reason)}`);
}

function lockReleased(before: Living, { cause }: EventOf<'LockReleased'>['data']): NoticeLine {
  return normal('LockReleased', 'ReleaseLock', `Released the lock on ${targetOf(before)}: ${RELEASED_BECAUSE[cause]}`);
}

const RELEASED_BECAUSE: Readonly<Record<ReleaseCause | 'RunDeleted', string>> = {
  CooldownOver: 'the cooldown is over and the run removed',
  Operator: 'an operator asked for it, and the run is removed',
  ResourceDeleted: 'this resource is being deleted, and the run is removed',
  RunDeleted: 'somebody deleted the run',
};

function deleting(before: Living): NoticeLine {
  const note =
    before.phase === 'Running'
      ? 'To be deleted: the run is cancelled and removed first'
      : before.phase === 'Finished' && before.lock.state === 'Held'
        ? 'To be deleted: the run is removed and the lock released first'
        : 'To be deleted';
  return normal('Deleting', 'Delete', note);
}

function statusCorrected(fields: readonly string[]): NoticeLine {
  const listed = fields.slice(0, MAX_FIELDS).map((field) => clip(field, MAX_FIELD_BYTES));
  const more = fields.length > MAX_FIELDS ? ` and ${fields.length - MAX_FIELDS} more` : '';
  const note = `Somebody else changed the status (${listed.join(', ')}${more}); it shows the log again`;
  return repeatable(normal('StatusCorrected', 'CorrectStatus', note));
}

function contradiction({ recordedOutcome, condition, strayRun }: ContradictionObserved): NoticeLine {
  const seen =
    strayRun === undefined
      ? `its run says ${condition?.status ?? '?'} (${name(condition?.reason ?? '?')}): ${quote(condition?.message ?? '')}`
      : `${runName(strayRun)} (uid ${name(strayRun.uid)}) exists beside it`;
  return repeatable(warning('ContradictionObserved', 'Observe', `Recorded as ${recordedOutcome}, but ${seen}`));
}

const MAX_FIELD_BYTES = 128;

const targetOf = (execution: Living): string => name(execution.spec.targetResource);
const runName = (run: RunRef): string => `PipelineRun ${name(`${run.namespace}/${run.name}`)}`;

/** To the second, which is what people read. */
function shortTime(time: string): string {
  const ms = Date.parse(time);
  return Number.isFinite(ms) ? `${new Date(ms).toISOString().slice(0, 19)}Z` : name(time);
}

function between(start: string, end: string): string {
  const ms = Date.parse(end) - Date.parse(start);
  if (!Number.isFinite(ms)) return '?';
  return formatDuration(ms < 1000 ? ms : Math.round(ms / 1000) * 1000);
}
