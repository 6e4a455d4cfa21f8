import type { RunRef } from '#execution';
import type { Cluster, KubeObject } from '#kubernetes';
import { PIPELINE_RUNS } from '#kubernetes';
import { RunStart } from '../../libs/runtime/src/run-start.ts';
import { intercepted, MemoryWorld, RUNS } from '../support/memory-world.ts';

/** Runs beyond this are forgotten, the longest known first. */
const REMEMBERED = 5_000;

async function asleep(world: MemoryWorld, name: string): Promise<{ run: KubeObject; ref: RunRef }> {
  const run = await world.cluster.create(PIPELINE_RUNS, {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    metadata: { namespace: RUNS, name },
    spec: { pipelineRef: { name: 'any' }, status: 'PipelineRunPending' },
  });
  const { uid = '', creationTimestamp: createdAt = '' } = run.metadata;
  return { run, ref: { namespace: RUNS, name, uid, createdAt } };
}

const awake = (run: KubeObject): KubeObject => ({ ...run, spec: { pipelineRef: { name: 'any' } } });

describe('the start of a run that is in the log', () => {
  const open = async (cluster: (real: Cluster) => Cluster = (real) => real) => {
    const world = await MemoryWorld.open();
    await world.within(world.tekton.pause());
    const patches: string[] = [];
    const counted = intercepted(cluster(world.cluster), 'patch', (call, [, { name }]) => {
      patches.push(name);
      return call();
    });
    return { world, counted, patches };
  };

  test('needs no patch when the watch shows it awake, and none twice', async () => {
    const { world, counted, patches } = await open();
    const { run, ref } = await asleep(world, 'one');
    await new RunStart(counted, { run: () => awake(run) }).start(ref);
    expect(patches).toEqual([]);
    const start = new RunStart(counted, { run: () => undefined });
    await start.start(ref);
    await start.start(ref);
    expect(patches).toEqual(['one']);
    expect(world.started).toEqual([ref.uid]);
    await world.close();
  });

  test('is not taken for done because another run of that name is awake', async () => {
    const { world, counted } = await open();
    const { run, ref } = await asleep(world, 'one');
    const earlier = awake({ ...run, metadata: { ...run.metadata, uid: 'earlier' } });
    await new RunStart(counted, { run: () => earlier }).start(ref);
    expect(world.started).toEqual([ref.uid]);
    await world.close();
  });

  test('of a run that is gone, or has been replaced, starts nothing', async () => {
    const { world, counted, patches } = await open();
    const { ref } = await asleep(world, 'one');
    const start = new RunStart(counted, { run: () => undefined });
    await start.start({ ...ref, uid: 'earlier' });
    await start.start({ ...ref, name: 'none' });
    expect([patches, world.started]).toEqual([['one', 'none'], []]);
    await world.close();
  });

  test('is remembered of so many runs', async () => {
    const { world, patches } = await open();
    const { run, ref } = await asleep(world, 'one');
    const told = {
      get: () => Promise.resolve(run),
      patch: (_type: unknown, { name }: { name: string }) => (patches.push(name), Promise.resolve(run)),
    };
    const start = new RunStart(told, { run: () => undefined });
    for (let count = 0; count <= REMEMBERED; count += 1) await start.start({ ...ref, uid: `${count}` });
    await start.start({ ...ref, uid: '1' });
    await start.start({ ...ref, uid: '0' });
    expect(patches).toHaveLength(REMEMBERED + 2);
    await world.close();
  });
});
