import type { ClusterConnection, KubeObject } from '#kubernetes';
import { PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
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
  readonly failureDetails?: { readonly message: string; readonly naturalLanguageSummary: string };
}

export const NAMESPACE = 'default';
export const RUNS = 'kubernaut-workflows';
export const ID_LABEL = 'workflowexecution.kubernaut.ai/execution-id';

const TERMINAL = new Set(['ExecutionCompleted', 'ExecutionFailed', 'ExecutionCancelled', 'ExecutionSkipped']);

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

  /** Waits until the execution's run exists. */
  async run(id: string): Promise<KubeObject> {
    return until(`the run of ${id}`, async () => (await this.runs(id))[0]);
  }
}

/** Contiguous, chained, and each thing that happens once is there once. */
export function isWhole(events: readonly EventJson[]): void {
  expect(events.map((event) => event.revision)).toEqual(events.map((_, index) => index));
  events.slice(1).forEach((event, index) => expect(event.previousHash).toBe(events[index]?.hash));
  for (const once of ['ExecutionCreated', 'ResourceBound', 'PipelineRunCreated'])
    expect(events.filter((event) => event.type === once)).toHaveLength(1);
  expect(events.filter((event) => TERMINAL.has(event.type))).toHaveLength(1);
}
