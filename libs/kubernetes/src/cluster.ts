/**
 * A Kubernetes API in our own words: the few verbs and kinds this service touches. Objects are plain JSON as the
 * server sent it. Adapters translate; they retry nothing by themselves and throw only `ClusterError`.
 */

export interface KubeObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: KubeObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** A ConfigMap: texts by name. */
export interface ConfigMapObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** A Secret: bytes by name, in base64. */
export interface SecretObject extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** One namespaced resource type. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
}

export const WORKFLOW_EXECUTIONS: ResourceType = {
  group: 'workflowexecution.kubernaut.ai',
  version: 'v1alpha1',
  plural: 'workflowexecutions',
  kind: 'WorkflowExecution',
};
export const PIPELINE_RUNS: ResourceType = {
  group: 'tekton.dev',
  version: 'v1',
  plural: 'pipelineruns',
  kind: 'PipelineRun',
};
export const TASK_RUNS: ResourceType = { group: 'tekton.dev', version: 'v1', plural: 'taskruns', kind: 'TaskRun' };
export const LEASES: ResourceType = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', kind: 'Lease' };
export const EVENTS: ResourceType = { group: 'events.k8s.io', version: 'v1', plural: 'events', kind: 'Event' };
export const CONFIG_MAPS: ResourceType = { group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap' };
export const SECRETS: ResourceType = { group: '', version: 'v1', plural: 'secrets', kind: 'Secret' };

export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Objects per page asked of the server. */
  readonly limit?: number;
  readonly continue?: string;
  readonly signal?: AbortSignal;
}

export interface ObjectPage {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string;
  /** Token of the next page; absent on the last. Gone (410) when it has expired. */
  readonly continue?: string;
}

export interface WatchOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion: string;
  /** Seconds after which the server ends the watch cleanly. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

export type WatchMessage =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export type Patch =
  | { readonly type: 'merge'; readonly body: object }
  | { readonly type: 'json'; readonly body: readonly object[] }
  | { readonly type: 'apply'; readonly body: object; readonly fieldManager: string; readonly force?: boolean };

export type Propagation = 'Foreground' | 'Background' | 'Orphan';

export interface Cluster {
  /** One page of a list. */
  list(type: ResourceType, options?: ListOptions): Promise<ObjectPage>;

  /**
   * One watch request. Ends normally when the server closes it cleanly; throws `ClusterError`: `gone` when the
   * resourceVersion is too old (also when 410 arrives inside the stream), `unavailable` when it breaks.
   * Breaking out of the loop or aborting the signal closes the connection; after an abort the loop ends normally.
   */
  watch(type: ResourceType, options: WatchOptions): AsyncIterable<WatchMessage>;

  /** @throws ClusterError not-found: the object. That its type is not served (yet) is `unavailable`, here and below. */
  get(type: ResourceType, name: ObjectName): Promise<KubeObject>;

  /** Creates with `fieldValidation=Strict`. @throws ClusterError already-exists, invalid, forbidden, … */
  create(type: ResourceType, object: KubeObject): Promise<KubeObject>;

  /**
   * Patches the main resource or the status subresource. A `metadata.resourceVersion` in a merge patch makes the
   * server check it (`conflict`).
   */
  patch(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject>;
  patchStatus(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject>;

  /** Replaces the whole object; its resourceVersion is checked (`conflict`). */
  replace(type: ResourceType, object: KubeObject): Promise<KubeObject>;
  replaceStatus(type: ResourceType, object: KubeObject): Promise<KubeObject>;

  /** Deletes; with `uid`, only the object of that uid (`conflict` otherwise). @throws ClusterError not-found */
  delete(type: ResourceType, name: ObjectName, options?: { uid?: string; propagation?: Propagation }): Promise<void>;
}

export type ClusterErrorCode =
  | 'conflict'
  | 'already-exists'
  | 'not-found'
  | 'gone'
  | 'unauthorized'
  | 'forbidden'
  | 'bad-request'
  | 'invalid'
  | 'too-large'
  | 'unsupported-media-type'
  | 'too-many-requests'
  | 'server-error'
  | 'unavailable'
  | 'timeout';

/** Codes after which trying again later can succeed without anybody changing the request. */
const TRANSIENT: ReadonlySet<ClusterErrorCode> = new Set([
  'too-many-requests',
  'server-error',
  'unavailable',
  'timeout',
  'gone',
  'unauthorized',
]);

/** What the API server (or the way to it) answered. Never holds a credential or a whole object. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  constructor(
    readonly code: ClusterErrorCode,
    message: string,
    readonly details: {
      /** HTTP status, when there was an answer. */
      readonly status?: number;
      /** `reason` of the Status object, for example AlreadyExists. */
      readonly reason?: string;
      readonly causes?: readonly { readonly field?: string; readonly reason?: string; readonly message?: string }[];
      readonly retryAfterMs?: number;
      /** True when no answer came, or a 5xx that does not rule it out: a write may have been applied. Absent for reads. */
      readonly outcomeUnknown?: boolean;
    } = {},
  ) {
    super(message);
  }

  get isTransient(): boolean {
    return TRANSIENT.has(this.code);
  }
}
