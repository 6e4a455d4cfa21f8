import type { ExecutionSpec } from '#execution';
import { SENSITIVE_NAMES, sensitiveNames } from '#execution';
import type { Cluster, ClusterErrorCode, KubeObject, ResourceType } from '#kubernetes';
import { ClusterError, EVENTS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { Log, Runtime, RuntimeOptions, Sensitivity } from '#runtime';
import { KeyedHashes } from '#runtime';
import { formsOf } from '../../../libs/runtime/src/sensitive/forms.ts';
import { intercepted, MemoryWorld, NAMESPACE } from '../../support/memory-world.ts';

export const NAME = 'mine';
/** What no text may hold, in whatever form. */
export const SECRET = 'Pl4nted<secret>&"ünï\\"-7f3a';
export const KEY = new Uint8Array(32).fill(3);

export const sensitivity = (change: Partial<Sensitivity> = {}): Sensitivity => ({
  policy: 'redact',
  isSensitive: sensitiveNames(SENSITIVE_NAMES),
  hashes: new KeyedHashes(KEY),
  ...change,
});

/** A world in which all that is written for people is kept, to be searched. */
export class SecretWorld {
  readonly lines: string[] = [];
  private readonly log: Log = {
    info: (fields, message) => this.keep(fields, message),
    warn: (fields, message) => this.keep(fields, message),
    error: (fields, message) => this.keep(fields, message),
  };

  private constructor(readonly world: MemoryWorld) {}

  static async open(...defaults: Parameters<typeof MemoryWorld.open>): Promise<SecretWorld> {
    return new SecretWorld(await MemoryWorld.open(...defaults));
  }

  replica(parts: Partial<RuntimeOptions> = {}): Promise<Runtime> {
    return this.world.replica({ sensitivity: sensitivity(), log: this.log, ...parts });
  }

  /** A resource made by a person. @returns the execution id */
  async apply(spec: ExecutionSpec, name = NAME): Promise<string> {
    const { metadata } = await this.world.cluster.create(WORKFLOW_EXECUTIONS, resourceOf(spec, name));
    return metadata.uid ?? '';
  }

  spec(scenario: string, more: Partial<ExecutionSpec> = {}): ExecutionSpec {
    return this.world.spec(scenario, { parameters: { DB_PASSWORD: SECRET, REASON: 'memory' }, ...more });
  }

  /** Where the secret stands, in any form: the log, what was logged, statuses, and Kubernetes Events. */
  async found(secret = SECRET): Promise<readonly string[]> {
    const { cluster } = this.world;
    const resources = cluster.objects(WORKFLOW_EXECUTIONS).map(({ status, metadata }) => ({ status, metadata }));
    const places = [...(await this.world.log()), ...resources, ...cluster.objects(EVENTS)].map((each) =>
      JSON.stringify(each),
    );
    const forms = formsOf(secret);
    return [...places, ...this.lines].filter((place) => forms.some((form) => place.includes(form)));
  }

  close(): Promise<void> {
    return this.world.close();
  }

  /** As pino writes an error: everything that hangs on it. */
  private keep(fields: object, message: string): void {
    const written = (_: string, value: unknown): unknown =>
      value instanceof Error ? { ...value, message: value.message, stack: value.stack, cause: value.cause } : value;
    this.lines.push(`${message} ${JSON.stringify(fields, written)}`);
  }
}

export const resourceOf = (spec: ExecutionSpec, name = NAME): KubeObject => ({
  apiVersion: 'workflowexecution.kubernaut.ai/v1alpha1',
  kind: WORKFLOW_EXECUTIONS.kind,
  metadata: { namespace: NAMESPACE, name },
  spec,
});

export interface Refusal {
  readonly method: 'create' | 'patch' | 'patchStatus' | 'replaceStatus' | 'delete';
  readonly type: ResourceType;
  readonly code: ClusterErrorCode;
  readonly status: number;
  /** Refused this often, then no more. */
  readonly times: number;
}

/** An API server that quotes, in its refusals, all that was ever asked for. */
export function quoting(cluster: Cluster, secrets: string, { method, type, code, status, times }: Refusal): Cluster {
  let left = times;
  return intercepted<Refusal['method']>(cluster, method, (call, [of, about]): Promise<KubeObject> | Promise<void> => {
    if (of !== type || left <= 0) return call();
    left -= 1;
    const whole = JSON.stringify({ about, params: [{ name: 'DB_PASSWORD', value: secrets }] });
    const message = `admission webhook "policy.example.test" denied the request: ${whole}; ${Buffer.from(secrets).toString('base64')}`;
    const causes = [{ field: `spec.params[0]{${secrets}}`, message: `Invalid value: ${JSON.stringify(secrets)}` }];
    return Promise.reject<never>(new ClusterError(code, message, { status, causes }));
  });
}
