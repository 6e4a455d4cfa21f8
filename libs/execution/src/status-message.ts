import { shortened } from './clip.ts';
import { unreachable } from './decision.ts';
import type { FailureDetails } from './failure.ts';
import type { Execution, Finished, Pending, Running } from './state.ts';
import { placeOf } from './summary.ts';

const MESSAGE_LIMIT = 512;

/** One sentence for people on where the execution stands. */
export function messageOf(execution: Exclude<Execution, { phase: 'Absent' }>): string {
  return shortened(sentenceOf(execution), MESSAGE_LIMIT);
}

function sentenceOf(execution: Exclude<Execution, { phase: 'Absent' }>): string {
  const target = execution.spec.targetResource;
  switch (execution.phase) {
    case 'Pending':
      if (execution.cancellation) return `Cancelling before a run is created: ${execution.cancellation.reason}`;
      if (execution.delay) return `Accepted; ${delayed(execution)}: ${execution.delay.message}`;
      if (execution.waiting)
        return `Waiting for the lock on ${target}, held by ${holderName(execution.waiting.holder)}`;
      return `Accepted; creating the run for ${target}`;
    case 'Running':
      return runningSentence(execution);
    case 'Finished':
      return finishedSentence(execution);
    default:
      return unreachable(execution);
  }
}

function runningSentence({ run, progress, tasks, cancellation }: Running): string {
  const what = `PipelineRun ${run.namespace}/${run.name}`;
  if (cancellation) return `Cancelling ${what} (${cancellation.mode}): ${cancellation.reason}`;
  if (progress === undefined) return `${what} was created; Tekton has not picked it up yet`;
  const all = Object.values(tasks);
  const done = all.filter((task) => task.state !== 'Started').length;
  return `${what} (${progress.condition.reason}): ${done} of ${progress.totalTasks ?? all.length} tasks done`;
}

function finishedSentence(execution: Finished): string {
  switch (execution.outcome) {
    case 'Success':
      return `Workflow ${execution.spec.workflowRef.workflowId} succeeded on ${execution.spec.targetResource}`;
    case 'Failed':
    case 'Cancelled':
      return failedSentence(execution.failure);
    case 'Skipped':
      return `${execution.skip?.reason ?? 'ResourceBusy'}: ${execution.skip?.message ?? ''}`;
    default:
      return unreachable(execution.outcome);
  }
}

function delayed({ delay, binding }: Pending): string {
  const isThere = delay?.what === 'resource' && binding.state !== 'Unbound';
  return isThere
    ? 'our finalizer cannot be put on the resource yet'
    : `the ${delay?.what ?? 'run'} cannot be created yet`;
}

const failedSentence = (failure: FailureDetails | undefined): string =>
  failure === undefined ? 'Unknown' : `${failure.reason}${placeOf(failure)}: ${failure.message}`;

const holderName = (holder: {
  readonly namespace?: string;
  readonly name?: string;
  readonly runUid: string;
}): string => (holder.name === undefined ? `run ${holder.runUid}` : `${holder.namespace ?? '?'}/${holder.name}`);
