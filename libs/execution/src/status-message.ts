import { clip } from './clip.ts';
import { unreachable } from './decision.ts';
import type { Execution, Finished, Running } from './state.ts';

const MESSAGE_LIMIT = 512;

/** One sentence for people on where the execution stands. */
export function messageOf(execution: Exclude<Execution, { phase: 'Absent' }>): string {
  return clip(sentenceOf(execution), MESSAGE_LIMIT);
}

function sentenceOf(execution: Exclude<Execution, { phase: 'Absent' }>): string {
  const target = execution.spec.targetResource;
  switch (execution.phase) {
    case 'Pending':
      if (execution.cancellation) return `Cancelling before a run is created: ${execution.cancellation.reason}`;
      if (execution.delay)
        return `Accepted; the ${execution.delay.what} cannot be created yet: ${execution.delay.message}`;
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

function runningSentence({ run, progress, cancellation }: Running): string {
  const what = `PipelineRun ${run.namespace}/${run.name}`;
  if (cancellation) return `Cancelling ${what} (${cancellation.mode}): ${cancellation.reason}`;
  if (progress === undefined) return `${what} was created; Tekton has not picked it up yet`;
  return `${what}: ${progress.condition.message || progress.condition.reason}`;
}

function finishedSentence(execution: Finished): string {
  switch (execution.outcome) {
    case 'Success':
      return `Workflow ${execution.spec.workflowRef.workflowId} succeeded on ${execution.spec.targetResource}`;
    case 'Failed':
    case 'Cancelled':
      return `${execution.failure?.reason ?? 'Unknown'}: ${execution.failure?.message ?? ''}`;
    case 'Skipped':
      return `${execution.skip?.reason ?? 'ResourceBusy'}: ${execution.skip?.message ?? ''}`;
    default:
      return unreachable(execution.outcome);
  }
}

const holderName = (holder: {
  readonly namespace?: string;
  readonly name?: string;
  readonly runUid: string;
}): string => (holder.name === undefined ? `run ${holder.runUid}` : `${holder.namespace ?? '?'}/${holder.name}`);
