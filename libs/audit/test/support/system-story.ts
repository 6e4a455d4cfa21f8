import fc from 'fast-check';
import type { Command } from '#execution';
import { minute } from '../../../execution/test/support/examples.ts';
import { commands } from '../../../execution/test/support/arbitraries.ts';
import { StoryLog, uuid } from './story-log.ts';

export const TARGETS = ['ns/pod/p', 'node/n1'] as const;
export const WORKFLOWS = ['restart', 'scale'] as const;

interface Order {
  readonly id: string;
  readonly command: Command;
}

const execution = (n: number) =>
  fc
    .tuple(commands(6), fc.constantFrom(...TARGETS), fc.constantFrom(...WORKFLOWS))
    .map(([given, targetResource, workflowId]): Order[] => {
      const id = uuid(`execution ${n}`);
      return given.map((command) => {
        if (command.type !== 'CreateExecution') return { id, command };
        const workflowRef = { ...command.spec.workflowRef, workflowId };
        return { id, command: { ...command, executionId: id, spec: { ...command.spec, targetResource, workflowRef } } };
      });
    });

/**
 * Orders to a few executions on two targets, in an interleaving of their own, about a minute apart; now and then the
 * clock is set back.
 */
export const systemOrders: fc.Arbitrary<readonly Order[]> = fc
  .tuple(
    fc.tuple(execution(0), execution(1), execution(2)),
    fc.array(fc.nat(2), { minLength: 21, maxLength: 21 }),
    fc.array(fc.constantFrom(1, 1, 1, 1, 0, -3), { minLength: 21, maxLength: 21 }),
  )
  .map(([all, turns, steps]) => {
    const rest = all.map((orders) => [...orders]);
    let now = 5;
    return turns.flatMap((turn, index) => {
      const next = [rest[turn], ...rest].find((orders) => orders !== undefined && orders.length > 0)?.shift();
      now += steps[index] ?? 1;
      return next === undefined ? [] : [{ ...next, command: { ...next.command, at: minute(now) } }];
    });
  });

export async function told(orders: readonly Order[]): Promise<StoryLog> {
  const story = new StoryLog();
  for (const { id, command } of orders) await story.give(id, command);
  return story;
}

/** Any moment around the story, also between its events. */
export const anyMoment: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: -2, max: 30 }), fc.constantFrom(-1, 0, 1))
  .map(([n, ms]) => new Date(Date.parse(minute(n)) + ms).toISOString());
