import type { Stage } from '../e2e/stage.ts';
import { isChained } from '../e2e/client.ts';
import type { Door } from '../e2e/life/cancelling.ts';
import { DOORS, PHASES as CANCELLED_IN } from '../e2e/life/cancelling.ts';
import { PHASES as DELETED_IN } from '../e2e/life/deleting.ts';
import * as places from '../e2e/life/places.ts';
import { policy } from '../e2e/life/places.ts';
import { specFor } from '../support/rest.ts';

/** One execution on its way through a restart of the API server. */
export interface Course {
  /** Right before the server goes, which may be too late for anybody to have noticed. */
  readonly before?: () => Promise<unknown>;
  /** While it is away. */
  readonly during?: () => Promise<unknown>;
  /** Once it is back. */
  readonly holds: () => Promise<void>;
}

type Begin = (stage: Stage) => Promise<Course>;

/** Wait, Skip, Fail, release, cancel and deletion, each in every phase that it can meet, by what they are called in the report. */
export const COURSES: readonly (readonly [string, Begin])[] = [
  ['a run that goes on completes', running],
  ['a waiter whose turn comes meanwhile runs', waitersTurn],
  ['Skip meanwhile, of a target that is busy: ResourceBusy', (stage) => refused(stage, places.running, 'Skip')],
  ['Skip meanwhile, in the cooldown: RecentlyRemediated', (stage) => refused(stage, places.coolingDown, 'Skip')],
  ['Fail meanwhile: ExecutionRaceCondition', (stage) => refused(stage, places.running, 'Fail')],
  ['a release asked for meanwhile frees the target', released],
  ...CANCELLED_IN.flatMap(({ what, place, held }) => [
    [
      `Graceful by REST, meanwhile, of one that ${what}`,
      (stage: Stage) => cancelled(stage, 'REST', place, held.includes('Graceful')),
    ] as const,
    [
      `Immediate by spec.cancel, right before, of one that ${what}`,
      (stage: Stage) => cancelled(stage, 'spec.cancel', place, held.includes('Immediate')),
    ] as const,
  ]),
  ...DELETED_IN.map(
    ([what, place]) =>
      [`deletion, right before, of one that ${what}`, (stage: Stage) => deleted(stage, place)] as const,
  ),
];

async function running(stage: Stage): Promise<Course> {
  const { client } = stage;
  const { id, release } = await places.runningFinally(stage);
  const holds = async (): Promise<void> => {
    await release();
    expect((await client.ended(id)).status.phase).toBe('Completed');
    isChained(await client.history(id));
  };
  return { holds };
}

async function waitersTurn(stage: Stage): Promise<Course> {
  const { client } = stage;
  const { id, release } = await places.waiting(stage);
  const holds = async (): Promise<void> => {
    expect((await client.ended(id)).status.phase).toBe('Completed');
    isChained(await client.history(id));
  };
  return { during: async () => release(), holds };
}

async function refused(stage: Stage, place: places.Place, onConflict: 'Skip' | 'Fail'): Promise<Course> {
  const { client } = stage;
  const owner = await place(stage);
  let id = '';
  const during = async (): Promise<void> => {
    id = await client.accepted(specFor('quick', owner.target, policy(onConflict)));
  };
  const holds = async (): Promise<void> => {
    const { skipDetails, failureDetails } = (await client.ended(id)).status;
    const expected = place === places.coolingDown ? 'RecentlyRemediated' : 'ResourceBusy';
    if (onConflict === 'Skip')
      expect(skipDetails).toMatchObject({ reason: expected, holder: { executionId: owner.id } });
    else expect(failureDetails).toMatchObject({ reason: 'ExecutionRaceCondition', wasExecutionFailure: false });
    expect(await client.runs(id)).toHaveLength(0);
  };
  return { during, holds };
}

async function released(stage: Stage): Promise<Course> {
  const { client } = stage;
  const { id, target } = await places.coolingDown(stage);
  const during = async (): Promise<void> => {
    expect((await client.post(id, 'release', { reason: 'the target is needed' })).status).toBe(200);
  };
  const holds = async (): Promise<void> => {
    await client.recorded(id, 'LockReleased');
    expect(await client.runs(id)).toHaveLength(0);
    const next = await client.accepted(specFor('quick', target));
    expect((await client.ended(next)).status.phase).toBe('Completed');
  };
  return { during, holds };
}

async function cancelled(stage: Stage, door: Door, place: places.Place, isHeld: boolean): Promise<Course> {
  const { client } = stage;
  const placed = await place(stage);
  const mode = door === 'REST' ? 'Graceful' : 'Immediate';
  const order = (): Promise<void> => DOORS[door](stage, placed, mode);
  const holds = async (): Promise<void> => {
    await client.recorded(placed.id, 'CancellationRequested', ({ data }) => data['mode'] === mode);
    if (isHeld) await placed.release();
    expect((await client.ended(placed.id)).status.outcome).toBe('Cancelled');
    isChained(await client.history(placed.id));
    await client.shown(placed.name, 'Failed');
  };
  return { ...(door === 'REST' ? { during: order } : { before: order }), holds };
}

async function deleted(stage: Stage, place: places.Place): Promise<Course> {
  const { client } = stage;
  const { id, name, release } = await place(stage);
  const holds = async (): Promise<void> => {
    await client.recorded(id, 'ResourceDeletionRequested');
    if (place === places.notPickedUp) await release();
    await client.gone(name);
    await client.recorded(id, 'ResourceRemoved');
    expect(await client.runs(id)).toHaveLength(0);
    expect(await client.taskRuns(id)).toHaveLength(0);
    isChained(await client.history(id));
  };
  return { before: () => client.remove(name), holds };
}
