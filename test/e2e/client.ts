import type { ClusterConnection, KubeObject } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { EventJson } from '../support/rest.ts';
import { rest } from '../support/rest.ts';
import { until } from '../support/until.ts';

/** What the tests read of an execution. */
export interface ExecutionJson {
  readonly executionId: string;
  readonly resource: { readonly namespace: string; readonly name: string };
  readonly status: StatusJson & { readonly phase: string };
}

/** What the tests read of a status. */
export interface StatusJson {
  readonly phase?: string;
  readonly outcome?: string;
  readonly duration?: string;
  readonly conditions?: readonly unknown[];
  readonly execution?: { readonly lastEvent: { readonly hash: string } };
  readonly failureDetails?: {
    readonly reason: string;
    readonly message: string;
    readonly wasExecutionFailure: boolean;
    readonly naturalLanguageSummary: string;
  };
  readonly skipDetails?: {
    readonly reason: string;
    readonly message: string;
    readonly holder: Readonly<Record<string, unknown>>;
    readonly until?: string;
  };
  readonly lock?: { readonly state: string; readonly until?: string };
}

export const NAMESPACE = 'default';
export const RUNS = 'kubernaut-workflows';
export const ID_LABEL = 'workflowexecution.kubernaut.ai/execution-id';

export const TERMINAL = new Set(['ExecutionCompleted', 'ExecutionFailed', 'ExecutionCancelled', 'ExecutionSkipped']);

/** The service by REST and the cluster beside it, as the end-to-end suites use them. */
export class Client {
  constructor(
    private readonly url: string,
    private readonly cluster: ClusterConnection,
  ) {}

  create(spec: unknown, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
    return rest(`${this.url}/v1/executions`, 'POST', { namespace: NAMESPACE, spec, ...more }, headers);
  }

  /** @returns the execution id */
  async accepted(spec: unknown): Promise<string> {
    const answer = await this.create(spec);
    if (answer.status !== 201) throw new Error(`expected 201, found ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body['executionId'] as string;
  }

  async get(id: string): Promise<ExecutionJson> {
    return (await rest<ExecutionJson>(`${this.url}/v1/executions/${id}`)).body;
  }

  post(id: string, verb: 'cancel' | 'release' | 'sync', body: unknown) {
    return rest(`${this.url}/v1/executions/${id}/${verb}`, 'POST', body);
  }

  async history(id: string): Promise<readonly EventJson[]> {
    return (await rest<{ items?: EventJson[] }>(`${this.url}/v1/executions/${id}/events?limit=500`)).body.items ?? [];
  }

  async types(id: string): Promise<readonly string[]> {
    return (await this.history(id)).map((event) => event.type);
  }

  /** Waits for an event of that type. */
  recorded(id: string, type: string, isMeant: (event: EventJson) => boolean = () => true): Promise<EventJson> {
    return until(`${type} of ${id}`, async () =>
      (await this.history(id)).find((event) => event.type === type && isMeant(event)),
    );
  }

  /** Waits until the execution has ended. */
  ended(id: string, timeoutMs = 60_000): Promise<ExecutionJson> {
    const hasEnded = async (): Promise<ExecutionJson | false> => {
      const found = await this.get(id);
      return found.status?.outcome === undefined ? false : found;
    };
    return until(`execution ${id} to end`, hasEnded, timeoutMs);
  }

  async endedHistory(id: string, timeoutMs = 60_000): Promise<readonly EventJson[]> {
    const ended = async (): Promise<readonly EventJson[] | false> => {
      const events = await this.history(id);
      return events.some((event) => TERMINAL.has(event.type)) ? events : false;
    };
    return until(`the history of ${id} to have an end`, ended, timeoutMs);
  }

  /** Creates a resource, as kubectl would. */
  apply(name: string, spec: unknown): Promise<KubeObject> {
    const metadata = { namespace: NAMESPACE, name };
    const kind = WORKFLOW_EXECUTIONS.kind;
    return this.cluster.create(WORKFLOW_EXECUTIONS, {
      apiVersion: 'workflowexecution.kubernaut.ai/v1alpha1',
      kind,
      metadata,
      spec,
    });
  }

  /** Sets `spec.cancel`, as kubectl would. */
  async cancelByResource(name: string, mode: string): Promise<void> {
    const body = { spec: { cancel: mode } };
    await this.cluster.patch(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name }, { type: 'merge', body });
  }

  async remove(name: string): Promise<void> {
    await this.cluster.delete(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name });
  }

  /** Removes a resource whatever its finalizers say. */
  async removeByForce(name: string): Promise<void> {
    const body = { metadata: { finalizers: null } };
    await this.cluster.patch(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name }, { type: 'merge', body });
    await this.remove(name);
  }

  async finalizersOf(name: string): Promise<readonly string[]> {
    return (await this.cluster.get(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name })).metadata.finalizers ?? [];
  }

  /** Puts a finalizer of somebody else's on a resource. @returns what takes it off */
  async keepResource(name: string): Promise<() => Promise<void>> {
    const at = { namespace: NAMESPACE, name };
    const set = async (finalizers: readonly string[]): Promise<void> => {
      await this.cluster.patch(WORKFLOW_EXECUTIONS, at, { type: 'merge', body: { metadata: { finalizers } } });
    };
    await set([...(await this.finalizersOf(name)), 'example.test/keep']);
    return async () => set((await this.finalizersOf(name)).filter((each) => each !== 'example.test/keep'));
  }

  /** Waits until the resource is gone. */
  async gone(name: string): Promise<void> {
    await until(`the resource ${name} to be gone`, async () => {
      const found: unknown = await this.cluster
        .get(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name })
        .catch((error: unknown) => error);
      return found instanceof ClusterError && found.code === 'not-found';
    });
  }

  async statusOf(name: string): Promise<StatusJson> {
    return (await this.cluster.get(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name })).status ?? {};
  }

  /** Waits until the resource shows this phase. */
  shown(name: string, phase: string): Promise<StatusJson> {
    return until(`the resource ${name} to show ${phase}`, async () => {
      const status = await this.statusOf(name);
      return status.phase === phase ? status : false;
    });
  }

  async runs(id: string): Promise<readonly KubeObject[]> {
    return (await this.cluster.list(PIPELINE_RUNS, { namespace: RUNS, labelSelector: `${ID_LABEL}=${id}` })).items;
  }

  async taskRuns(id: string): Promise<readonly KubeObject[]> {
    return (await this.cluster.list(TASK_RUNS, { namespace: RUNS, labelSelector: `${ID_LABEL}=${id}` })).items;
  }

  /** Waits until the execution's run exists. */
  async run(id: string): Promise<KubeObject> {
    return until(`the run of ${id}`, async () => (await this.runs(id))[0]);
  }
}

/** Contiguous, chained, and with one end. */
export function isChained(events: readonly EventJson[]): void {
  expect(events.map((event) => event.revision)).toEqual(events.map((_, index) => index));
  events.slice(1).forEach((event, index) => expect(event.previousHash).toBe(events[index]?.hash));
  expect(events.filter((event) => TERMINAL.has(event.type))).toHaveLength(1);
}

/** The history of an execution that had a run: chained, and each thing that happens once is there once. */
export function isWhole(events: readonly EventJson[]): void {
  isChained(events);
  for (const once of ['ExecutionCreated', 'ResourceBound', 'PipelineRunCreated'])
    expect(events.filter((event) => event.type === once)).toHaveLength(1);
}
