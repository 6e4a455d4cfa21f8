import type { FailureDetails } from './failure.ts';
import type {
  DeadlineKind,
  DelayedPart,
  LockHolder,
  ResultValue,
  RunCondition,
  StepObservation,
} from './observation.ts';
import type { SensitiveParameters } from './sensitive.ts';
import type { BoundResource, CancelMode, ExecutionSettings, ExecutionSpec, ResourceRef, RunRef } from './spec.ts';
import type {
  ArchiveRef,
  Binding,
  Cancellation,
  Contradiction,
  EndedRun,
  Lock,
  Outcome,
  ReleaseCause,
  SkipDetails,
} from './state.ts';

/** Facts about one execution, in the order they were recorded. Times inside are ISO 8601 UTC. */
export type ExecutionEvent =
  | Event<'ExecutionCreated', ExecutionCreated>
  | Event<'ResourceBound', { readonly resource: BoundResource; readonly generation?: number }>
  | Event<'ExecutionQueued', { readonly holder: LockHolder }>
  | Event<'ExecutionSkipped', { readonly skip: SkipDetails }>
  | Event<'ExecutionDelayed', ExecutionDelayed>
  | Event<'PipelineRunCreated', { readonly run: RunRef; readonly adopted: boolean }>
  | Event<'PipelineRunProgressed', PipelineRunProgressed>
  | Event<'TaskStarted', TaskStarted>
  | Event<'TaskFinished', TaskFinished>
  | Event<'RunOverdue', RunOverdue>
  | Event<'CancellationRequested', CancellationRequested>
  | Event<'ExecutionCompleted', { readonly run: RunSnapshot; readonly lockUntil: string }>
  | Event<'ExecutionFailed', ExecutionEnded & { readonly failure: FailureDetails }>
  | Event<'ExecutionCancelled', ExecutionEnded & { readonly failure: FailureDetails }>
  | Event<'ReleaseRequested', { readonly cause: ReleaseCause; readonly reason: string }>
  | Event<'LockReleased', { readonly run: RunRef; readonly cause: ReleaseCause | 'RunDeleted' }>
  | Event<'ResourceDeletionRequested', { readonly resource: BoundResource }>
  | Event<'ResourceRemoved', { readonly uid: string; readonly how: 'Finalized' | 'Vanished' }>
  | Event<'ResourceLetGo', { readonly resource: BoundResource; readonly reason: string }>
  | Event<'PruningRequested', { readonly resource: BoundResource; readonly ttlMs: number }>
  | Event<'StatusDriftCorrected', { readonly fields: readonly string[] }>
  | Event<'ContradictionObserved', ContradictionObserved>
  | Event<'StrayRunRemoved', { readonly run: RunRef }>
  | Event<'ExecutionArchived', ExecutionArchived>;

export interface Event<Type extends string, Content> {
  readonly type: Type;
  readonly data: Content;
}

export type EventType = ExecutionEvent['type'];
export type EventOf<Type extends EventType> = Extract<ExecutionEvent, { type: Type }>;

export interface ExecutionCreated {
  readonly executionId: string;
  readonly entry: 'rest' | 'resource';
  readonly resource: ResourceRef;
  /** Given when the execution entered by resource. */
  readonly resourceUid?: string;
  readonly spec: ExecutionSpec;
  readonly settings: ExecutionSettings;
  /** Since version 2: a program that knows version 1 only would pass a hash to the pipeline as if it were the value. */
  readonly sensitive: SensitiveParameters;
  readonly runName: string;
}

/** What it needs cannot be created for a reason that may pass; from now on counts how long we are patient. */
export interface ExecutionDelayed {
  readonly what: DelayedPart;
  /** Our word for what the API server answered. */
  readonly code: string;
  readonly message: string;
}

/** A deadline of ours has passed: Tekton did not do what it should have done by then. */
export interface RunOverdue {
  readonly deadline: DeadlineKind;
  /** The time it was given. */
  readonly limitMs: number;
  readonly seen: {
    /** The run's last condition; absent when Tekton never picked it up. */
    readonly condition?: RunCondition;
    readonly tasks: readonly { readonly pipelineTask: string; readonly taskRun: string; readonly state: string }[];
  };
}

