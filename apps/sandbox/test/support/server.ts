import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { createSandboxApi } from '../../src/api/index.ts';
import type { SandboxApi, SandboxApiOptions } from '../../src/api/index.ts';
import { PROBE_CRD } from '../differential/probe.ts';

export const WFES = '/apis/workflowexecution.kubernaut.ai/v1alpha1';
export const PROBES = '/apis/probe.example.com/v1';

const WFE_CRD = parse(readFileSync('charts/workflow-execution/crds/workflowexecutions.yaml', 'utf8')) as object;

/** What the specs look at in an answer: an object, a list, a Status or a table. */
export interface Json {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: JsonMetadata;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>>;
  readonly items: readonly Json[];
  readonly rows: readonly { readonly cells: readonly unknown[] }[];
  readonly columnDefinitions: unknown;
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details: { readonly causes: readonly { readonly field: string }[] };
}

interface JsonMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly labels: unknown;
  readonly annotations: unknown;
  readonly finalizers: readonly string[];
  readonly ownerReferences: readonly { readonly name: string }[];
  readonly deletionTimestamp: string;
  readonly continue: string;
  readonly remainingItemCount: number;
}

export interface Answer {
  readonly code: number;
  readonly body: Json;
  readonly headers: Headers;
}

/** A sandbox that listens, with the two CRDs, and the means to talk to it. */
export class TestServer {
  readonly api: SandboxApi;
  url = '';

  constructor(options: SandboxApiOptions = {}) {
    this.api = createSandboxApi(options);
    this.api.install([WFE_CRD, PROBE_CRD]);
  }

  async start(): Promise<this> {
    ({ url: this.url } = await this.api.listen(0));
    return this;
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(this.url + path, { method, headers: { ...type, ...headers }, ...sent });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const parsed = (isJson ? JSON.parse(text) : { message: text }) as Json;
    return { code: response.status, body: parsed, headers: response.headers };
  }

  /** Asks and expects success; answers the body. */
  async expect(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Json> {
    const answer = await this.ask(method, path, body, headers);
    if (answer.code >= 300)
      throw new Error(`${method} ${path} was answered ${answer.code}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  create(namespace: string, object: object): Promise<Json> {
    return this.expect('POST', collectionOf(object, namespace), object);
  }

  merge(path: string, patch: object): Promise<Json> {
    return this.expect('PATCH', path, patch, { 'content-type': 'application/merge-patch+json' });
  }
}

export function collectionOf(object: object, namespace: string): string {
  const isProbe = 'kind' in object && object.kind === 'Probe';
  return `${isProbe ? PROBES : WFES}/namespaces/${namespace}/${isProbe ? 'probes' : 'workflowexecutions'}`;
}

/** Who owns whom, as ownerReferences say it. */
export function ownedBy(owner: Json, blockOwnerDeletion = true): object {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion };
}
