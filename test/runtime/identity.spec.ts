import type { Cluster, KubeObject } from '#kubernetes';
import { PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { until } from '../support/until.ts';
import { NAMESPACE, RUNS, Scene } from './scene.ts';

const ID_LABEL = 'workflowexecution.kubernaut.ai/execution-id';
const withoutLabel = { type: 'merge', body: { metadata: { labels: { [ID_LABEL]: null } } } } as const;

/** The API as it answers once a newer CRD has given every spec one more default. */
function defaulting(cluster: Cluster): Cluster {
  const shown = (object: KubeObject): KubeObject =>
    object.kind === WORKFLOW_EXECUTIONS.kind
      ? { ...object, spec: { confidence: 0, ...(object.spec as object) } }
      : object;
  return new Proxy(cluster, {
    get: (target, name) => {
      if (name === 'get') return async (...at: Parameters<Cluster['get']>) => shown(await target.get(...at));
      if (name === 'list')
        return async (...at: Parameters<Cluster['list']>) => {
          const page = await target.list(...at);
          return { ...page, items: page.items.map(shown) };
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

describe('what the log has bound stays what it is, whatever becomes of its labels and fields', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open({ defaults: { cooldownMs: 100 } });
  });
  afterAll(() => scene.close());

  const uidOf = async (name: string): Promise<string> =>
    (await scene.cluster.get(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name })).metadata.uid ?? '';

  it('a resource made for REST that loses its label is no new execution, and its deletion is noticed', async () => {
    const id = await scene.create(scene.spec('quick'), 'unlabelled');
    await scene.endsWith(id, 'LockReleased');
    const at = { namespace: NAMESPACE, name: 'unlabelled' };
    const uid = await uidOf('unlabelled');
    await until('its release to be shown', async () => {
      const { status } = await scene.cluster.get(WORKFLOW_EXECUTIONS, at);
      return (status as { lock?: { state: string } }).lock?.state === 'Released';
    });
    await scene.cluster.patch(WORKFLOW_EXECUTIONS, at, withoutLabel);
    await scene.cluster.delete(WORKFLOW_EXECUTIONS, at);
    await scene.endsWith(id, 'ResourceRemoved');
    expect(await scene.types(uid)).toEqual([]);
  });

  it('a resource made for REST whose spec reads otherwise under a newer CRD is no new execution', async () => {
    const id = await scene.create(scene.spec('quick'), 'defaulted');
    await scene.endsWith(id, 'LockReleased');
    const uid = await uidOf('defaulted');
    await scene.runtime.stop();
    await scene.start({ cluster: defaulting(scene.cluster) });
    const later = await scene.apply('later', scene.spec('quick'));
    await scene.endsWith(later.metadata.uid ?? '', 'LockReleased');
    expect(await scene.types(uid)).toEqual([]);
  });

  it('a run that loses its label is followed to its end', async () => {
    const id = await scene.create(scene.spec('slow'));
    await until('a task to start', async () => (await scene.types(id)).includes('TaskStarted'));
    const run = (await scene.runs()).find((found) => found.metadata.labels?.[ID_LABEL] === id);
    await scene.cluster.patch(PIPELINE_RUNS, { namespace: RUNS, name: run?.metadata.name ?? '' }, withoutLabel);
    await until('the end', async () => (await scene.types(id)).includes('ExecutionCompleted'));
  });
});
