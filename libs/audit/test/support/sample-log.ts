import { randomUUID } from 'node:crypto';
import type { EventStore } from '#event-store';
import type { JsonObject, NewEvent } from '#execution';
import { streamOf } from '#execution';

/** Few values of everything, so that filters find something. */
export const IDS = ['aaaaaaaa', 'bbbbbbbb', 'cccccccc', 'dddddddd'].map(
  (part) => `${part}-0000-4000-8000-000000000000`,
);
export const TARGETS = ['shop/deployment/app', 'node/worker-1'];
export const WORKFLOWS = ['restart', 'drain'];
export const ACTORS = ['alice', 'workflow-execution-service'];
export const TYPES = ['TaskStarted', 'ExecutionFailed', 'ExecutionCompleted', 'LockReleased', 'ResourceBound'];
export const START_MS = Date.parse('2026-03-01T10:00:00.000Z');

/** One event of one of the executions; `n` is told apart by. */
export interface Step {
  readonly execution: number;
  readonly type: number;
  readonly actor: number;
}

/** Appends the step; the first of an execution creates it. `padding` makes it large. */
export async function take(store: EventStore, { execution, type, actor }: Step, n: number, padding = 0): Promise<void> {
  const stream = streamOf(IDS[execution]!);
  const isNew = !(await exists(store, stream));
  const spec = {
    targetResource: TARGETS[execution % 2]!,
    workflowRef: { workflowId: WORKFLOWS[execution >> 1]!, version: '1', containerImage: 'registry.example.test/w:1' },
  };
  const rest = { n, ...(padding > 0 && { padding: 'x'.repeat(padding) }) };
  await store.append(stream, 'any', [
    isNew
      ? eventOf('ExecutionCreated', { ...rest, executionId: IDS[execution]!, spec }, n, actor)
      : eventOf(TYPES[type]!, rest, n, actor),
  ]);
}

export function eventOf(type: string, data: JsonObject, n: number, actor = 0): NewEvent {
  const time = new Date(START_MS + n * 1_000).toISOString();
  return {
    id: randomUUID(),
    type,
    schemaVersion: 1,
    data,
    metadata: {
      ...{ time, actor: { user: ACTORS[actor]! }, source: 'driver' },
      ...{ commandId: `command-${n}`, correlationId: `rr-${n % 3}`, causationId: `command-${n}` },
    },
  };
}

async function exists(store: EventStore, stream: string): Promise<boolean> {
  return store.readStream(stream, { limit: 1 }).then(
    () => true,
    () => false,
  );
}