export interface CancellationRequested {
  readonly mode: CancelMode;
  readonly reason: string;
  /** Generation of the resource whose `spec.cancel` asked for it. */
  readonly generation?: number;
}

export interface PipelineRunProgressed {
  readonly condition: RunCondition;
  readonly startTime?: string;
  readonly totalTasks?: number;
}

export interface TaskStarted {
  readonly pipelineTask: string;
  readonly taskRun: string;
  readonly taskRunUid: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly startTime?: string;
}

export interface TaskFinished extends TaskStarted {
  readonly state: 'Succeeded' | 'Failed' | 'Cancelled' | 'FailureIgnored';
  readonly reason: string;
  readonly message: string;
  readonly completionTime?: string;
  readonly steps: readonly StepObservation[];
  readonly results: readonly ResultValue[];
}

/** What matters of a run, kept because the run itself will be removed. */
export interface RunSnapshot {
  readonly ref: RunRef;
  readonly condition: RunCondition;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly totalTasks: number;
  readonly completedTasks: number;
  readonly skippedTasks: readonly { readonly name: string; readonly reason: string }[];
  readonly results: readonly ResultValue[];
  readonly resolved?: { readonly uri?: string; readonly digest?: string; readonly entryPoint?: string };
}

/** The end of an execution that did not succeed; `run` and `lockUntil` are there when there was a run. */
export interface ExecutionEnded {
  readonly run?: RunSnapshot;
  readonly lockUntil?: string;
}

export interface ContradictionObserved {
  readonly recordedOutcome: Outcome;
  readonly condition?: RunCondition;
  /** A run of ours that exists although the execution ended without one. */
  readonly strayRun?: RunRef;
}

/**
 * The events before this one are in an archive file, and may be gone from the log. Everything an execution that is over
 * is still asked for is here, so that its stream can be folded from this event on.
 */
export interface ExecutionArchived {
  readonly archive: ArchiveRef;
  /** Events in the file: revisions 0 to `events - 1`. */
  readonly events: number;
  /** As it was accepted. */
  readonly created: Omit<ExecutionCreated, 'sensitive'> & { readonly at: string };
  /** Names of the parameters whose values in the spec are keyed hashes. */
  readonly redacted?: readonly string[];
  readonly outcome: Outcome;
  readonly finishedAt: string;
  readonly lock: Lock;
  readonly binding: Binding;
  readonly ended?: EndedRun;
  readonly failure?: FailureDetails;
  readonly skip?: SkipDetails;
  readonly cancellation?: Cancellation;
  readonly observedGeneration?: number;
  readonly driftCorrections?: number;
  readonly contradiction?: Contradiction;
}

/**
 * Schema version of every event type, as written today. A changed shape gets the next number, an upcaster from the
 * old one, and a golden file of the old one stays in the tests for good.
 */
export const SCHEMA_VERSIONS: Readonly<Record<EventType, number>> = {
  ExecutionCreated: 2,
  ResourceBound: 1,
  ExecutionQueued: 1,
  ExecutionSkipped: 1,
  ExecutionDelayed: 1,
  PipelineRunCreated: 1,
  PipelineRunProgressed: 1,
  TaskStarted: 1,
  TaskFinished: 1,
  RunOverdue: 1,
  CancellationRequested: 1,
  ExecutionCompleted: 1,
  ExecutionFailed: 1,
  ExecutionCancelled: 1,
  ReleaseRequested: 1,
  LockReleased: 1,
  ResourceDeletionRequested: 1,
  ResourceRemoved: 1,
  ResourceLetGo: 1,
  PruningRequested: 1,
  StatusDriftCorrected: 1,
  ContradictionObserved: 1,
  StrayRunRemoved: 1,
  ExecutionArchived: 1,
};

/** The three events that end an execution with a judgement, and the one that ends it without a run. */
export const TERMINAL_EVENTS: readonly EventType[] = [
  'ExecutionCompleted',
  'ExecutionFailed',
  'ExecutionCancelled',
  'ExecutionSkipped',
];
