import type { FailureReason, RunFailure } from './failure.ts';
import type { BoundResource, RunRef } from './spec.ts';

/** What was seen in the cluster about one execution; the input of Sync. */
export type Observation =
  /** The run that carries our execution id. `created` and `adopted` come from the run driver, `watched` from the bridge. */
  | { readonly kind: 'RunObserved'; readonly run: RunObservation; readonly how: 'created' | 'adopted' | 'watched' }
  /** Read from the API server just now: the run of that uid is gone; without uid, no run of this execution exists. */
  | { readonly kind: 'RunMissing'; readonly runUid?: string }
  /** The API server refused the run for good. */
  | { readonly kind: 'RunRefused'; readonly refusal: RunRefusal }
  /** The run's name is taken by somebody else. */
  | { readonly kind: 'TargetLocked'; readonly holder: LockHolder }
  | {
      readonly kind: 'ResourceObserved';
      readonly resource: BoundResource;
      readonly generation?: number;
      readonly deletionRequested: boolean;
    }
  /** The resource of this uid is gone. */
  | { readonly kind: 'ResourceMissing'; readonly uid: string }
  /** The resource of an execution that entered by REST cannot be created: the API server's or the bridge's words. */
  | { readonly kind: 'ResourceRefused'; readonly message: string }
  /** What it needs could not be created for a while, for a reason that may pass; and for how long we are patient. */
  | {
      readonly kind: 'CreationDelayed';
      readonly what: DelayedPart;
      readonly code: string;
      readonly message: string;
      readonly patienceMs: number;
    }
  /** A deadline of ours seems to have passed: judged by these limits and what the log knows of the run. */
  | {
      readonly kind: 'DeadlinePassed';
      readonly limits: DeadlineLimits;
      /** The run has been seen to be told to stop: Tekton begins nothing of it any more. */
      readonly isCancelled: boolean;
    }
  /** The resource is being deleted and kept for what is left of the execution; and for how long that may be. */
  | { readonly kind: 'DeletionWaited'; readonly patienceMs: number }
  /** How long the resource of a finished execution is kept. */
  | { readonly kind: 'ResourceExpired'; readonly ttlMs: number }
  /** Somebody else wrote to our status; names of the top-level fields that differed. */
  | { readonly kind: 'StatusDrifted'; readonly fields: readonly string[] };

/** A PipelineRun and its own task runs, translated by libs/tekton. Times are ISO 8601 as Tekton gave them. */
export interface RunObservation {
  readonly ref: RunRef;
  /** Value of the label that proves whose run it is. */
  readonly executionId: string;
  readonly deletionRequested: boolean;
  /** The `Succeeded` condition; absent while Tekton has not picked the run up. */
  readonly condition?: RunCondition;
  /** Set exactly when the condition is True or False. */
  readonly outcome?: RunOutcome;
  readonly startTime?: string;
  readonly completionTime?: string;
  /** Tasks of the resolved pipeline, finally included; absent before it is resolved. */
  readonly totalTasks?: number;
  readonly tasks: readonly TaskObservation[];
  readonly skippedTasks: readonly { readonly name: string; readonly reason: string }[];
  readonly results: readonly ResultValue[];
  /** What the bundle reference was resolved to. */
  readonly resolved?: { readonly uri?: string; readonly digest?: string; readonly entryPoint?: string };
  /** Why it failed; set exactly when `outcome` is neither Succeeded nor absent. */
  readonly failure?: RunFailure;
}

export interface RunCondition {
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

export type RunOutcome = 'Succeeded' | 'Failed' | 'Cancelled' | 'TimedOut';

/** One TaskRun whose controller owner is our run (matched by uid). */
export interface TaskObservation {
  /** Name of the task in the pipeline; matrix instances share it. */
  readonly pipelineTask: string;
  readonly taskRun: string;
  readonly uid: string;
  readonly state: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Cancelled' | 'FailureIgnored';
  readonly reason: string;
  readonly message: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly steps: readonly StepObservation[];
  readonly results: readonly ResultValue[];
}

export interface StepObservation {
  readonly name: string;
  /** Absent until it has ended. */
  readonly exitCode?: number;
  /** Kubernetes termination reason (Completed, Error, OOMKilled, …), `Running` or a waiting reason. */
  readonly reason: string;
  /** Tekton's own word: Completed, Error, Skipped, Continued, TimeoutExceeded, Cancelled, … */
  readonly terminationReason?: string;
  readonly imageId?: string;
}

export interface ResultValue {
  readonly name: string;
  /** Strings as they are; arrays and objects as JSON text. */
  readonly value: string;
}

/** What of an execution cannot be created. */
export type DelayedPart = 'run' | 'resource';

/** Our own deadlines: for Tekton to pick a run up, for a run to end after its limit, for a cancellation to take effect. */
export type DeadlineKind = 'PickUp' | 'End' | 'Cancellation';

/** How long Tekton has for what it should do, in milliseconds. */
export interface DeadlineLimits {
  /** From the run's creation until it has a condition. */
  readonly pickUpMs: number;
  /** From the run's own limit until it has ended. */
  readonly endGraceMs: number;
  /** From a cancellation without finally tasks until the run has ended. */
  readonly cancellationMs: number;
}

/** A permanent refusal by the API server. Message and causes are its own words. */
export interface RunRefusal {
  readonly code: string;
  readonly status?: number;
  readonly reason: FailureReason;
  readonly message: string;
}

/** Who holds the lock on a target, as far as it can be known. */
export interface LockHolder {
  readonly namespace?: string;
  readonly name?: string;
  readonly executionId?: string;
  readonly workflowId?: string;
  readonly runUid: string;
  /** Cooldown: the holder's run has ended and the lock is being kept. */
  readonly state: 'Running' | 'Cooldown' | 'Unknown';
  /** End of the holder's cooldown, when known. */
  readonly until?: string;
}
