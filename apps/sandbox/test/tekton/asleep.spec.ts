import { PIPELINE_RUNS } from '#kubernetes';
import { conditionOf } from '../../src/tekton/objects.ts';
import { asRun } from '../../src/tekton/objects.ts';
import { comparable, recordedObservation, SandboxWorld } from './sandbox-world.ts';

const HOUR_MS = 3_600_000;

async function asleep(name = 'r'): Promise<SandboxWorld> {
  const world = new SandboxWorld();
  await world.start();
  await world.create(name, 'sandbox.local/echo:1', { status: 'PipelineRunPending' });
  await world.until(() => world.isAt(name, 'PipelineRunPending'));
  return world;
}

/** As the service wakes a run: only this one, and only while it sleeps. */
function wake(world: SandboxWorld, uid: string | undefined) {
  const body = [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/spec/status', value: 'PipelineRunPending' },
    { op: 'remove', path: '/spec/status' },
  ];
  return world.cluster.patch(PIPELINE_RUNS, world.named('r'), { type: 'json', body });
}

describe('a run created with spec.status PipelineRunPending', () => {
  test('has labels and a condition, and nothing else ever happens to it', async () => {
    const world = await asleep();
    const { resourceVersion } = world.run('r').metadata;
    await world.clock.advance(2 * HOUR_MS);
    const { metadata, status } = world.run('r');
    expect(metadata.resourceVersion).toBe(resourceVersion);
    expect(metadata.labels).toMatchObject({ 'tekton.dev/pipeline': 'workflow' });
    expect(status).toEqual({
      conditions: [
        {
          type: 'Succeeded',
          status: 'Unknown',
          reason: 'PipelineRunPending',
          message: 'PipelineRun "r" is pending',
          lastTransitionTime: '2026-11-21T12:00:00Z',
        },
      ],
    });
    expect(await world.taskRuns()).toEqual([]);
  });

  test('starts when the field is taken away, and its time limit counts from then', async () => {
    const world = await asleep();
    await world.clock.advance(2 * HOUR_MS);
    await wake(world, world.run('r').metadata.uid);
    expect((await world.settled('r')).outcome).toBe('Succeeded');
    expect(world.run('r').metadata.generation).toBe(2);
    expect(world.run('r').status).toMatchObject({ startTime: '2026-11-21T14:00:00Z' });
  });

  test('takes as long to resolve as one that never slept', async () => {
    const world = await asleep();
    await world.clock.advance(HOUR_MS);
    const wokenMs = world.clock.now();
    await wake(world, world.run('r').metadata.uid);
    await world.until(() => world.isAt('r', 'ResolvingPipelineRef'));
    expect(world.clock.now()).toBeGreaterThan(wokenMs);
  });

  test('is not woken twice, nor under another uid: 422 without a word', async () => {
    const world = await asleep();
    const refusal = {
      code: 'invalid',
      details: { status: 422, reason: 'Invalid' },
      message: expect.stringContaining('the server rejected our request due to an error in our request'),
    };
    await expect(wake(world, 'another')).rejects.toMatchObject(refusal);
    await wake(world, world.run('r').metadata.uid);
    await expect(wake(world, world.run('r').metadata.uid)).rejects.toMatchObject(refusal);
  });

  test('is not put to sleep again once it has started', async () => {
    const world = await asleep();
    await world.ask('r', null);
    await world.until(() => world.isAt('r', 'Running'));
    await expect(world.ask('r', 'PipelineRunPending')).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('PipelineRun cannot be Pending after it is started'),
    });
  });

  test('cancelled asleep, it ends at once without a task run, as recorded of pending-cancelled', async () => {
    const world = await asleep('pending-cancelled');
    const askedMs = world.clock.now();
    await world.ask('pending-cancelled', 'Cancelled');
    const played = await world.settled('pending-cancelled');
    expect(world.clock.now()).toBe(askedMs);
    expect(comparable(played, [])).toEqual(comparable(recordedObservation('pending-cancelled', []), []));
    expect(await world.taskRuns()).toEqual([]);
    const { startTime, completionTime } = world.run('pending-cancelled').status as Record<string, string>;
    expect(startTime).toBe(completionTime);
  });

  test('cancelled with its finally tasks, it ends without a task run, too', async () => {
    const world = await asleep();
    await world.ask('r', 'CancelledRunFinally');
    expect((await world.settled('r')).outcome).toBe('Cancelled');
    expect(await world.taskRuns()).toEqual([]);
  });

  test('sleeps through a controller that is away when it is created', async () => {
    const world = new SandboxWorld();
    await world.start();
    await world.tekton.pause();
    await world.create('r', 'sandbox.local/quick:1', { status: 'PipelineRunPending' });
    await world.clock.advance(HOUR_MS);
    expect(conditionOf(asRun(world.run('r')))).toBeUndefined();
    await world.tekton.resume();
    await world.until(() => world.isAt('r', 'PipelineRunPending'));
    expect(world.run('r').status).not.toHaveProperty('startTime');
  });
});
