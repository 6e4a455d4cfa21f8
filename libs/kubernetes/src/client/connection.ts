import type { Cluster, ResourceType } from '../cluster.ts';

export type Verb =
  'get' | 'list' | 'watch' | 'create' | 'patch' | 'patch-status' | 'replace' | 'replace-status' | 'delete' | 'raw';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request to the API server, as metrics want it: the type is one of the few we touch, so every label is bounded. */
export interface RequestRecord {
  readonly verb: Verb;
  /** Absent for raw requests. */
  readonly type?: ResourceType;
  readonly isWrite: boolean;
  /** HTTP status; absent when no answer came. */
  readonly status?: number;
  /** Until the head of the answer. */
  readonly ms: number;
}

/** Anything the port does not name: discovery, CRDs, Table output. */
export interface RawRequest {
  readonly method: Method;
  /** Path with query, for example `/apis/tekton.dev/v1`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ClusterConnection extends Cluster {
  /** Origin of the API server, without credentials. */
  readonly server: string;
  /** One request outside the port. @throws ClusterError when the answer is not a success */
  raw(request: RawRequest): Promise<RawAnswer>;
  /** Ends every request and watch and closes every socket. Nothing keeps the process alive afterwards. */
  close(): Promise<void>;
}
