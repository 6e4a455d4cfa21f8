import type { Position } from '#event-store';
import { UnavailableError } from '#event-store';
import type { Execution, Pending } from '#execution';
import type { Loaded } from '../src/executions.ts';
import type { ExecutionRow } from '../src/read-model.ts';
import { TargetHistory } from '../src/target-history.ts';

const pending = (id: string, more: Partial<Pending> = {}): Pending =>
  ({
    ...{ phase: 'Pending', id, runName: 'wfe-1', spec: { targetResource: 'a/pod/x' } },
    ...{ settings: { executionNamespace: 'runs', onConflict: 'Wait' }, ...more },
  }) as unknown as Pending;

const CANCELLATION = { mode: 'Immediate', requestedAt: '', reason: '' } as const;

/** A log of these executions, in this order, all of which the read model has in line. */
function historyOf(executions: Readonly<Record<string, Execution | Error>>, isComplete = true): TargetHistory {
  const ids = Object.keys(executions);
  const load = async (id: string): Promise<Loaded> => {
    const execution = executions[id];
    if (execution instanceof Error) throw execution;
    if (execution === undefined) throw new Error(`no execution ${id}`);
    return { id, execution };
  };
  return new TargetHistory(
    { head: async () => '1' as Position },
    { reached: async () => isComplete },
    {
      waitingFor: async () => ids,
      holding: async () => ids,
      list: async () => ({ items: ids.map((id) => ({ id }) as ExecutionRow) }),
    },
    { load },
  );
}

describe('the line for a lock', () => {
  const me = pending('me');

  test.each<[string, Execution | Error, string]>([
    ['somebody before me keeps me', pending('first'), 'Behind'],
    ['one that is being cancelled keeps nobody', pending('first', { cancellation: CANCELLATION }), 'Next'],
    ['one that has left the line keeps nobody', { phase: 'Finished' } as Execution, 'Next'],
    ['one that cannot be read keeps nobody', new Error('written by a newer version'), 'Next'],
  ])('%s', async (_, first, place) => {
    expect(await historyOf({ first, me }).placeInLine(me)).toBe(place);
  });

  test('those behind me keep nobody', async () => {
    expect(await historyOf({ me, second: pending('second') }).placeInLine(me)).toBe('Next');
  });

  test('is unknown while the read model is behind, and when the store does not answer', async () => {
    expect(await historyOf({ first: pending('first'), me }, false).placeInLine(me)).toBe('Unknown');
    const away = historyOf({ first: new UnavailableError('away'), me });
    await expect(away.placeInLine(me)).rejects.toThrow(UnavailableError);
  });
});

test('an execution is the first of its target only when the log, up to its newest event, names no other', async () => {
  const me = pending('me');
  expect(await historyOf({ me }).isFirst(me)).toBe(true);
  expect(await historyOf({ me }, false).isFirst(me)).toBe(false);
  expect(await historyOf({ me, other: pending('other') }).isFirst(me)).toBe(false);
});

test('the holders of a lock are the others', async () => {
  const me = pending('me');
  const holders = await historyOf({ me, other: pending('other') }).holders(me);
  expect(holders.map(({ id }) => id)).toEqual(['other']);
});
