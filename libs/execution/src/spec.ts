import type { JsonObject } from './json.ts';

/** What somebody asks for: the spec of a WorkflowExecution (product.md section 3), as given. */
export interface ExecutionSpec {
  readonly remediationRequestRef: ObjectReference;
  readonly workflowRef: WorkflowRef;
  /** `namespace/kind/name`, or `kind/name` for a cluster-scoped target. */
  readonly targetResource: string;
  /** Passed to the pipeline byte for byte. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** 0 to 1. */
  readonly confidence?: number;
  readonly rationale?: string;
  readonly executionConfig?: ExecutionConfig;
  readonly cancel?: CancelMode;
}

export interface ObjectReference {
  readonly name: string;
  readonly namespace?: string;
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly fieldPath?: string;
}

export interface WorkflowRef {
  readonly workflowId: string;
  readonly version: string;
  /** OCI reference of the bundle. */
  readonly containerImage: string;
  /** `sha256:` and 64 hex digits. */
  readonly containerDigest?: string;
}

export interface ExecutionConfig {
  readonly serviceAccountName?: string;
  /** Go duration, for example `1h15m`. */
  readonly timeout?: string;
  readonly onConflict?: ConflictPolicy;
  readonly workspaces?: readonly WorkspaceBinding[];
}

/** What to do when the target is locked by another execution. */
export type ConflictPolicy = 'Fail' | 'Skip' | 'Wait';

/** Graceful lets `finally` tasks run, Immediate does not. */
export type CancelMode = 'Graceful' | 'Immediate';

/** What a workspace can be bound to. */
export const WORKSPACE_SOURCES = [
  'emptyDir',
  'secret',
  'configMap',
  'persistentVolumeClaim',
  'volumeClaimTemplate',
  'projected',
  'csi',
] as const;

type WorkspaceSources = { readonly [Source in (typeof WORKSPACE_SOURCES)[number]]?: JsonObject };

/** One Tekton workspace binding: exactly one source beside `name`. */
export interface WorkspaceBinding extends WorkspaceSources {
  readonly name: string;
  readonly subPath?: string;
}

/**
 * What the configuration said when the execution was accepted. Recorded with it, so that replaying the log never
 * depends on the configuration of today.
 */
export interface ExecutionSettings {
  readonly executionNamespace: string;
  /** Name of the pipeline inside the bundle. */
  readonly pipelineName: string;
  readonly serviceAccountName: string;
  readonly timeoutMs: number;
  readonly onConflict: ConflictPolicy;
  readonly cooldownMs: number;
}

/** The WorkflowExecution object that shows an execution. */
export interface ResourceRef {
  readonly namespace: string;
  readonly name: string;
}

export interface BoundResource extends ResourceRef {
  readonly uid: string;
}

/** The PipelineRun that carries an execution out. */
export interface RunRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** `metadata.creationTimestamp`: whole seconds, the API server's clock. */
  readonly createdAt: string;
}
