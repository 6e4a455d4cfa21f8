import { clip, TEXT_LIMITS } from './clip.ts';
import { unreachable } from './decision.ts';
import { formatDuration } from './duration.ts';
import type { FailureDetails, FailureReason, RunFailure } from './failure.ts';
import type { Accepted } from './state.ts';

/** Completes a cause into failure details: when, how long it had run, and what it means in plain sentences. */
export function explain(
  state: Pick<Accepted, 'spec'>,
  cause: RunFailure,
  at: string,
  startTime?: string,
): FailureDetails {
  const failedAt = cause.failedAt ?? at;
  const ranMs = startTime === undefined ? undefined : Date.parse(failedAt) - Date.parse(startTime);
  const details = {
    ...cause,
    message: clip(cause.message, TEXT_LIMITS.message),
    failedAt,
    ...(ranMs !== undefined && Number.isFinite(ranMs) && { executionTimeBeforeFailure: formatDuration(ranMs) }),
  };
  return { ...details, naturalLanguageSummary: clip(summaryOf(state, details), TEXT_LIMITS.summary) };
}

type Explained = Omit<FailureDetails, 'naturalLanguageSummary'>;

function summaryOf(state: Pick<Accepted, 'spec'>, failure: Explained): string {
  const { workflowId, version } = state.spec.workflowRef;
  const after = failure.executionTimeBeforeFailure ? ` after ${failure.executionTimeBeforeFailure}` : '';
  const verb = failure.reason === 'Cancelled' ? 'was cancelled' : 'failed';
  const head = `Workflow ${workflowId} (version ${version}) on ${state.spec.targetResource} ${verb}${after}${placeOf(failure)}.`;
  const cause = failure.message === '' ? '' : ` Cause (${failure.reason}): ${sentence(failure.message)}`;
  const effect = failure.wasExecutionFailure
    ? ' Steps of the workflow may have run, so the target may have changed: look at it before running anything again.'
    : ' No step of the workflow ran, so the target was not changed by it.';
  return `${head}${cause}${effect} Next: ${nextStep(failure.reason)}`;
}

/** Where it failed, as the end of a sentence: ` in task a, step b (exit code 1)`; empty when no task did. */
export function placeOf(failure: Explained): string {
  if (failure.failedTaskName === undefined) return '';
  const step = failure.failedStepName === undefined ? '' : `, step ${failure.failedStepName}`;
  const code = failure.exitCode === undefined ? '' : ` (exit code ${failure.exitCode})`;
  return ` in task ${failure.failedTaskName}${step}${code}`;
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

function nextStep(reason: FailureReason): string {
  switch (reason) {
    case 'OOMKilled':
      return "raise the memory limit of the step, or reduce the step's work.";
    case 'DeadlineExceeded':
      return 'find out what the last running step waited for, or raise spec.executionConfig.timeout.';
    case 'Forbidden':
      return "grant the missing right to the run's service account or to this service.";
    case 'ResourceExhausted':
      return 'free quota or capacity in the execution namespace.';
    case 'ConfigurationError':
      return 'correct what the message names and create a new execution.';
    case 'ImagePullBackOff':
      return 'check that the image exists and that the registry and its credentials work.';
    case 'TaskFailed':
      return "read the failed step's logs and the state of the target.";
    case 'Cancelled':
      return 'create a new execution if the work is still wanted.';
    case 'PipelineRunDeleted':
      return 'find out who deleted the run, and check how far its steps had come.';
    case 'ExecutionRaceCondition':
      return 'wait until the lock on the target is free, or use onConflict Skip or Wait.';
    case 'Unknown':
      return 'read the message and the logs of the run.';
    default:
      return unreachable(reason);
  }
}
