import type { FailureDetails } from './failure.ts';
import type { DeadlineKind, DelayedPart, LockHolder, ResultValue, RunCondition } from './observation.ts';
import type { BoundResource, CancelMode, ExecutionSettings, ExecutionSpec, ResourceRef, RunRef } from './spec.ts';

/** One execution, folded from its stream. A field exists only in the phases where it means something. */
export type Execution = Absent | Pending | Running | Finished;

/** Why the lock is given back. */
export type ReleaseCause = 'CooldownOver' | 'Operator' | 'ResourceDeleted';

export interface Absent {
  readonly phase: 'Absent';
}

/** What was accepted; the same from Create to the end. */
export interface Accepted {
  readonly id: string;
  readonly entry: 'rest' | 'resource';
  readonly resource: ResourceRef;
  readonly spec: ExecutionSpec;
  readonly settings: ExecutionSettings;
  /** Names of the parameters whose values in the spec are keyed hashes; absent when there are none. */
  readonly redacted?: readonly string[];
  /** Name of the run, and so of the lock. */
  readonly runName: string;
  readonly createdAt: string;
  readonly binding: Binding;
  readonly cancellation?: Cancellation;
  /** `metadata.generation` of the spec last acted on. */
  readonly observedGeneration?: number;
  /** Corrections of the status recorded so far; bounded by MAX_DRIFT_EVENTS. */
  readonly driftCorrections?: number;
}

/** What is known of the resource that shows the execution. */
export type Binding =
  | { readonly state: 'Unbound' }
  | { readonly state: 'Bound'; readonly resource: BoundResource }
  | {
      readonly state: 'Deleting';
      readonly resource: BoundResource;
      readonly requestedAt: string;
      /** Since when it is not kept any longer, although something of ours is left. */
      readonly letGoAt?: string;
    }
  /** It has been finished for long; we delete it. */
  | { readonly state: 'Pruning'; readonly resource: BoundResource; readonly requestedAt: string }
  | { readonly state: 'Removed'; readonly uid: string; readonly removedAt: string };

export interface Cancellation {
  readonly mode: CancelMode;
  readonly requestedAt: string;
  readonly reason: string;
}

/** Accepted; no run of ours is known to exist. */
export interface Pending extends Accepted {
  readonly phase: 'Pending';
  /** The lock's holder, when this execution waits for the lock. */
  readonly waiting?: { readonly holder: LockHolder; readonly since: string };
  /** Something it needs cannot be created, for a reason that may pass. */
  readonly delay?: Delay;
  /** Delays recorded so far; bounded by MAX_DELAY_EVENTS. */
  readonly delayEvents?: number;
}

export interface Delay {
  readonly what: DelayedPart;
  readonly since: string;
  readonly code: string;
  readonly message: string;
}

/** Its run exists, and with it the lock is held. */
export interface Running extends Accepted {
  readonly phase: 'Running';
  readonly run: RunRef;
  readonly adopted: boolean;
  /** When the run's creation was recorded. */
  readonly runningSince: string;
  readonly progress?: RunProgress;
  readonly tasks: Readonly<Record<string, TaskState>>;
  /** The deadline of ours that passed. */
  readonly overdue?: { readonly deadline: DeadlineKind; readonly limitMs: number; readonly at: string };
  /** Progress and task events recorded so far; bounded by MAX_PROGRESS_EVENTS. */
  readonly progressEvents: number;
}

/** The last recorded condition of a run that has not ended. */
export interface RunProgress {
  readonly condition: RunCondition;
  readonly startTime?: string;
  readonly totalTasks?: number;
  readonly observedAt: string;
}

/** By name of the task run. */
export interface TaskState {
  readonly pipelineTask: string;
  readonly state: 'Started' | 'Succeeded' | 'Failed' | 'Cancelled' | 'FailureIgnored';
  readonly attempt: number;
}

/** Ended for good. What remains is to give the lock back and to let the resource go. */
export interface Finished extends Accepted {
  readonly phase: 'Finished';
  readonly outcome: Outcome;
  readonly finishedAt: string;
  readonly lock: Lock;
  /** The run, when there was one. */
  readonly ended?: EndedRun;
  readonly failure?: FailureDetails;
  readonly skip?: SkipDetails;
  readonly contradiction?: Contradiction;
  /** Its history is in an archive file, and may be gone from the log. */
  readonly archived?: Archived;
}

/** A later observation that contradicts the recorded end, and a run of ours that must not exist. */
export interface Contradiction {
  readonly condition?: RunCondition;
  readonly strayRun?: RunRef;
  /** The stray run that was removed last. */
  readonly removedRun?: RunRef;
}

/** A file of archived events: a bundle that can be verified by itself. */
export interface ArchiveRef {
  /** Name of the file, without a folder. */
  readonly file: string;
  /** Of its bytes, lower-case hex. */
  readonly sha256: string;
}

export interface Archived {
  readonly archive: ArchiveRef;
  /** Events in the file: revisions 0 to `events - 1`. */
  readonly events: number;
  readonly at: string;
}

export type Outcome = 'Success' | 'Failed' | 'Cancelled' | 'Skipped';

export type Lock =
  /** There never was a run. */
  | { readonly state: 'None' }
  /** The run is kept until the cooldown is over. */
  | { readonly state: 'Held'; readonly since: string; readonly until: string }
  /** The run is to be removed; the lock is free when it is gone. */
  | { readonly state: 'Releasing'; readonly since: string; readonly requestedAt: string; readonly cause: ReleaseCause }
  | { readonly state: 'Released'; readonly since: string; readonly at: string };

export interface EndedRun {
  readonly ref: RunRef;
  readonly adopted: boolean;
  readonly condition: RunCondition;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly totalTasks: number;
  readonly completedTasks: number;
  readonly results: readonly ResultValue[];
}

export interface SkipDetails {
  readonly reason: 'ResourceBusy' | 'RecentlyRemediated';
  readonly message: string;
  readonly skippedAt: string;
  readonly holder: LockHolder;
  readonly until?: string;
}

export const ABSENT: Absent = { phase: 'Absent' };
