import { specFor } from '../../support/rest.ts';
import { until } from '../../support/until.ts';
import { isChained } from '../client.ts';
import type { Stage } from '../stage.ts';
import type { Place, Placed } from './places.ts';
import * as places from './places.ts';

const CANCEL = ['CancellationRequested', 'ExecutionCancelled'];
const RELEASE = ['ReleaseRequested', 'LockReleased'];
/** What a deletion adds to the history, in the order of the log. */
const TOLD = new Set(['ResourceDeletionRequested', 'ResourceRemoved', ...CANCEL, ...RELEASE]);

export const PHASES: readonly [what: string, place: Place, follows: readonly string[]][] = [
  ['waits for the lock', places.waiting, CANCEL],
  ['has no run yet', places.beforeRun, CANCEL],
  ['was not picked up yet', places.notPickedUp, [...CANCEL, ...RELEASE]],
  ['is being resolved', places.resolving, [...CANCEL, ...RELEASE]],
  ['runs', places.running, [...CANCEL, ...RELEASE]],
  ['runs its finally task', places.runningFinally, [...CANCEL, ...RELEASE]],
  ['is in its cooldown', places.coolingDown, RELEASE],
  ['has given its lock back', places.released, []],
];

const BY_FORCE = PHASES.filter(([, place]) =>
  [places.waiting, places.running, places.coolingDown, places.released].includes(place),
);

export function deleting(stage: Stage): void {
  const told = async (id: string): Promise<readonly string[]> =>
    (await stage.client.types(id)).filter((type) => TOLD.has(type));

  /** Nothing of it is left in the cluster, all of it in the log, and the target is free. */
  async function isOver({ id, target, release }: Placed): Promise<void> {
    const { client } = stage;
    expect(await client.runs(id)).toHaveLength(0);
    expect(await client.taskRuns(id)).toHaveLength(0);
    isChained(await client.history(id));
    expect((await client.get(id)).executionId).toBe(id);
    await release();
    const next = await client.accepted(specFor('quick', target));
    expect((await client.ended(next)).status.phase).toBe('Completed');
    expect(await client.types(next)).toContain('TaskStarted');
  }

  it.each(PHASES)(
    'of one that %s: it goes when its run is gone, and the history stays',
    async (_what, place, follows) => {
      const { client } = stage;
      const placed = await place(stage);
      const before = await told(placed.id);
      await client.remove(placed.name);
      if (place === places.notPickedUp) {
        await client.recorded(placed.id, 'CancellationRequested');
        await placed.release();
      }
      await client.gone(placed.name);
      const removed = await client.recorded(placed.id, 'ResourceRemoved');
      expect(removed.data['how']).toBe('Finalized');
      expect((await told(placed.id)).slice(before.length)).toEqual([
        'ResourceDeletionRequested',
        ...follows,
        'ResourceRemoved',
      ]);
      await isOver(placed);
    },
  );

  it('a finalizer of somebody else keeps the resource, and not the run', async () => {
    const { client } = stage;
    const placed = await places.running(stage);
    const release = await client.keepResource(placed.name);
    await client.remove(placed.name);
    await client.recorded(placed.id, 'LockReleased');
    expect(await client.runs(placed.id)).toHaveLength(0);
    await until('our finalizer to be gone', async () => (await client.finalizersOf(placed.name)).length === 1);
    expect(await client.types(placed.id)).not.toContain('ResourceRemoved');
    await release();
    await client.gone(placed.name);
    await client.recorded(placed.id, 'ResourceRemoved');
  });

  it('by force while the service is down: noticed at the next start, recorded, and the run removed', async () => {
    const { client, service } = stage;
    const placed = await Promise.all(
      BY_FORCE.map(async ([, place, follows]) => ({ follows, ...(await place(stage)) })),
    );
    const before = await Promise.all(placed.map(({ id }) => told(id)));
    await service.stop();
    for (const { name } of placed) await client.removeByForce(name);
    await service.start();
    for (const [index, each] of placed.entries()) {
      const removed = await client.recorded(each.id, 'ResourceRemoved');
      expect(removed.data['how']).toBe('Vanished');
      const last = each.follows.at(-1);
      if (last !== undefined) await client.recorded(each.id, last);
      expect((await told(each.id)).slice(before[index]?.length)).toEqual(['ResourceRemoved', ...each.follows]);
      await isOver(each);
    }
  });
}
