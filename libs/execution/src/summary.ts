import { clip, jsonBytes, MARK_BYTES, TEXT_LIMITS } from './clip.ts';
import { unreachable } from './decision.ts';
import { formatDuration } from './duration.ts';
import type { FailureDetails, FailureReason, RunFailure, SummaryWords } from './failure.ts';
import type { Accepted } from './state.ts';

/** Whose failure it is: what was asked for, and whether somebody asked for its end. */
type Subject = Pick<Accepted, 'spec' | 'cancellation'>;

/** Completes a cause into failure details: when, how long it had run, and what it means in plain sentences. */
export function explain(state: Subject, cause: RunFailure, at: string, startTime?: string): FailureDetails {
  const { words = {}, ...found } = cause;
  const failedAt = cause.failedAt ?? at;
  const ranMs = startTime === undefined ? undefined : Date.parse(failedAt) - Date.parse(startTime);
  const details = {
    ...found,
    message: clip(cause.message, TEXT_LIMITS.message),
    failedAt,
    ...(ranMs !== undefined && Number.isFinite(ranMs) && { executionTimeBeforeFailure: formatDuration(ranMs) }),
  };
  return { ...details, naturalLanguageSummary: summaryOf(state, details, words) };
}

type Explained = Omit<FailureDetails, 'naturalLanguageSummary'>;

/** What the parts of a summary take at most, in bytes of JSON; the message gets what they leave of the whole. */
const PART_LIMITS = { head: 480, what: 320, next: 384 } as const;

/** The sentences in the order a person asks: what failed where, why, did it do anything, what now. */
function summaryOf(state: Subject, failure: Explained, words: SummaryWords): string {
  const head = clip(headOf(state, failure), PART_LIMITS.head);
  const what = clip(
    [words.what ?? '', askedBy(state, failure)].filter((text) => text !== '').join(' '),
    PART_LIMITS.what,
  );
  const next = clip(words.next ?? nextStep(failure.reason), PART_LIMITS.next);
  const after = [what, effectOf(failure), `Next: ${next}`].filter((text) => text !== '').join(' ');
  const lead = `Cause (${failure.reason}): `;
  const room = TEXT_LIMITS.summary - jsonBytes(`${head} ${lead}. ${after}`);
  const cause = failure.message === '' ? `Cause: ${failure.reason}.` : lead + sentence(oneLine(failure.message), room);
  return `${head} ${cause} ${after}`;
}

function headOf(state: Subject, failure: Explained): string {
  const { workflowId, version } = state.spec.workflowRef;
  const ran = failure.executionTimeBeforeFailure;
  // Tekton's times are whole seconds.
  const after = ran === undefined ? '' : ran === '0s' ? ' within a second' : ` after ${ran}`;
  const verb = failure.reason === 'Cancelled' ? 'was cancelled' : 'failed';
  return `Workflow ${workflowId} (version ${version}) on ${state.spec.targetResource} ${verb}${after}${placeOf(failure)}.`;
}

/** Where it failed, as the end of a sentence: ` in task a, step b (exit code 1)`; empty when no task did. */
export function placeOf(failure: Explained): string {
  if (failure.failedTaskName === undefined) return '';
  const step = failure.failedStepName === undefined ? '' : `, step ${failure.failedStepName}`;
  const code = failure.exitCode === undefined ? '' : ` (exit code ${failure.exitCode})`;
  return ` in task ${failure.failedTaskName}${step}${code}`;
}

/** Only an end that was asked for has somebody who asked; the log knows those who asked here. */
function askedBy({ cancellation }: Subject, { reason }: Explained): string {
  if (reason !== 'Cancelled') return '';
  if (cancellation === undefined) return 'This service did not ask for it: somebody did so in Tekton directly.';
  const why = cancellation.reason === '' ? '' : `, ${cancellation.reason}`;
  return sentence(`It was asked for here at ${cancellation.requestedAt} (${cancellation.mode}${why})`);
}

const effectOf = (failure: Explained): string =>
  failure.wasExecutionFailure
    ? 'Steps of the workflow may have run, so the target may have changed: look at it before running anything again.'
    : 'No step of the workflow ran, so the target was not changed by it.';

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim();

/** The text as a sentence that takes at most so many bytes, its full stop not counted. */
function sentence(text: string, room: number = TEXT_LIMITS.summary): string {
  const clipped = clip(text, Math.max(MARK_BYTES, room));
  return /[.!?]$/.test(clipped) ? clipped : `${clipped}.`;
}

/** What to do about a cause of which no more than the reason is known. */
export function nextStep(reason: FailureReason): string {
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
