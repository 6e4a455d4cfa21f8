export type { Json, JsonObject } from './json.ts';
export type { Actor, EventMetadata, NewEvent, Source } from './envelope.ts';
export type {
  BoundResource,
  CancelMode,
  ConflictPolicy,
  ExecutionConfig,
  ExecutionSettings,
  ExecutionSpec,
  ObjectReference,
  ResourceRef,
  RunRef,
  WorkflowRef,
  WorkspaceBinding,
} from './spec.ts';
export { WORKSPACE_SOURCES } from './spec.ts';
export type { SensitiveFindings, SensitiveParameters, SensitivePolicy } from './sensitive.ts';
export { refusedInClear, UNCHECKED } from './sensitive.ts';
export type { IsSensitive } from './sensitive-names.ts';
export { SENSITIVE_NAMES, sensitiveNames } from './sensitive-names.ts';
export { SPEC_BYTES } from './spec-size.ts';
export type { FailureDetails, FailureReason, RunFailure } from './failure.ts';
export type {
  DeadlineKind,
  DeadlineLimits,
  DelayedPart,
  LockHolder,
  Observation,
  ResultValue,
  RunCondition,
  RunObservation,
  RunOutcome,
  RunRefusal,
  StepObservation,
  TaskObservation,
} from './observation.ts';
export type {
  Absent,
  Accepted,
  Archived,
  ArchiveRef,
  Binding,
  Cancellation,
  Delay,
  EndedRun,
  Execution,
  Finished,
  Lock,
  Outcome,
  Pending,
  Running,
  RunProgress,
  ReleaseCause,
  SkipDetails,
  TaskState,
} from './state.ts';
export { ABSENT } from './state.ts';
export { API_VERSION, executionIdOf, FINALIZER, LABELS, runNameOf, STREAM_CATEGORY, streamOf } from './names.ts';
export { sha256Hex } from './sha256.ts';
export { clip, TEXT_LIMITS } from './clip.ts';
export type { Deadline } from './deadline.ts';
export { nextDeadline } from './deadline.ts';
export { formatDuration, parseDuration } from './duration.ts';
export type {
  CancellationRequested,
  ContradictionObserved,
  EventOf,
  EventType,
  ExecutionArchived,
  ExecutionCreated,
  ExecutionEvent,
  ExecutionDelayed,
  RunOverdue,
  RunSnapshot,
  TaskFinished,
  TaskStarted,
} from './events.ts';
export { SCHEMA_VERSIONS, TERMINAL_EVENTS } from './events.ts';
export type {
  ArchiveExecution,
  CancelExecution,
  Command,
  CreateExecution,
  ReleaseExecution,
  SyncExecution,
} from './commands.ts';
export type { Decision, RefusalCode } from './decision.ts';
export { decide } from './decide.ts';
export { isClosed } from './archive.ts';
export type { Fact } from './evolve.ts';
export { evolve, fold } from './evolve.ts';
export type { SpecProblem } from './validate.ts';
export { parameterProblems, problemsOf, sizeProblems } from './validate.ts';
export { same, sameSpec } from './same-spec.ts';
export type { StatusCondition } from './conditions.ts';
export type { ExecutionStatus, LastEvent } from './status.ts';
export { statusOf } from './status.ts';
export type { DesiredRun } from './desired-run.ts';
export { desiredRun } from './desired-run.ts';
export type { DesiredResource } from './desired-resource.ts';
export { desiredResource } from './desired-resource.ts';
export type { Notice, Told } from './notices.ts';
export { MAX_REPEATABLE_NOTICES, NOTE_BYTES, noticesOf, UNTOLD } from './notices.ts';
