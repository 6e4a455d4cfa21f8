import { PIPELINE_RUNS } from '#kubernetes';
import { SandboxWorld } from '../../apps/sandbox/test/tekton/sandbox-world.ts';
import { startTaskRunCollector } from './task-run-collector.ts';

async function worldWithCollector(): Promise<SandboxWorld> {
  const world = new SandboxWorld();
  world.cluster.memory.collector.pause();
  await world.start();
  const { clock, cluster } = world;
  await startTaskRunCollector({
    clock,
    cluster,
    signal: new AbortController().signal,
    log: (line) => world.log.push(line),
  });
  return world;
}

describe('on a server without a controller manager', () => {
  test.each(['Foreground', 'Background'] as const)(
    '%s deletion of a run takes its task runs with it',
    async (propagation) => {
      const world = await worldWithCollector();
      await world.create('r', 'sandbox.local/echo:1');
      await world.create('s', 'sandbox.local/echo:1');
      await world.settled('r');
      await world.settled('s');
      await world.cluster.delete(PIPELINE_RUNS, world.named('r'), { propagation });
      let left: readonly string[] = [];
      await world.until(() => {
        left = world.cluster.names();
        return !left.some((name) => name.includes('/r'));
      });
      expect(left.filter((name) => name.includes('/s'))).toHaveLength(4);
      expect(world.log).toEqual([]);
    },
  );

  test('a run deleted in the foreground stays until its last task run is gone', async () => {
    const world = await worldWithCollector();
    await world.create('r', 'sandbox.local/echo:1');
    await world.settled('r');
    const orders = world.cluster.removed;
    await world.cluster.delete(PIPELINE_RUNS, world.named('r'), { propagation: 'Foreground' });
    await world.until(() => world.cluster.names().length === 0);
    expect(orders.at(-1)).toBe('PipelineRun kubernaut-workflows/r');
    expect(orders).toHaveLength(4);
  });

  test('so a name used again after a foreground deletion is clean', async () => {
    const world = await worldWithCollector();
    await world.create('r', 'sandbox.local/echo:1');
    await world.settled('r');
    await world.cluster.delete(PIPELINE_RUNS, world.named('r'), { propagation: 'Foreground' });
    await world.until(() => world.cluster.names().length === 0);
    await world.create('r', 'sandbox.local/fail:1');
    expect((await world.settled('r')).failure?.reason).toBe('TaskFailed');
  });
});
