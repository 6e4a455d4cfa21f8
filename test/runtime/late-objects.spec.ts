import type { Cluster, KubeObject, ResourceType, WatchMessage } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { Leadership } from '#runtime';
import { alone } from '../../libs/runtime/src/leadership.ts';
import { intercepted, MemoryWorld, NAMESPACE } from '../support/memory-world.ts';

/** The first create of a type gets no answer; it is carried out when the test says so. */
function lateCreate(cluster: Cluster, type: ResourceType) {
  let carryOut: (() => Promise<unknown>) | undefined;
  const troubled = intercepted(cluster, 'create', (call, [created]) => {
    if (created !== type) return call();
    carryOut ??= call;
    return Promise.reject(new ClusterError('timeout', 'no answer', { outcomeUnknown: true }));
  });
  return { troubled, carryOut: () => carryOut?.() };
}

/** From when the test says so, the watch of task runs tells nothing any more. */
const silenced = (cluster: Cluster, isSilent: () => boolean): Cluster =>
  intercepted(cluster, 'watch', (call, [type]) => (type === TASK_RUNS ? until(isSilent, call()) : call()));

async function* until(isSilent: () => boolean, messages: AsyncIterable<WatchMessage>): AsyncGenerator<WatchMessage> {
  for await (const message of messages) if (!isSilent()) yield message;
}

describe('what comes late', () => {
  test('a resource created after its execution gave up on it shows that end, and can be deleted', async () => {
    const world = await MemoryWorld.open({ creationPatienceMs: 60_000 });
    const { troubled, carryOut } = lateCreate(world.cluster, WORKFLOW_EXECUTIONS);
    const runtime = await world.replica({ cluster: troubled });
    const id = await world.create(runtime, world.spec('quick'), 'late');
    await world.recorded(id, 'ExecutionFailed');
    await carryOut();
    await world.until('the resource to show its end', () => phaseOf(world.resource('late')) === 'Failed');
    await world.cluster.delete(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: 'late' });
    await world.until('the resource to be gone', () => world.resource('late') === undefined);
    expect(await world.types(id)).toEqual(expect.arrayContaining(['ResourceBound', 'ResourceRemoved']));
    await world.close();
  });

  test('a stray run that came while the service was down is found, also when the resource of its execution is gone', async () => {
    const world = await MemoryWorld.open({ cooldownMs: 0, ttlAfterFinishedMs: 1_000 });
    const { troubled, carryOut } = straysOf(world.cluster);
    const first = await world.replica({ cluster: troubled });
    const id = await world.create(first, world.spec('quick'));
    await world.recorded(id, 'ResourceRemoved');
    await world.within(first.stop());
    await carryOut();
    await world.replica();
    expect(await world.recorded(id, 'StrayRunRemoved')).toContain('ContradictionObserved');
    expect(world.runsOf(id)).toEqual([]);
    await world.close();
  });

  test('a new leader does not judge the end of a run by a task run that a predecessor of that name left in its cache', async () => {
    const world = await MemoryWorld.open();
    let isSilent = false;
    const takesOver = Promise.withResolvers<void>();
    const leads: Leadership = { run: (signal, lead) => takesOver.promise.then(() => alone.run(signal, lead)) };
    const first = await world.replica();
    await world.replica({ cluster: silenced(world.cluster, () => isSilent), leadership: leads });
    await world.recorded(await world.create(first, world.spec('echo')), 'ExecutionCompleted');
    isSilent = true;
    await world.clock.advance(10_000);
    const id = await world.create(first, world.spec('echo'));
    await world.recorded(id, 'PipelineRunCreated');
    await world.within(first.stop());
    takesOver.resolve();
    expect(await world.recorded(id, 'LockReleased')).toContain('ExecutionCompleted');
    await world.close();
  });
});

/** Each create of a run is made; the first of them is made once more when the test says so. */
function straysOf(cluster: Cluster) {
  let again: (() => Promise<unknown>) | undefined;
  const troubled = intercepted(cluster, 'create', (call, [type]) => {
    if (type === PIPELINE_RUNS) again ??= call;
    return call();
  });
  return { troubled, carryOut: () => again?.() };
}

const phaseOf = (resource: KubeObject | undefined): unknown =>
  (resource?.status as { phase?: string } | undefined)?.phase;
