import type { ExecutionSpec } from '#execution';
import type { Cluster, KubeObject } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { intercepted, MemoryWorld, NAMESPACE } from '../support/memory-world.ts';

const HOUR_MS = 3_600_000;
const MINE = { namespace: NAMESPACE, name: 'mine' };

/** A right that was taken away. */
class Right {
  isMissing = false;

  check(what: string): void {
    if (this.isMissing) throw new ClusterError('forbidden', `${what} is forbidden`, { status: 403 });
  }
}

const RUNS_OUT_OF_REACH: Readonly<Record<'get' | 'delete', (cluster: Cluster, right: Right) => Cluster>> = {
  get: (cluster, right) =>
    intercepted(cluster, 'get', async (call, [type]) => {
      if (type === PIPELINE_RUNS) right.check('get pipelineruns');
      return call();
    }),
  delete: (cluster, right) =>
    intercepted(cluster, 'delete', async (call, [type]) => {
      if (type === PIPELINE_RUNS) right.check('delete pipelineruns');
      return call();
    }),
};

describe('a deleted resource whose run cannot be reached', () => {
  test.each(['get', 'delete'] as const)('goes when the bound has passed: may not %s the run', async (method) => {
    const world = await MemoryWorld.open();
    const right = new Right();
    const runtime = await world.replica({ cluster: RUNS_OUT_OF_REACH[method](world.cluster, right) });
    const id = await world.create(runtime, world.spec('hang'), MINE.name);
    await world.recorded(id, 'TaskStarted');
    right.isMissing = true;
    await world.cluster.delete(WORKFLOW_EXECUTIONS, MINE);
    await world.clock.advance(HOUR_MS);
    expect(world.resource(MINE.name)).toBeUndefined();
    expect(await world.types(id)).toEqual(expect.arrayContaining(['ResourceLetGo', 'ResourceRemoved']));
    right.isMissing = false;
    await world.recorded(id, 'LockReleased');
    await world.close();
  });
});

describe('a resource that may not be changed any more', () => {
  test('does not keep its run from being removed, nor the lock', async () => {
    const world = await MemoryWorld.open();
    const right = new Right();
    const cluster = intercepted(world.cluster, 'patch', async (call, [type]) => {
      if (type === WORKFLOW_EXECUTIONS) right.check('patch workflowexecutions');
      return call();
    });
    const runtime = await world.replica({ cluster });
    const id = await world.create(runtime, world.spec('hang'), MINE.name);
    await world.recorded(id, 'TaskStarted');
    right.isMissing = true;
    await world.cluster.patch(WORKFLOW_EXECUTIONS, MINE, { type: 'merge', body: { metadata: { finalizers: [] } } });
    await world.clock.advance(HOUR_MS);
    expect(await world.types(id)).toContain('LockReleased');
    expect(world.runsOf(id)).toEqual([]);
    await world.close();
  });
});

describe('a resource that cannot be given a finalizer', () => {
  test('ends its execution when patience is exhausted, and keeps nobody who waits in line behind it', async () => {
    const world = await MemoryWorld.open({ onConflict: 'Wait' });
    const cluster = intercepted(world.cluster, 'patch', async (call, [type, { name }]) => {
      if (type === WORKFLOW_EXECUTIONS && name === MINE.name) throw new ClusterError('forbidden', 'denied by a policy');
      return call();
    });
    const runtime = await world.replica({ cluster });
    const spec = world.spec('quick');
    const { metadata } = await world.cluster.create(WORKFLOW_EXECUTIONS, objectOf(spec));
    const id = metadata.uid ?? '';
    await world.recorded(id, 'ResourceBound');
    const behind = await world.create(runtime, spec);
    await world.recorded(behind, 'ExecutionCompleted');
    expect(await world.types(id)).toEqual(['ExecutionCreated', 'ResourceBound', 'ExecutionDelayed', 'ExecutionFailed']);
    const { status } = (await runtime.service.get(id)) ?? {};
    expect(status?.failureDetails).toMatchObject({
      message: expect.stringMatching(/gave up after 10m.* finalizer .*denied by a policy/),
      wasExecutionFailure: false,
    });
    await world.close();
  });
});

describe('a run whose start is refused, by something else than that it is awake', () => {
  test.each(['bad-request', 'invalid'] as const)('is started when it no longer is: %s', async (code) => {
    const world = await MemoryWorld.open();
    let isRefused = true;
    const cluster = intercepted(world.cluster, 'patch', async (call, [type]) => {
      if (isRefused && type === PIPELINE_RUNS)
        throw new ClusterError(code, 'denied by a webhook that is being replaced');
      return call();
    });
    const runtime = await world.replica({ cluster });
    const id = await world.create(runtime, world.spec('quick'));
    await world.recorded(id, 'PipelineRunCreated');
    await world.clock.advance(5_000);
    isRefused = false;
    await world.recorded(id, 'ExecutionCompleted');
    expect(await world.types(id)).not.toContain('RunOverdue');
    expect(world.started).toHaveLength(1);
    await world.close();
  });
});

function objectOf(spec: ExecutionSpec): KubeObject {
  const { kind } = WORKFLOW_EXECUTIONS;
  return { apiVersion: 'workflowexecution.kubernaut.ai/v1alpha1', kind, metadata: MINE, spec };
}
