import type { Cluster } from '#kubernetes';
import { ClusterError, connectCluster, PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { until } from '../support/until.ts';
import { NAMESPACE, RUNS, Scene } from './scene.ts';

describe('a 404 that is not about the object', () => {
  it('(a proxy, or a type that is not served just now) does not make a run gone: its lock stays held', async () => {
    const scene = await Scene.open();
    let isElsewhere = false;
    let reads = 0;
    const cluster = connectCluster({ server: scene.sandbox.url });
    const get: Cluster['get'] = async (type, name) => {
      if (type.plural === PIPELINE_RUNS.plural) reads += 1;
      if (!isElsewhere || type.plural !== PIPELINE_RUNS.plural) return cluster.get(type, name);
      isElsewhere = false;
      throw new ClusterError('not-found', 'get pipelineruns: HTTP 404 without a Status object', { status: 404 });
    };
    try {
      await scene.runtime.stop();
      await scene.start({ cluster: Object.assign(Object.create(cluster) as Cluster, { get }) });
      const id = await scene.create(scene.spec('quick'));
      await scene.endsWith(id, 'ExecutionCompleted');
      const [run] = await scene.runs();
      const at = { namespace: run?.metadata.namespace ?? '', name: run?.metadata.name ?? '' };
      const finalizers = (names: readonly string[]) =>
        ({ type: 'merge', body: { metadata: { finalizers: names } } }) as const;
      await scene.cluster.patch(PIPELINE_RUNS, at, finalizers(['example.test/keep']));
      isElsewhere = true;
      await scene.runtime.service.release(id, 'test', { actor: { user: 'tester' }, source: 'rest' });
      await until('it to have been told 404', () => !isElsewhere);
      const told = reads;
      await until('it to have asked again', () => reads > told + 1);
      expect((await scene.types(id)).at(-1)).toBe('ReleaseRequested');
      await scene.cluster.patch(PIPELINE_RUNS, at, finalizers([]));
      await scene.endsWith(id, 'LockReleased');
    } finally {
      await scene.close();
      await cluster.close();
    }
  });
});

describe('rights that reach no further than what is watched', () => {
  it('are enough to start', async () => {
    const scene = await Scene.open();
    const allowed = [`${WORKFLOW_EXECUTIONS.plural}@${NAMESPACE}`, `pipelineruns@${RUNS}`, `taskruns@${RUNS}`];
    const cluster = connectCluster({ server: scene.sandbox.url });
    const list: Cluster['list'] = async (type, options) => {
      if (allowed.includes(`${type.plural}@${options?.namespace ?? ''}`)) return cluster.list(type, options);
      throw new ClusterError('forbidden', `list ${type.plural}: forbidden at the cluster scope`, { status: 403 });
    };
    try {
      await scene.runtime.stop();
      const parts = { cluster: Object.assign(Object.create(cluster) as Cluster, { list }) };
      await scene.start({ ...parts, watchedNamespaces: [NAMESPACE] });
      const id = await scene.create(scene.spec('quick'));
      await scene.endsWith(id, 'ExecutionCompleted');
    } finally {
      await scene.close();
      await cluster.close();
    }
  });
});
