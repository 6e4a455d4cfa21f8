import { API_VERSION, FINALIZER } from '#execution';
import type { KubeObject } from '#kubernetes';
import { WORKFLOW_EXECUTIONS } from '#kubernetes';
import { Finalizers } from '../../libs/runtime/src/finalizers.ts';
import { ResourceObjects } from '../../libs/runtime/src/resource-objects.ts';
import { intercepted, MemoryWorld, NAMESPACE } from '../support/memory-world.ts';

const NAME = 'kept';

/** A resource in a cluster where nobody acts, with finalizers of others. */
async function open(others: readonly string[]) {
  const world = new MemoryWorld();
  let patches = 0;
  const cluster = intercepted(world.cluster, 'patch', (call) => {
    patches += 1;
    return call();
  });
  const create = (): Promise<KubeObject> =>
    world.cluster.create(WORKFLOW_EXECUTIONS, {
      apiVersion: API_VERSION,
      kind: WORKFLOW_EXECUTIONS.kind,
      metadata: { namespace: NAMESPACE, name: NAME, finalizers: others },
      spec: world.spec('quick'),
    });
  const objects = new ResourceObjects(cluster, { resource: () => undefined });
  return {
    finalizers: new Finalizers(cluster, objects, () => undefined),
    create,
    patches: () => patches,
    now: () => world.resource(NAME) as KubeObject,
    shown: () => world.resource(NAME)?.metadata.finalizers,
    remove: () => world.cluster.delete(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: NAME }),
    /** As another controller would. */
    set: (finalizers: readonly string[]) =>
      world.cluster.patch(
        WORKFLOW_EXECUTIONS,
        { namespace: NAMESPACE, name: NAME },
        { type: 'merge', body: { metadata: { finalizers } } },
      ),
  };
}

describe('our finalizer', () => {
  test('is put beside those of others, and taken from among them', async () => {
    const { create, finalizers, now, shown } = await open(['other/one']);
    await finalizers.add(await create());
    expect(shown()).toEqual(['other/one', FINALIZER]);
    expect(await finalizers.drop(now())).toBe(true);
    expect(shown()).toEqual(['other/one']);
    expect(await finalizers.drop(now())).toBe(false);
  });

  test('is put into the list as it is by then, when that was changed since it was seen', async () => {
    const { create, finalizers, set, shown } = await open(['other/one']);
    const seen = await create();
    await set(['other/two']);
    await finalizers.add(seen);
    expect(shown()).toEqual(['other/two', FINALIZER]);
  });

  test('is not asked for on an object that is on its way out', async () => {
    const { create, finalizers, remove, now, patches } = await open(['other/one']);
    await create();
    await remove();
    await finalizers.add(now());
    expect(patches()).toBe(0);
  });

  test('is not put on another object that has the name by now', async () => {
    const { create, finalizers, remove, shown } = await open([]);
    const seen = await create();
    await remove();
    await create();
    await finalizers.add(seen);
    expect(shown() ?? []).toEqual([]);
  });

  test('is gone with the object', async () => {
    const { create, finalizers, remove } = await open([]);
    const { metadata, ...rest } = await create();
    await remove();
    expect(await finalizers.drop({ ...rest, metadata: { ...metadata, finalizers: [FINALIZER] } })).toBe(true);
  });
});
