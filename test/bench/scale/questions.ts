import { BEGIN_MS, EVERY_MS, lifeOf, targetOf } from './lives.ts';

/** One kind of question, asked again and again about other things. */
export interface Question {
  readonly name: string;
  /** Path and query for a number in [0, 1). */
  readonly ask: (share: number) => string;
  readonly body?: (share: number) => unknown;
}

const encoded = (parameters: Readonly<Record<string, string | number>>): string =>
  new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();

/** What people ask, about executions, targets and moments all over the log. */
export function questionsOf(executions: number): readonly Question[] {
  const index = (share: number): number => Math.floor(share * executions);
  const life = (share: number) => lifeOf(index(share), executions);
  const moment = (share: number): string => new Date(BEGIN_MS + index(share) * EVERY_MS + 30_000).toISOString();
  const target = (share: number): string => targetOf(index(share), executions);
  const list = (name: string, query: (share: number) => Readonly<Record<string, string | number>>): Question => ({
    name,
    ask: (share) => `/v1/executions?${encoded({ limit: 50, ...query(share) })}`,
  });
  const events = (name: string, query: (share: number) => Readonly<Record<string, string | number>>): Question => ({
    name,
    ask: (share) => `/v1/events?${encoded({ limit: 50, ...query(share) })}`,
  });
  return [
    list('list, newest', () => ({})),
    list('list by target', (share) => ({ target: target(share) })),
    list('list by phase and workflow', (share) => ({ phase: 'Failed', workflowId: life(share).workflowId })),
    list('list at a moment', (share) => ({ at: moment(share) })),
    list('list at a moment, running then', (share) => ({ at: moment(share), phase: 'Running' })),
    { name: 'history', ask: (share) => `/v1/executions/${life(share).executionId}/history` },
    {
      name: 'state at a moment',
      ask: (share) => `/v1/executions/${life(share).executionId}?${encoded({ at: moment(share) })}`,
    },
    { name: 'why', ask: (share) => `/v1/executions/${life(share).executionId}/why` },
    { name: 'diff', ask: (share) => `/v1/executions/${life(share).executionId}/diff?from=2&to=8` },
    { name: 'target', ask: (share) => `/v1/targets/${target(share)}` },
    { name: 'target at a moment', ask: (share) => `/v1/targets/${target(share)}?${encoded({ at: moment(share) })}` },
    { name: 'targets', ask: () => '/v1/targets?limit=50' },
    {
      name: 'preflight',
      ask: () => '/v1/preflight',
      body: (share) => ({ targetResource: target(share), workflowId: life(share).workflowId }),
    },
    { name: 'export of one execution', ask: (share) => `/v1/audit/export?execution=${life(share).executionId}` },
    events('events, newest', () => ({ order: 'desc' })),
    events('events by type', (share) => ({ type: 'ExecutionFailed', from: moment(share) })),
    events('events by target', (share) => ({ target: target(share) })),
    events('events by actor', (share) => ({ actor: life(share).user, from: moment(share) })),
    events('events by correlation', (share) => ({ remediationRequest: life(share).remediationRequest })),
    events('events by outcome, backwards', () => ({ outcome: 'Cancelled', order: 'desc' })),
  ];
}
