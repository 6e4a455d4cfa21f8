import type { CancelMode, ConflictPolicy, ExecutionStatus, FailureReason, Outcome } from '#execution';

type Shown<Field extends keyof ExecutionStatus> = NonNullable<ExecutionStatus[Field]>;
type ConditionStatus = ExecutionStatus['conditions'][number]['status'];

/** Every word of a union as a key: the compiler refuses the record when one is missing or unknown. */
type Words<Union extends string> = Readonly<Record<Union, true>>;

const CONDITION: Words<ConditionStatus> = { True: true, False: true, Unknown: true };
const CANCEL: Words<CancelMode> = { Graceful: true, Immediate: true };
const CONFLICT: Words<ConflictPolicy> = { Fail: true, Skip: true, Wait: true };
const PHASE: Words<ExecutionStatus['phase']> = {
  Pending: true,
  Running: true,
  Completed: true,
  Failed: true,
  Skipped: true,
};
const OUTCOME: Words<Shown<'outcome'> | Outcome> = { Success: true, Failed: true, Cancelled: true, Skipped: true };
const RUN: Words<Shown<'pipelineRunStatus'>['status']> = { True: true, False: true, Unknown: true };
const REASON: Words<FailureReason> = {
  OOMKilled: true,
  DeadlineExceeded: true,
  Forbidden: true,
  ResourceExhausted: true,
  ConfigurationError: true,
  ImagePullBackOff: true,
  TaskFailed: true,
  Cancelled: true,
  PipelineRunDeleted: true,
  ExecutionRaceCondition: true,
  Unknown: true,
};
const SKIP: Words<Shown<'skipDetails'>['reason']> = { ResourceBusy: true, RecentlyRemediated: true };
const LOCK: Words<Shown<'lock'>['state']> = { Waiting: true, Held: true, Released: true };

/** The closed lists of words in the types, by the path where they stand in the resource. */
export const ENUMS: Readonly<Record<string, Readonly<Record<string, true>>>> = {
  'spec.cancel': CANCEL,
  'spec.executionConfig.onConflict': CONFLICT,
  'status.phase': PHASE,
  'status.outcome': OUTCOME,
  'status.pipelineRunStatus.status': RUN,
  'status.failureDetails.reason': REASON,
  'status.skipDetails.reason': SKIP,
  'status.lock.state': LOCK,
  'status.conditions[].status': CONDITION,
};
