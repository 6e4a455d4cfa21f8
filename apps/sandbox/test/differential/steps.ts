/** What conversations with an API server are made of. */

export interface Step {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
}

export interface Conversation {
  readonly name: string;
  readonly steps: readonly Step[];
}

export const WFE = '/apis/workflowexecution.kubernaut.ai/v1alpha1';
const PROBE = '/apis/probe.example.com/v1';
export const MERGE = 'application/merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';
export const APPLY = 'application/apply-patch+yaml';
export const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
export const METADATA = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json';
export const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

/** A workflow execution that the schema accepts. */
export function execution(name: string, spec: object = {}, metadata: object = {}): Record<string, unknown> {
  return {
    apiVersion: 'workflowexecution.kubernaut.ai/v1alpha1',
    kind: 'WorkflowExecution',
    metadata: { name, ...metadata },
    spec: {
      remediationRequestRef: { name: 'rr-1' },
      workflowRef: { workflowId: 'restart', version: '1.0.0', containerImage: 'sandbox.local/echo:1' },
      targetResource: 'payment/deployment/payment-api',
      ...spec,
    },
  };
}

/** An object of the probe type, whose schema has one field of each sort. */
export function probe(name: string, spec: object = {}, rest: object = {}): Record<string, unknown> {
  return { apiVersion: 'probe.example.com/v1', kind: 'Probe', metadata: { name }, spec, ...rest };
}

export const post = (path: string, body: unknown): Step => ({ method: 'POST', path, body });
export const get = (path: string, accept?: string): Step => ({ method: 'GET', path, ...(accept ? { accept } : {}) });
export const put = (path: string, body: unknown): Step => ({ method: 'PUT', path, body });
export const patch = (path: string, type: string, body: unknown): Step => ({ method: 'PATCH', path, type, body });
export const remove = (path: string, body?: unknown): Step => ({ method: 'DELETE', path, ...(body ? { body } : {}) });

export const wfes = (namespace: string) => `${WFE}/namespaces/${namespace}/workflowexecutions`;
export const probes = (namespace: string) => `${PROBE}/namespaces/${namespace}/probes`;

export const applyAs = (manager: string, namespace: string, body: unknown): Step =>
  patch(`${probes(namespace)}/p?fieldManager=${manager}`, APPLY, body);
