/** What the tests read of an event. */
export interface EventJson {
  readonly id: string;
  readonly type: string;
  readonly revision: number;
  readonly hash: string;
  readonly previousHash: string;
  readonly data: Record<string, unknown>;
  /** `<store>:<number>` in the embedded store. */
  readonly position: string;
  readonly metadata: { readonly time: string; readonly source: string; readonly correlationId: string };
}

/** Number of an event in the whole log: the order in which everything was recorded. */
export const placeOf = ({ position }: EventJson): number => Number(position.split(':').at(-1));

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

/** One request to the service's REST, with JSON in and out. */
export async function rest<Body = Record<string, unknown>>(
  url: string,
  method: 'GET' | 'POST' = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<Body>> {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Body, headers: response.headers };
}

/** The spec of an execution that runs a scenario of the scripted Tekton. */
export const specFor = (
  scenario: string,
  target: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  remediationRequestRef: { name: `rr-${scenario}` },
  workflowRef: { workflowId: scenario, version: '1.0.0', containerImage: `sandbox.local/${scenario}:1` },
  targetResource: target,
  parameters: { MESSAGE: 'hello' },
  ...more,
});
