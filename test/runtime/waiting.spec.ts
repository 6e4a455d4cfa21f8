import type { ExecutionSpec } from '#execution';
import { ClusterError, PIPELINE_RUNS, VirtualClock } from '#kubernetes';
import { intercepted, MemoryWorld } from '../support/memory-world.ts';
import { until } from '../support/until.ts';
import { Scene } from './scene.ts';

const CALLER = { actor: { user: 'tester' }, source: 'rest' } as const;

/** The service's clock stands still: whatever happens, no timer has made it happen. */
describe('who waits for a lock', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open({ parts: { clock: new VirtualClock(Date.now()) } });
  });
  afterAll(() => scene.close());

  const wait = (spec: ExecutionSpec): ExecutionSpec => ({ ...spec, executionConfig: { onConflict: 'Wait' } });
  const finish = async (id: string): Promise<void> => {
    await until(`${id} to end`, async () => (await scene.types(id)).includes('ExecutionCompleted'));
    await scene.runtime.service.release(id, 'the next, please', CALLER);
  };

  it('is recorded as waiting at once, also behind others, and started by the release alone, in the order of the log', async () => {
    const owner = await scene.create(scene.spec('quick'));
    await until('its end', async () => (await scene.types(owner)).includes('ExecutionCompleted'));
    const { targetResource } = (await scene.runtime.service.get(owner))!.execution.spec;
    const waiters: string[] = [];
    for (let index = 0; index < 3; index += 1) {
      const id = await scene.create(wait(scene.spec('quick', { targetResource })));
      await scene.endsWith(id, 'ExecutionQueued');
      waiters.push(id);
    }
    await scene.runtime.service.release(owner, 'the first, please', CALLER);
    for (const [index, id] of waiters.entries()) {
      await finish(id);
      for (const later of waiters.slice(index + 1)) expect(await scene.types(later)).not.toContain('TaskStarted');
    }
  });

  it('is started when a run that is nobody’s is removed', async () => {
    const spec = wait(scene.spec('quick'));
    const remove = await scene.occupy(spec.targetResource);
    const id = await scene.create(spec);
    await scene.endsWith(id, 'ExecutionQueued');
    await remove();
    await until('its end', async () => (await scene.types(id)).includes('ExecutionCompleted'));
  });
});

describe('many who wait behind one that cannot be created for now', () => {
  const WAITERS = 20;
  const LOOKS_A_MINUTE = 12;

  it('look now and then, which leaves the API server alone, and go on as soon as it can', async () => {
    const world = await MemoryWorld.open({ onConflict: 'Wait' });
    let [looks, isWebhookAway] = [0, true];
    const counted = intercepted(world.cluster, 'get', (call, [type]) => {
      if (type === PIPELINE_RUNS) looks += 1;
      return call();
    });
    const cluster = intercepted(counted, 'create', async (call, [type]) => {
      if (type === PIPELINE_RUNS && isWebhookAway) throw new ClusterError('unavailable', 'failed calling webhook');
      return call();
    });
    const runtime = await world.replica({ cluster });
    const ids: string[] = [];
    for (let index = 0; index < WAITERS; index += 1) ids.push(await world.create(runtime, world.spec('quick')));
    await world.recorded(ids[0] ?? '', 'ExecutionDelayed');
    looks = 0;
    await world.clock.advance(60_000);
    expect(looks).toBeLessThanOrEqual(WAITERS * LOOKS_A_MINUTE);
    isWebhookAway = false;
    for (const id of ids) await world.recorded(id, 'ExecutionCompleted');
    await world.close();
  });
});
