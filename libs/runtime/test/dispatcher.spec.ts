import { MemoryEventStore, OutcomeUnknownError, UnavailableError } from '#event-store';
import type { EventStore } from '#event-store';
import type { CreateExecution } from '#execution';
import { streamOf } from '#execution';
import { VirtualClock } from '#kubernetes';
import { Dispatcher } from '../src/dispatcher.ts';
import { Executions } from '../src/executions.ts';
import { quietTelemetry } from './support/quiet.ts';

const ID = '0198c0de-0000-7000-8000-000000000001';
const AT = '2026-01-01T00:00:00.000Z';

const create: CreateExecution = {
  type: 'CreateExecution',
  at: AT,
  executionId: ID,
  entry: 'rest',
  resource: { namespace: 'default', name: 'one' },
  spec: {
    remediationRequestRef: { name: 'rr-1' },
    workflowRef: { workflowId: 'echo', version: '1', containerImage: 'sandbox.local/echo:1' },
    targetResource: 'default/deployment/one',
  },
  settings: {
    executionNamespace: 'kubernaut-workflows',
    pipelineName: 'workflow',
    serviceAccountName: 'runner',
    timeoutMs: 60_000,
    onConflict: 'Fail',
    cooldownMs: 60_000,
  },
};

const cancel = { type: 'CancelExecution', at: AT, mode: 'Graceful', reason: 'enough' } as const;

const origin = (commandId: string) => ({ actor: { user: 'somebody' }, source: 'rest', commandId }) as const;

/** The store, with the next appends answered otherwise. */
function troubled(store: EventStore, answers: ((append: () => Promise<unknown>) => Promise<never>)[]): EventStore {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      const method = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      if (name !== 'append') return method;
      return (...args: unknown[]) => {
        const answer = answers.shift();
        return answer === undefined ? method(...args) : answer(() => method(...args));
      };
    },
  });
}

function scene(...answers: ((append: () => Promise<unknown>) => Promise<never>)[]) {
  const store = new MemoryEventStore();
  const clock = new VirtualClock();
  const seen = troubled(store, answers);
  const dispatcher = new Dispatcher(seen, new Executions(seen), clock, quietTelemetry);
  const events = async () => (await store.readStream(streamOf(ID))).events;
  return { store, clock, dispatcher, events };
}

/** Runs while virtual time passes. */
async function passing<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  done.catch(() => undefined);
  for (let i = 0; i < 100 && !isDone; i += 1) await clock.advance(1_000);
  return done;
}

describe('the dispatcher', () => {
  it('records the events of a command with who, why and when', async () => {
    const { dispatcher, events } = scene();
    await dispatcher.dispatch(ID, create, origin('command-1'));
    const [created] = await events();
    expect(created).toMatchObject({ type: 'ExecutionCreated', schemaVersion: 2, revision: 0 });
    expect(created?.metadata).toEqual({
      time: AT,
      actor: { user: 'somebody' },
      source: 'rest',
      commandId: 'command-1',
      correlationId: 'rr-1',
      causationId: 'command-1',
    });
  });

  it('records nothing for a command that was given before', async () => {
    const { dispatcher, events } = scene();
    await dispatcher.dispatch(ID, create, origin('command-1'));
    const again = await dispatcher.dispatch(ID, create, origin('command-2'));
    expect(again).toMatchObject({ kind: 'Done', recorded: [] });
    expect(await events()).toHaveLength(1);
  });

  it('answers a refusal as a value', async () => {
    const { dispatcher } = scene();
    expect(await dispatcher.dispatch(ID, cancel, origin('command-1'))).toMatchObject({
      kind: 'Refused',
      code: 'ExecutionUnknown',
    });
  });

  it('decides again on the newer state when somebody else was faster', async () => {
    const faster = async (append: () => Promise<unknown>): Promise<never> => {
      const other = new Dispatcher(store, new Executions(store), new VirtualClock(), quietTelemetry);
      await other.dispatch(ID, cancel, origin('command-2'));
      return (await append()) as never; // now the stream is no longer as it was when it was loaded
    };
    const store = new MemoryEventStore();
    const answers: ((append: () => Promise<unknown>) => Promise<never>)[] = [];
    const seen = troubled(store, answers);
    const dispatcher = new Dispatcher(seen, new Executions(seen), new VirtualClock(), quietTelemetry);
    await dispatcher.dispatch(ID, create, origin('command-1'));
    answers.push(faster);
    const late = await dispatcher.dispatch(ID, { ...cancel, mode: 'Immediate' }, origin('command-3'));
    expect(late).toMatchObject({ kind: 'Done', recorded: ['CancellationRequested'] });
    const { events } = await store.readStream(streamOf(ID));
    expect(events.map((event) => event.data['mode'])).toEqual([undefined, 'Graceful', 'Immediate']);
  });

  it('writes one copy when the reply of an append is lost', async () => {
    const lost = async (append: () => Promise<unknown>): Promise<never> => {
      await append();
      throw new OutcomeUnknownError('no reply');
    };
    const { clock, dispatcher, events } = scene(lost, lost);
    const done = await passing(clock, dispatcher.dispatch(ID, create, origin('command-1')));
    expect(done).toMatchObject({ kind: 'Done', recorded: ['ExecutionCreated'] });
    expect(await events()).toHaveLength(1);
  });

  it('writes one copy when an append of unknown outcome was not applied', async () => {
    const gone = (): Promise<never> => Promise.reject(new OutcomeUnknownError('no reply'));
    const { clock, dispatcher, events } = scene(gone);
    await passing(clock, dispatcher.dispatch(ID, create, origin('command-1')));
    expect(await events()).toHaveLength(1);
  });

  it('gives up repeating after a bounded number of unknown outcomes', async () => {
    const gone = (): Promise<never> => Promise.reject(new OutcomeUnknownError('no reply'));
    const { clock, dispatcher } = scene(...Array.from({ length: 20 }, () => gone));
    await expect(passing(clock, dispatcher.dispatch(ID, create, origin('command-1')))).rejects.toThrow(
      OutcomeUnknownError,
    );
  });

  it('lets an unavailable store through: nothing was recorded', async () => {
    const { dispatcher, store } = scene(() => Promise.reject(new UnavailableError('disk full')));
    await expect(dispatcher.dispatch(ID, create, origin('command-1'))).rejects.toThrow(UnavailableError);
    await expect(store.readStream(streamOf(ID))).rejects.toThrow();
  });
});
