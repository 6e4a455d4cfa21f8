import type { ObjectStore } from '../store/object-store.ts';
import type { Admission } from './admission.ts';
import type { TypeRegistry } from './types/registry.ts';
import type { ServedType } from './types/served-type.ts';

/** What every verb works on. */
export interface ApiContext {
  readonly store: ObjectStore;
  readonly types: TypeRegistry;
  readonly admission: Admission;
  readonly clock: () => Date;
  /** A new object's uid. */
  readonly newUid: () => string;
  /** Five characters that complete a generateName. */
  readonly newSuffix: () => string;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** One request for objects of a type, its body not yet decoded. */
export interface ResourceRequest {
  readonly verb: Verb;
  readonly type: ServedType;
  /** Absent for cluster-scoped types and for lists over all namespaces. */
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly contentType: string;
  readonly userAgent: string;
  readonly body: Buffer;
}

export interface Reply {
  readonly code: number;
  readonly body: object;
  readonly warnings?: readonly string[];
}

/** Seconds, as every time in Kubernetes but MicroTime is written. */
export function timestamp(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}
