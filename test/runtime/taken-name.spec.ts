import type { KubeObject } from '#kubernetes';
import { WORKFLOW_EXECUTIONS } from '#kubernetes';
import { intercepted, MemoryWorld } from '../support/memory-world.ts';

type Forge = (object: KubeObject) => KubeObject;

const withoutLabel: Forge = ({ metadata, ...object }) => ({ ...object, metadata: { ...metadata, labels: {} } });
const withOtherSpec: Forge = ({ spec, ...object }) => ({
  ...object,
  spec: { ...(spec as object), targetResource: 'world/deployment/theirs' },
});

describe('a resource that somebody creates under the name, just before we do', () => {
  test.each<[string, Forge]>([
    ['does not name the execution', withoutLabel],
    ['names it, but wishes something else', withOtherSpec],
  ])('is not taken for ours when it %s, neither then nor later', async (_, forge) => {
    const world = await MemoryWorld.open();
    let isFirst = true;
    const cluster = intercepted(world.cluster, 'create', async (call, [type, object]) => {
      if (type === WORKFLOW_EXECUTIONS && isFirst) {
        isFirst = false;
        await world.cluster.create(type, forge(object));
      }
      return call();
    });
    const runtime = await world.replica({ cluster });
    const id = await world.create(runtime, world.spec('quick'), 'taken');
    await world.recorded(id, 'ExecutionFailed');
    await world.clock.advance(60_000);
    expect(await world.types(id)).toEqual(['ExecutionCreated', 'ExecutionFailed']);
    expect((await runtime.service.get(id))?.status.failureDetails?.message).toContain('another WorkflowExecution');
    await world.close();
  });
});
