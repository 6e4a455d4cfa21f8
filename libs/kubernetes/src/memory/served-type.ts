import type { KubeObject, ResourceType } from '../cluster.ts';
import { CONFIG_MAPS, EVENTS, LEASES, PIPELINE_RUNS, SECRETS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '../cluster.ts';

/** Why an object is not admitted, as an API server says it: HTTP status, reason, message, and which fields. */
export interface AdmissionDenial {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field?: string }[];
}

export interface AdmissionRequest {
  /** The stored object; absent on create. */
  readonly previous?: KubeObject;
  /** Present when the write goes to the subresource. */
  readonly subresource?: 'status';
}

/** What stands between a write and the store, like a CRD's schema and webhooks: first defaults, then rules. Pure. */
export interface Admission {
  mutate?(object: KubeObject, request: AdmissionRequest): KubeObject | AdmissionDenial;
  validate?(object: KubeObject, request: AdmissionRequest): AdmissionDenial | undefined;
}

/** A type that the memory cluster serves. */
export interface ServedType {
  readonly type: ResourceType;
  /** Custom resources with a status subresource have one, and count generations. */
  readonly hasStatus: boolean;
  readonly admission?: Admission;
  /** Paths besides metadata.name and metadata.namespace that a field selector may name, such as `spec.color`. */
  readonly selectableFields?: readonly string[];
}

/** The types this product works with, as their definitions serve them; admission is for the caller to add. */
export const PRODUCT_TYPES: readonly ServedType[] = [
  { type: WORKFLOW_EXECUTIONS, hasStatus: true },
  { type: PIPELINE_RUNS, hasStatus: true },
  { type: TASK_RUNS, hasStatus: true },
  { type: LEASES, hasStatus: false },
  { type: EVENTS, hasStatus: false },
  { type: CONFIG_MAPS, hasStatus: false },
  { type: SECRETS, hasStatus: false },
];

export const apiVersionOf = ({ group, version }: ResourceType): string =>
  group === '' ? version : `${group}/${version}`;

/** `<plural>.<group>`, as messages name a type. */
export const qualified = ({ group, plural }: ResourceType): string => (group === '' ? plural : `${plural}.${group}`);
