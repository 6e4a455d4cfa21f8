import { intercepted, MemoryWorld } from '../support/memory-world.ts';

const CALLER = { actor: { user: 'tester' }, source: 'rest' } as const;
const LATER = 1_000_000n;

describe('an API server that was restored from a backup', () => {
  test('is shown the status all the same, although what was written before had later versions', async () => {
    const world = await MemoryWorld.open();
    let [lost, writes] = [0, 0];
    const cluster = intercepted(world.cluster, 'patchStatus', async (call) => {
      writes += 1;
      const after = await call();
      if (lost === 0) return after;
      lost -= 1; // the version it had in the history that is gone
      const resourceVersion = String(BigInt(after.metadata.resourceVersion ?? '') + LATER);
      return { ...after, metadata: { ...after.metadata, resourceVersion } };
    });
    const runtime = await world.replica({ cluster });
    const id = await world.create(runtime, world.spec('hang'), 'mine');
    await world.recorded(id, 'TaskStarted');
    await world.clock.advance(3_000);
    [lost, writes] = [1, 0];
    await world.within(runtime.service.cancel(id, 'Immediate', 'enough', CALLER));
    await world.recorded(id, 'ExecutionCancelled');
    await world.clock.advance(2_000);
    expect(world.resource('mine')?.status).toMatchObject({ phase: 'Failed', outcome: 'Cancelled' });
    expect(writes).toBeLessThan(10);
    await world.close();
  });
});
