import type { EventStore } from '#event-store';
import type { EventType, JsonObject, NewEvent } from '#execution';
import { runNameOf, streamOf } from '#execution';

export const idOf = (n: number): string => `0198c0de-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const targetOf = (n: number): string => `shop/deployment/app-${n % 3}`;
export const secondOf = (n: number): string => new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();

let written = 0;

/** An event as a dispatcher would hand it to the store. */
export const eventOf = (type: EventType | 'FromTheFuture', at: number, data: object, user = 'service'): NewEvent => ({
  id: `00000000-0000-4000-8000-${String((written += 1)).padStart(12, '0')}`,
  type,
  schemaVersion: 1,
  data: data as JsonObject,
  metadata: {
    time: secondOf(at),
    actor: { user },
    source: 'driver',
    commandId: 'c',
    correlationId: 'rr-1',
    causationId: 'c',
  },
});

const runOf = (n: number) => ({
  namespace: 'runs',
  name: runNameOf(targetOf(n)),
  uid: `run-${n}`,
  createdAt: secondOf(0),
});

/** A whole life, from its acceptance at second `at` to its release eight seconds later. */
export function lifeOf(n: number, at: number): readonly NewEvent[] {
  const run = runOf(n);
  const condition = { status: 'True', reason: 'Succeeded', message: '' };
  const ended = { ref: run, condition, totalTasks: 1, completedTasks: 1, skippedTasks: [], results: [] };
  return [
    eventOf('ExecutionCreated', at, createdOf(n), `user-${n % 2}`),
    eventOf('PipelineRunCreated', at + 2, { run, adopted: false }),
    eventOf('ExecutionCompleted', at + 5, { run: ended, lockUntil: secondOf(at + 7) }),
    eventOf('LockReleased', at + 8, { run, cause: 'CooldownOver' }),
  ];
}

function createdOf(n: number) {
  const settings = {
    ...{ executionNamespace: 'runs', pipelineName: 'workflow', serviceAccountName: 'runner' },
    ...{ timeoutMs: 60_000, onConflict: 'Wait', cooldownMs: 2_000 },
  };
  const workflowRef = { workflowId: `workflow-${n % 2}`, version: '1', containerImage: 'sandbox.local/echo:1' };
  const spec = { remediationRequestRef: { name: 'rr-1' }, workflowRef, targetResource: targetOf(n) };
  const resource = { namespace: 'default', name: `wfe-${n}` };
  return { executionId: idOf(n), entry: 'rest', resource, spec, settings, runName: runNameOf(targetOf(n)) };
}

/** Appends lives from number `from` on, each accepted three seconds after the one before, their events by turns. */
export async function appendLives(store: EventStore, from: number, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, n) =>
    lifeOf(from + n, (from + n) * 3).map((event, revision) => ({ n: from + n, revision, event })),
  ).flat();
  for (const { n, revision, event } of events.sort((a, b) => (a.event.metadata.time < b.event.metadata.time ? -1 : 1)))
    await store.append(streamOf(idOf(n)), revision === 0 ? 'none' : revision - 1, [event]);
}
