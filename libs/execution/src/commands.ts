import type { Observation } from './observation.ts';
import type { ArchiveRef, ReleaseCause } from './state.ts';
import type { SensitiveFindings } from './sensitive.ts';
import type { CancelMode, ExecutionSettings, ExecutionSpec, ResourceRef } from './spec.ts';

/** Orders to one execution. `at` is the time of the decision, ISO 8601 UTC. */
export type Command = CreateExecution | SyncExecution | CancelExecution | ReleaseExecution | ArchiveExecution;

export interface CreateExecution {
  readonly type: 'CreateExecution';
  readonly at: string;
  readonly executionId: string;
  readonly entry: 'rest' | 'resource';
  readonly resource: ResourceRef;
  /** Uid of the resource, when the execution enters by one. */
  readonly resourceUid?: string;
  readonly generation?: number;
  /** Without a sensitive value: what `sensitive` names was replaced before. */
  readonly spec: ExecutionSpec;
  readonly settings: ExecutionSettings;
  /** What was found and done about parameters whose names look sensitive; absent when nobody looked. */
  readonly sensitive?: SensitiveFindings;
}

export interface SyncExecution {
  readonly type: 'SyncExecution';
  readonly at: string;
  readonly observation: Observation;
}

export interface CancelExecution {
  readonly type: 'CancelExecution';
  readonly at: string;
  readonly mode: CancelMode;
  readonly reason: string;
  /** Generation of the resource, when its `spec.cancel` asks. */
  readonly generation?: number;
}

export interface ReleaseExecution {
  readonly type: 'ReleaseExecution';
  readonly at: string;
  readonly cause: ReleaseCause;
  readonly reason: string;
}

/** The first `events` events of a closed execution are in this file, and may go from the log. */
export interface ArchiveExecution {
  readonly type: 'ArchiveExecution';
  readonly at: string;
  readonly archive: ArchiveRef;
  readonly events: number;
}
