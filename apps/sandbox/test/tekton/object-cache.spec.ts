import type { KubeObject } from '#kubernetes';
import { PIPELINE_RUNS } from '#kubernetes';
import { ObjectCache } from '../../src/tekton/object-cache.ts';
import { MemoryCluster } from './memory-cluster.ts';
import { VirtualClock } from './virtual-clock.ts';

const version = (resourceVersion: string, uid = 'a'): KubeObject => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'PipelineRun',
  metadata: { namespace: 'n', name: 'r', uid, resourceVersion },
});

function cacheOf(clock: VirtualClock, cluster: MemoryCluster): ObjectCache {
  return new ObjectCache({
    cluster,
    clock,
    type: PIPELINE_RUNS,
    onChange: () => undefined,
    onTrouble: () => undefined,
  });
}

describe('what the scripted Tekton remembers of the cluster', () => {
  const clock = new VirtualClock();
  const cluster = new MemoryCluster(() => clock.now());
  const heldAfter = (...versions: KubeObject[]): string | undefined => {
    const cache = cacheOf(clock, cluster);
    for (const each of versions) cache.put(each);
    return cache.get('n/r')?.metadata.resourceVersion;
  };

  test('a late notification never hides what a write of its own returned', () => {
    expect(heldAfter(version('10'), version('9'))).toBe('10');
    expect(heldAfter(version('9'), version('10'))).toBe('10');
  });

  test('an object made anew under the name is another object', () => {
    expect(heldAfter(version('10'), version('9', 'b'))).toBe('9');
  });

  test('the deletion of an earlier object of that name leaves the present one', () => {
    const cache = cacheOf(clock, cluster);
    cache.put(version('10', 'b'));
    cache.drop(version('9', 'a'));
    expect(cache.get('n/r')?.metadata.uid).toBe('b');
  });

  test('what vanished while no watch was open is gone after the next list', async () => {
    const cache = cacheOf(clock, cluster);
    const stop = new AbortController();
    await cluster.create(PIPELINE_RUNS, version('1'));
    const following = cache.follow(stop.signal, () => undefined);
    await clock.until(() => cache.get('n/r') !== undefined);
    cluster.forget(PIPELINE_RUNS, { namespace: 'n', name: 'r' });
    cluster.cutWatches('gone');
    await clock.until(() => cache.get('n/r') === undefined);
    stop.abort();
    await following;
  });
});
