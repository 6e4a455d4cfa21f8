import type { EventStore } from '#event-store';
import { openSqliteEventStore } from '#event-store';
import { systemClock } from '#kubernetes';
import { Dispatcher } from '../../../libs/runtime/src/dispatcher.ts';
import { Executions } from '../../../libs/runtime/src/executions.ts';
import { quietTelemetry } from '../../../libs/runtime/test/support/quiet.ts';
import type { Life } from './lives.ts';
import { lifeOf } from './lives.ts';

export interface Generated {
  readonly executions: number;
  readonly events: number;
  readonly seconds: number;
}

/** Events of one generated execution, on average. */
const EVENTS_PER_LIFE = 14.1;
/** Executions that go on at the same time. */
const AT_ONCE = 64;

export const executionsFor = (events: number): number => Math.ceil(events / EVENTS_PER_LIFE);

/**
 * Fills a new event log with executions that have ended, through the one way into it: dispatcher, decider, expected
 * revision, durable append.
 */
export async function generateLog(
  file: string,
  executions: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<Generated> {
  const startMs = performance.now();
  const store = await openSqliteEventStore({ file });
  try {
    let events = 0;
    for (let begin = 0; begin < executions; begin += AT_ONCE) {
      const lives = Array.from({ length: Math.min(AT_ONCE, executions - begin) }, (_, at) => begin + at);
      const counts = await live(
        store,
        lives.map((index) => lifeOf(index, executions)),
      );
      events += counts.reduce((sum, count) => sum + count, 0);
      onProgress(begin + lives.length);
    }
    return { executions, events, seconds: (performance.now() - startMs) / 1000 };
  } finally {
    await store.close();
  }
}

/** All lives side by side, each one's commands one after the other. @returns events recorded in each */
function live(store: EventStore, lives: readonly Life[]): Promise<number[]> {
  const executions = new Executions(store, AT_ONCE);
  const dispatcher = new Dispatcher(store, executions, systemClock, quietTelemetry);
  return Promise.all(lives.map((life) => liveOut(dispatcher, life)));
}

async function liveOut(dispatcher: Dispatcher, { executionId, user, commands }: Life): Promise<number> {
  let events = 0;
  for (const [index, command] of commands.entries()) {
    const isAsked = command.type === 'CreateExecution' || command.type === 'CancelExecution';
    const done = await dispatcher.dispatch(executionId, command, {
      actor: { user: isAsked ? user : 'workflow-execution-service' },
      source: isAsked ? 'rest' : 'driver',
      commandId: `${executionId.slice(0, 24)}${index.toString(16).padStart(12, 'c')}`,
    });
    if (done.kind === 'Refused') throw new Error(`${executionId}: ${command.type} was refused: ${done.message}`);
    events += done.recorded.length;
  }
  return events;
}
