import { readFileSync } from 'node:fs';
import type { EventStore } from '#event-store';
import { MemoryEventStore } from '#event-store';
import type { CreateExecution, JsonObject } from '#execution';
import { VirtualClock } from '#kubernetes';
import { Dispatcher } from '../src/dispatcher.ts';
import { Executions } from '../src/executions.ts';
import { quietTelemetry } from './support/quiet.ts';

const ID = '0198c0de-0000-7000-8000-000000000002';
const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();

/** The file is beside the sources; the specs run from dist. */
const GOLDEN_V1 = new URL('../../../../libs/execution/test/golden/ExecutionCreated.v1.json', import.meta.url);

const CREATE: CreateExecution = {
  type: 'CreateExecution',
  at: at(0),
  executionId: ID,
  entry: 'resource',
  resource: { namespace: 'default', name: 'one' },
  resourceUid: ID,
  spec: {
    remediationRequestRef: { name: 'rr-1' },
    workflowRef: { workflowId: 'echo', version: '1', containerImage: 'sandbox.local/echo:1' },
    targetResource: 'default/deployment/one',
  },
  settings: {
    executionNamespace: 'runs',
    pipelineName: 'workflow',
    serviceAccountName: 'runner',
    timeoutMs: 60_000,
    onConflict: 'Fail',
    cooldownMs: 60_000,
  },
};

/** A store whose pages hold one event, whatever was asked: as the port allows. */
function inSinglePages(store: EventStore): EventStore {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (name === 'readStream')
        return (stream: string, options = {}) => target.readStream(stream, { ...options, limit: 1 });
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

async function recorded(): Promise<EventStore> {
  const store = new MemoryEventStore();
  const dispatcher = new Dispatcher(store, new Executions(store), new VirtualClock(), quietTelemetry);
  const origin = (commandId: string) => ({ actor: { user: 'tester' }, source: 'rest', commandId }) as const;
  await dispatcher.dispatch(ID, CREATE, origin('c1'));
  await dispatcher.dispatch(
    ID,
    { type: 'CancelExecution', at: at(5), mode: 'Graceful', reason: 'slowly' },
    origin('c2'),
  );
  await dispatcher.dispatch(ID, { type: 'CancelExecution', at: at(9), mode: 'Immediate', reason: 'now' }, origin('c3'));
  return store;
}

describe('loading an execution', () => {
  it('folds the whole stream, also when the store answers with pages shorter than asked', async () => {
    const { execution, last } = await new Executions(inSinglePages(await recorded())).load(ID);
    expect(last).toMatchObject({ revision: 3, type: 'CancellationRequested', time: at(9) });
    expect(execution).toMatchObject({ phase: 'Pending', cancellation: { mode: 'Immediate' } });
  });

  it('folds up to a moment and no further', async () => {
    const executions = new Executions(await recorded());
    const { execution, last } = await executions.loadWhile(ID, (event) => event.metadata.time <= at(5));
    expect(last?.revision).toBe(2);
    expect(execution).toMatchObject({ cancellation: { mode: 'Graceful' } });
  });

  it('of which there is no stream is Absent', async () => {
    expect(await new Executions(new MemoryEventStore()).load(ID)).toEqual({ id: ID, execution: { phase: 'Absent' } });
  });

  it('reads an execution of version 1, which knew nothing of sensitive parameters: its values are what was given', async () => {
    const { data, time } = JSON.parse(readFileSync(GOLDEN_V1, 'utf8')) as { data: JsonObject; time: string };
    const { executionId } = data as unknown as { executionId: string };
    const store = new MemoryEventStore();
    const metadata = {
      time,
      actor: { user: 'past' },
      source: 'rest',
      commandId: 'c',
      correlationId: 'r',
      causationId: 'c',
    } as const;
    await store.append(`workflowexecution-${executionId}`, 'none', [
      { id: ID, type: 'ExecutionCreated', schemaVersion: 1, data, metadata },
    ]);
    const { execution } = await new Executions(store).load(executionId);
    expect(execution).toMatchObject({ phase: 'Pending', id: executionId, spec: data.spec, settings: data.settings });
    expect(execution).not.toHaveProperty('redacted');
  });

  it('refuses an event of a version it does not know, and says which', async () => {
    const store = new MemoryEventStore();
    const metadata = {
      time: at(0),
      actor: { user: 'later' },
      source: 'rest',
      commandId: 'c',
      correlationId: 'r',
      causationId: 'c',
    } as const;
    await store.append(`workflowexecution-${ID}`, 'none', [
      { id: ID, type: 'ExecutionCreated', schemaVersion: 99, data: {}, metadata },
    ]);
    await expect(new Executions(store).load(ID)).rejects.toThrow(/ExecutionCreated version 99.*newer version/);
  });

  it('forgets the oldest ones beyond its limit and still answers the same', async () => {
    const executions = new Executions(await recorded(), 1);
    const first = await executions.load(ID);
    await executions.load('0198c0de-0000-7000-8000-000000000003');
    expect(await executions.load(ID)).toEqual(first);
  });
});
