import { MemoryCluster, PIPELINE_RUNS, TASK_RUNS, VirtualClock } from '../../src/index.ts';
import type { ClusterError, KubeObject, WatchMessage } from '../../src/index.ts';

const run = (name: string): KubeObject => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'PipelineRun',
  metadata: { namespace: 'jobs', name },
  spec: {},
});

/** A watch that is read as fast as it speaks. */
function watching(cluster: MemoryCluster, timeoutSeconds = 60) {
  const stop = new AbortController();
  const seen: string[] = [];
  let end: 'open' | 'ended' | ClusterError['code'] = 'open';
  const told = (message: WatchMessage): string =>
    message.type === 'BOOKMARK'
      ? `BOOKMARK ${message.resourceVersion}`
      : `${message.type} ${message.object.metadata.name}`;
  const read = async (): Promise<void> => {
    const options = { resourceVersion: cluster.resourceVersion, timeoutSeconds, signal: stop.signal };
    for await (const message of cluster.watch(PIPELINE_RUNS, options)) seen.push(told(message));
  };
  void read().then(
    () => (end = 'ended'),
    (error: ClusterError) => (end = error.code),
  );
  return { seen, stop: () => stop.abort(), end: () => end };
}

async function watched(timeoutSeconds?: number) {
  const clock = new VirtualClock();
  const cluster = new MemoryCluster({ clock });
  const watch = watching(cluster, timeoutSeconds);
  await clock.advance(0);
  return { clock, cluster, watch };
}

describe('a watch of the memory cluster', () => {
  test('tells of where it is two seconds before its time is over, and ends', async () => {
    const { clock, cluster, watch } = await watched(45);
    await cluster.create(PIPELINE_RUNS, run('a'));
    await clock.advance(42_999);
    expect(watch.seen).toEqual(['ADDED a']);
    await clock.advance(1);
    expect(watch.seen).toEqual(['ADDED a', 'BOOKMARK 1']);
    await clock.advance(1_999);
    expect(watch.end()).toBe('open');
    await clock.advance(1);
    expect([watch.end(), cluster.openWatches, clock.pendingMs]).toEqual(['ended', 0, []]);
  });

  test('a long one tells of where it is every minute', async () => {
    const { clock, watch } = await watched(150);
    await clock.advance(150_000);
    expect(watch.seen).toEqual(['BOOKMARK 0', 'BOOKMARK 0', 'BOOKMARK 0']);
  });

  test.each(['gone', 'unavailable', 'end'] as const)('cut with %s, it says so', async (how) => {
    const { clock, cluster, watch } = await watched();
    cluster.cutWatches(how, TASK_RUNS);
    await clock.advance(0);
    expect(watch.end()).toBe('open');
    cluster.cutWatches(how, PIPELINE_RUNS);
    await clock.advance(0);
    expect([watch.end(), clock.pendingMs]).toEqual([how === 'end' ? 'ended' : how, []]);
  });

  test('frozen, it neither speaks nor ends; thawed, it goes on with what it missed', async () => {
    const { clock, cluster, watch } = await watched(45);
    cluster.freezeWatches(PIPELINE_RUNS);
    await cluster.create(PIPELINE_RUNS, run('a'));
    await clock.advance(3_600_000);
    expect([watch.seen, watch.end()]).toEqual([[], 'open']);
    cluster.thawWatches(PIPELINE_RUNS);
    await clock.advance(0);
    expect([watch.seen, watch.end()]).toEqual([['ADDED a', 'BOOKMARK 1'], 'ended']);
  });

  test('that has seen everything survives compaction; one that has not is gone', async () => {
    const { clock, cluster, watch } = await watched();
    cluster.compact();
    await cluster.create(PIPELINE_RUNS, run('a'));
    await clock.advance(0);
    expect([watch.seen, watch.end()]).toEqual([['ADDED a'], 'open']);
    cluster.freezeWatches(PIPELINE_RUNS);
    await cluster.create(PIPELINE_RUNS, run('b'));
    cluster.compact();
    cluster.thawWatches(PIPELINE_RUNS);
    await clock.advance(0);
    expect(watch.end()).toBe('gone');
  });

  test('is gone when more happened before it than is remembered', async () => {
    const clock = new VirtualClock();
    const cluster = new MemoryCluster({ clock, maxHistory: 4 });
    for (const name of ['a', 'b', 'c', 'd', 'e']) await cluster.create(PIPELINE_RUNS, run(name));
    const options = { resourceVersion: '1', timeoutSeconds: 60, signal: new AbortController().signal };
    const first = cluster.watch(PIPELINE_RUNS, options).next();
    await expect(first).rejects.toMatchObject({ code: 'gone', details: { status: 410, reason: 'Expired' } });
  });

  test('told to stop, it ends and leaves nothing on the clock', async () => {
    const { clock, cluster, watch } = await watched();
    watch.stop();
    await clock.advance(0);
    expect([watch.end(), cluster.openWatches, clock.pendingMs]).toEqual(['ended', 0, []]);
  });
});
