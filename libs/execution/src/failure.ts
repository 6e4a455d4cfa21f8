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

/** Why an execution failed, for people and machines: `status.failureDetails`. */
export interface FailureDetails {
  readonly reason: FailureReason;
  readonly message: string;
  readonly failedTaskName?: string;
  readonly failedTaskRunName?: string;
  readonly failedTaskIndex?: number;
  readonly failedStepName?: string;
  readonly exitCode?: number;
  readonly failedAt: string;
  /** Go duration from the run's start to its end, for example `1m3s`; absent when nothing was started. */
  readonly executionTimeBeforeFailure?: string;
  /** True exactly when a step of the workflow may have run: nothing may retry blindly. */
  readonly wasExecutionFailure: boolean;
  readonly naturalLanguageSummary: string;
}
