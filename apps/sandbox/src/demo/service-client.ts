import type { ShownEvent } from './timeline.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const PAGE = 200;

/** The few calls of the service's REST that the demo needs. */
export class ServiceClient {
  constructor(
    readonly url: string,
    private readonly healthUrl: string,
  ) {}

  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.healthUrl}/readyz`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) })).ok;
    } catch {
      return false;
    }
  }

  /** @returns the execution id */
  async create(request: unknown): Promise<string> {
    const response = await fetch(`${this.url}/v1/executions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const answer = (await response.json()) as { executionId?: string; detail?: string };
    if (answer.executionId === undefined)
      throw new Error(`the service answered ${response.status}: ${answer.detail ?? 'no detail'}`);
    return answer.executionId;
  }

  /** Events after a revision; none while the execution is not known yet. */
  async events(executionId: string, after: number): Promise<readonly ShownEvent[]> {
    const path = `${this.url}/v1/executions/${executionId}/events?after=${after}&limit=${PAGE}`;
    const response = await fetch(path, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    if (!response.ok) return [];
    return ((await response.json()) as { items: ShownEvent[] }).items;
  }
}
