/** The closed list of causes (product.md section 6). */
export type FailureReason =
  | 'OOMKilled'
  | 'DeadlineExceeded'
  | 'Forbidden'
  | 'ResourceExhausted'
  | 'ConfigurationError'
  | 'ImagePullBackOff'
  | 'TaskFailed'
  | 'Cancelled'
  | 'PipelineRunDeleted'
  | 'ExecutionRaceCondition'
  | 'Unknown';

/** The cause of a failed run, decided from structured fields by libs/tekton. */
export interface RunFailure {
  readonly reason: FailureReason;
  readonly message: string;
  readonly failedTaskName?: string;
  readonly failedTaskRunName?: string;
  /** Place of the task in `childReferences`, 0-based. */
  readonly failedTaskIndex?: number;
  readonly failedStepName?: string;
  readonly exitCode?: number;
  readonly failedAt?: string;
  /** True exactly when a step of the workflow may have run: nothing may retry blindly. */
  readonly wasExecutionFailure: boolean;
  /** Spoken in the summary; no event and no status has it as a field. */
  readonly words?: SummaryWords;
}

/** What whoever found the cause knows better than the reason alone can say. */
export interface SummaryWords {
  /** Whole sentences on what happened, beyond place and message. */
  readonly what?: string;
  /** What to do next: begins in lower case, ends with a full stop. */
  readonly next?: string;
}

/** Why an execution failed, for people and machines: `status.failureDetails`. */
export interface FailureDetails extends Omit<RunFailure, 'words'> {
  readonly failedAt: string;
  /** Go duration from the run's start to its end, for example `1m3s`; absent when nothing was started. */
  readonly executionTimeBeforeFailure?: string;
  readonly naturalLanguageSummary: string;
}
