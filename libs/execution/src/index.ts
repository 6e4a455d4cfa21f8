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
export type { FailureDetails, FailureReason } from './failure.ts';
export type {
  LockHolder,
  Observation,
  ResultValue,
  RunCondition,
  RunFailure,
  RunObservation,
  RunOutcome,
  RunRefusal,
  StepObservation,
  TaskObservation,
} from './observation.ts';
export type {
  Absent,
  Accepted,
  Binding,
  Cancellation,
  EndedRun,
  Execution,
  Finished,
  Lock,
  Outcome,
  Pending,
  Running,
  RunProgress,
  SkipDetails,
  TaskState,
} from './state.ts';
export { ABSENT } from './state.ts';
export { API_VERSION, executionIdOf, FINALIZER, LABELS, runNameOf, STREAM_CATEGORY, streamOf } from './names.ts';
export { sha256Hex } from './sha256.ts';
export { clip, TEXT_LIMITS } from './clip.ts';
export { formatDuration, parseDuration } from './duration.ts';
