import type { Cluster, KubeObject, VirtualClock, WatchMessage } from '#kubernetes';
import { ClusterError, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { intercepted, MemoryWorld, NAMESPACE } from '../support/memory-world.ts';

const AT = { namespace: NAMESPACE, name: 'shown' };

/** Corrections of one status that are recorded. */
const RECORDED = 100;
/** Between two of them, at most. */
const LONGEST_PAUSE_MS = 60_000;
const LAG_MS = 700;

/** The watches tell everything, but later. */
const lagging = (cluster: Cluster, clock: VirtualClock): Cluster =>
  intercepted(cluster, 'watch', (call) => later(call(), clock));

async function* later(messages: AsyncIterable<WatchMessage>, clock: VirtualClock): AsyncGenerator<WatchMessage> {
  for await (const message of messages) {
    await clock.sleep(LAG_MS);
    yield message;
  }
}

/** A world that notes each status the service writes, with the time, and whether it was refused. */
async function open(around: (world: MemoryWorld) => Cluster = (world) => world.cluster) {
  const world = await MemoryWorld.open();
  const writes: { readonly atMs: number; readonly refused?: string }[] = [];
  const cluster = intercepted(around(world), 'patchStatus', async (call) => {
    const atMs = world.clock.monotonic();
    try {
      const after: KubeObject = await call();
      writes.push({ atMs });
      return after;
    } catch (error) {
      writes.push({ atMs, refused: error instanceof ClusterError ? error.code : 'unknown' });
      throw error;
    }
  });
  const runtime = await world.replica({ cluster });
  const meddle = (): Promise<KubeObject> =>
    world.cluster.patchStatus(WORKFLOW_EXECUTIONS, AT, { type: 'merge', body: { status: { message: 'mine' } } });
  const message = (): unknown => (world.resource('shown')?.status as { message?: string } | undefined)?.message;
  return { world, runtime, writes, meddle, message };
}

describe('writes of the status', () => {
  test('of mere progress are a second apart', async () => {
    const { world, runtime, writes } = await open();
    const id = await world.create(runtime, world.spec('slow'), 'shown');
    await world.recorded(id, 'LockReleased');
    const progressed = (await world.types(id)).filter((type) => /^Task|Progressed$/.test(type));
    expect(progressed.length).toBeGreaterThan(2);
    await world.clock.advance(5_000);
    const tooSoon = writes.filter(({ atMs }, index) => atMs - (writes[index - 1]?.atMs ?? -1_000) < 1_000);
    expect(tooSoon).toEqual([]);
    await world.close();
  });

  test('are not refused because of our own writes before them, and those are nobody else\u2019s, however late the watch tells of them', async () => {
    const { world, runtime, writes } = await open((of) => lagging(of.cluster, of.clock));
    const id = await world.create(runtime, world.spec('slow'), 'shown');
    const types = await world.recorded(id, 'LockReleased');
    await world.clock.advance(10_000);
    expect(writes.length).toBeGreaterThan(3);
    expect(writes.filter(({ refused }) => refused !== undefined)).toEqual([]);
    expect(types).not.toContain('StatusDriftCorrected');
    expect(world.resource('shown')?.status).toMatchObject({ lock: { state: 'Released' } });
    await world.close();
  });

  test('that answer somebody who writes there too come more and more slowly', async () => {
    const { world, runtime, writes, meddle, message } = await open();
    const id = await world.create(runtime, world.spec('quick'), 'shown');
    await world.recorded(id, 'LockReleased');
    await world.clock.advance(5_000);
    const tookMs: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await meddle();
      const sinceMs = writes.at(-1)?.atMs ?? 0;
      await world.until('the status to be corrected', () => message() !== 'mine');
      tookMs.push((writes.at(-1)?.atMs ?? 0) - sinceMs);
    }
    expect(tookMs.slice(1)).toEqual([200, 400, 800, 1_600]);
    await world.close();
  });

  test('go on when so many corrections are recorded that no more are', async () => {
    const { world, runtime, writes, meddle, message } = await open();
    const id = await world.create(runtime, world.spec('quick'), 'shown');
    await world.recorded(id, 'LockReleased');
    await world.clock.advance(5_000);
    for (let round = 0; round < RECORDED + 2; round += 1) {
      await meddle();
      await world.until('the status to be corrected', () => message() !== 'mine');
    }
    const [before, last] = writes.slice(-2).map(({ atMs }) => atMs);
    expect((last ?? 0) - (before ?? 0)).toBe(LONGEST_PAUSE_MS);
    const corrections = (await world.types(id)).filter((type) => type === 'StatusDriftCorrected');
    expect(corrections).toHaveLength(RECORDED);
    await world.close();
  });
});
