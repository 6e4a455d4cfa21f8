import type { components } from './schema.ts';

/** Calls that are agreed on, and that the document does not describe yet. */
type Row = components['schemas']['ExecutionPage']['items'][number];

export interface HistoryEntry {
  revision: number;
  position: string;
  time: string;
  type: string;
  actor: { user: string; groups?: string[] };
  source: string;
  sentence: string;
  cause: { kind: 'event'; revision: number; type: string } | { kind: 'command'; commandId: string };
  sinceStartMs: number;
  sincePreviousMs: number;
}

export interface Lock {
  state: 'Free' | 'Held' | 'CoolingDown' | 'Releasing';
  holder?: { executionId: string; resource: { namespace: string; name: string }; workflowId: string };
  since?: string;
  until?: string;
}

interface Answering<Answer> {
  responses: { 200: { headers: Record<string, unknown>; content: { 'application/json': Answer } } };
}

type Get<Path, Query, Answer> = {
  get: {
    parameters: (Path extends undefined ? { path?: never } : { path: Path }) & { query?: Query };
  } & Answering<Answer>;
};

export interface ContractPaths {
  '/v1/executions/{id}/history': Get<
    { id: string },
    { at?: string; limit?: number; after?: number },
    { items: HistoryEntry[]; next?: number }
  >;
  '/v1/executions/{id}/diff': Get<
    { id: string },
    { from?: string; to?: string },
    {
      from: { revision: number; time: string };
      to: { revision: number; time: string };
      changes: { path: string; kind: 'added' | 'removed' | 'changed'; before?: unknown; after?: unknown }[];
    }
  >;
  '/v1/executions/{id}/causes': Get<
    { id: string },
    { revision?: number },
    {
      items: {
        revision?: number;
        type: string;
        time: string;
        actor: { user: string };
        source: string;
        sentence: string;
      }[];
      omitted?: number;
    }
  >;
  '/v1/executions/{id}/why': Get<
    { id: string },
    { at?: string },
    { phase: string; outcome?: string; sentences: string[]; causes: number[] }
  >;
  '/v1/targets': Get<
    undefined,
    { locked?: boolean; limit?: number; cursor?: string },
    { items: { target: string; lock: Lock; waiting: number; last?: Row }[]; next?: string }
  >;
  '/v1/targets/{target}': Get<
    { target: string },
    { at?: string; limit?: number; cursor?: string },
    {
      target: string;
      runName: string;
      at?: string;
      lock: Lock;
      waiting: { executionId: string; resource: { namespace: string; name: string }; since: string }[];
      history: Row[];
      next?: string;
    }
  >;
  '/v1/preflight': {
    post: {
      parameters: { query?: { at?: string } };
      requestBody: { content: { 'application/json': { targetResource: string; workflowId: string } } };
    } & Answering<PreflightAnswer>;
  };
}

export interface PreflightAnswer {
  allowed: boolean;
  reason?: string;
  message: string;
  until?: string;
  by?: { executionId: string; resource: { namespace: string; name: string }; workflowId: string };
  consecutiveFailures: number;
}
