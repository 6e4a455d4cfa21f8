import type { Cluster, ResourceType, WatchMessage } from '#kubernetes';
import { PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { intercepted, MemoryWorld, NAMESPACE, RUNS } from '../support/memory-world.ts';

const RESYNC_MS = 600_000;

/** Watches of the lost types go on, but do not tell of changes: as if nothing had happened. */
const losing = (cluster: Cluster, lost: Set<ResourceType>): Cluster =>
  intercepted(cluster, 'watch', (call, [type]) => withoutChanges(call(), () => lost.has(type)));

async function* withoutChanges(
  messages: AsyncIterable<WatchMessage>,
  isLost: () => boolean,
): AsyncGenerator<WatchMessage> {
  for await (const message of messages) {
    if (message.type === 'BOOKMARK' || !isLost()) yield message;
    else yield { type: 'BOOKMARK', resourceVersion: message.object.metadata.resourceVersion ?? '' };
  }
}

describe('what the watches never told', () => {
  test('a run that somebody deleted is found within the resync period', async () => {
    const world = await MemoryWorld.open();
    const lost = new Set<ResourceType>();
    const runtime = await world.replica({ resyncMs: RESYNC_MS, cluster: losing(world.cluster, lost) });
    const id = await world.create(runtime, world.spec('hang'));
    await world.recorded(id, 'TaskStarted');
    const [run] = world.runsOf(id);
    lost.add(PIPELINE_RUNS);
    await world.cluster.delete(PIPELINE_RUNS, { namespace: RUNS, name: run?.metadata.name ?? '' });
    await world.clock.advance(RESYNC_MS / 2);
    expect(await world.types(id)).not.toContain('ExecutionFailed');
    await world.clock.advance(RESYNC_MS);
    expect(await world.types(id)).toEqual(expect.arrayContaining(['ExecutionFailed', 'LockReleased']));
    expect((await runtime.service.get(id))?.status.failureDetails).toMatchObject({ reason: 'PipelineRunDeleted' });
    await world.close();
  });

  test('a resource that somebody created is found within the resync period', async () => {
    const world = await MemoryWorld.open();
    const lost = new Set([WORKFLOW_EXECUTIONS]);
    await world.replica({ resyncMs: RESYNC_MS, cluster: losing(world.cluster, lost) });
    const { group, version, kind } = WORKFLOW_EXECUTIONS;
    const object = await world.cluster.create(WORKFLOW_EXECUTIONS, {
      apiVersion: `${group}/${version}`,
      kind,
      metadata: { namespace: NAMESPACE, name: 'unseen' },
      spec: world.spec('quick'),
    });
    await world.clock.advance(2 * RESYNC_MS);
    expect(await world.types(object.metadata.uid ?? '')).toContain('LockReleased');
    await world.close();
  });

  test('a resource removed by force while the service was down, of an execution that is long over, is found at the start', async () => {
    const world = await MemoryWorld.open();
    const first = await world.replica();
    const id = await world.create(first, world.spec('quick'), 'gone');
    await world.recorded(id, 'LockReleased');
    await world.within(first.stop());
    const body = { metadata: { finalizers: [] } };
    await world.cluster.patch(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: 'gone' }, { type: 'merge', body });
    await world.cluster.delete(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: 'gone' });
    await world.replica();
    await world.clock.advance(1_000);
    expect((await world.events(id)).at(-1)).toMatchObject({ type: 'ResourceRemoved', data: { how: 'Vanished' } });
    await world.close();
  });
});
