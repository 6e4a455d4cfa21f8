import { ClusterError, PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { intercepted, MemoryWorld, NAMESPACE } from '../support/memory-world.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

describe('our own deadlines, on a clock of their own', () => {
  test('Tekton is away: the run is cancelled, given up, and its lock given back when it is gone', async () => {
    const world = await MemoryWorld.open();
    const runtime = await world.replica();
    await world.within(world.tekton.pause());
    const id = await world.create(runtime, world.spec('echo'));
    const types = await world.recorded(id, 'LockReleased');
    expect(types).toEqual([
      ...['ExecutionCreated', 'ResourceBound', 'PipelineRunCreated', 'RunOverdue', 'CancellationRequested'],
      ...['RunOverdue', 'ExecutionFailed', 'ReleaseRequested', 'LockReleased'],
    ]);
    const events = await world.events(id);
    const minutes = (index: number): number =>
      Math.round(
        (Date.parse(events[index]?.metadata.time ?? '') - Date.parse(events[2]?.metadata.time ?? '')) / MINUTE_MS,
      );
    expect([minutes(3), minutes(5)]).toEqual([2, 7]);
    expect(events[6]?.data).toMatchObject({ failure: { reason: 'DeadlineExceeded', wasExecutionFailure: false } });
    expect(events[3]?.metadata.source).toBe('scheduler');
    expect(world.runsOf(id)).toEqual([]);
    await world.close();
  });

  test('Tekton comes back in time to cancel it: it failed for want of time', async () => {
    const world = await MemoryWorld.open();
    const runtime = await world.replica();
    await world.within(world.tekton.pause());
    const id = await world.create(runtime, world.spec('echo'));
    await world.recorded(id, 'CancellationRequested');
    await world.within(world.tekton.resume());
    await world.recorded(id, 'ExecutionFailed');
    const view = await runtime.service.get(id);
    expect(view?.status).toMatchObject({
      phase: 'Failed',
      outcome: 'Failed',
      failureDetails: { reason: 'DeadlineExceeded' },
    });
    await world.close();
  });

  test('Tekton is away with its webhook: a run that is given up is told to stop as soon as that can be said', async () => {
    const world = await MemoryWorld.open({ cooldownMs: 30 * MINUTE_MS });
    let isWebhookAway = false;
    const cluster = intercepted(world.cluster, 'patch', async (call, [type]) => {
      if (type === PIPELINE_RUNS && isWebhookAway) throw new ClusterError('server-error', 'failed calling webhook');
      return call();
    });
    const runtime = await world.replica({ cluster });
    await world.within(world.tekton.pause());
    const id = await world.create(runtime, world.spec('quick'));
    await world.until('the run to be started', () => world.started.length > 0);
    isWebhookAway = true;
    await world.recorded(id, 'ExecutionFailed');
    const view = await runtime.service.get(id);
    expect(view?.status.failureDetails).toMatchObject({ reason: 'DeadlineExceeded', wasExecutionFailure: true });
    isWebhookAway = false;
    await world.clock.advance(MINUTE_MS);
    await world.within(world.tekton.resume());
    await world.recorded(id, 'ContradictionObserved');
    const [run] = world.runsOf(id);
    expect(run?.status).toMatchObject({ conditions: [{ reason: 'Cancelled' }] });
    expect(await world.types(id)).not.toContain('ReleaseRequested');
    await world.close();
  });

  test('a frozen run is noticed, cancelled, and recorded with what was seen', async () => {
    const world = await MemoryWorld.open({ timeoutMs: 60_000 });
    const runtime = await world.replica();
    const id = await world.create(runtime, world.spec('frozen'));
    await world.recorded(id, 'ExecutionFailed');
    const overdue = (await world.events(id)).find((event) => event.type === 'RunOverdue');
    expect(overdue?.data).toMatchObject({
      deadline: 'End',
      limitMs: 180_000,
      seen: { condition: { reason: 'Running' } },
    });
    const failed = (await world.events(id)).find((event) => event.type === 'ExecutionFailed');
    expect(failed?.data).toMatchObject({
      failure: {
        reason: 'DeadlineExceeded',
        message: expect.stringContaining('failed by then: a'),
        wasExecutionFailure: true,
      },
    });
    await world.close();
  });

  test('a wall clock that is set forward by hours cancels nothing and ends no cooldown', async () => {
    const world = await MemoryWorld.open({ cooldownMs: 5 * MINUTE_MS });
    const runtime = await world.replica();
    const id = await world.create(runtime, world.spec('hang'));
    const other = await world.create(runtime, world.spec('quick', { targetResource: 'world/deployment/other' }));
    await world.recorded(id, 'TaskStarted');
    await world.recorded(other, 'ExecutionCompleted');
    await world.clock.advance(1_000);
    world.clock.step(5 * HOUR_MS);
    await world.clock.advance(MINUTE_MS);
    expect(await world.types(id)).not.toContain('RunOverdue');
    expect(await world.types(other)).not.toContain('ReleaseRequested');
    await world.clock.advance(5 * MINUTE_MS);
    expect(await world.types(other)).toContain('LockReleased');
    await world.close();
  });
});

describe('patience with what cannot be created', () => {
  test('is not exhausted by a wall clock that is set forward by hours, but by its time', async () => {
    const world = await MemoryWorld.open();
    const cluster = intercepted(world.cluster, 'create', async (call, [type]) => {
      if (type === PIPELINE_RUNS) throw new ClusterError('unavailable', 'failed calling webhook');
      return call();
    });
    const id = await world.create(await world.replica({ cluster }), world.spec('quick'));
    await world.recorded(id, 'ExecutionDelayed');
    await world.clock.advance(MINUTE_MS);
    world.clock.step(5 * HOUR_MS);
    await world.clock.advance(8 * MINUTE_MS);
    expect(await world.types(id)).not.toContain('ExecutionFailed');
    await world.clock.advance(2 * MINUTE_MS);
    expect(await world.types(id)).toContain('ExecutionFailed');
    await world.close();
  });
});

describe('a resource that is deleted while Tekton is away', () => {
  test('goes when the bound has passed, which is recorded; its run is removed all the same', async () => {
    const deadlines = { pickUpMs: 2 * MINUTE_MS, endGraceMs: 2 * MINUTE_MS, cancellationMs: HOUR_MS };
    const world = await MemoryWorld.open({ deadlines });
    const runtime = await world.replica();
    const id = await world.create(runtime, world.spec('hang'), 'going');
    await world.recorded(id, 'TaskStarted');
    await world.within(world.tekton.pause());
    await world.cluster.delete(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: 'going' });
    await world.recorded(id, 'CancellationRequested');
    await world.clock.advance(14 * MINUTE_MS);
    expect(world.resource('going')?.metadata.deletionTimestamp).toBeDefined();
    await world.recorded(id, 'ResourceRemoved');
    expect(world.resource('going')).toBeUndefined();
    const types = await world.recorded(id, 'LockReleased');
    expect(types.slice(types.indexOf('ResourceDeletionRequested'))).toEqual([
      ...['ResourceDeletionRequested', 'CancellationRequested', 'ResourceLetGo', 'ResourceRemoved'],
      ...['RunOverdue', 'ExecutionFailed', 'ReleaseRequested', 'LockReleased'],
    ]);
    expect(world.runsOf(id)).toEqual([]);
    await world.close();
  });
});

describe('ttlAfterFinished', () => {
  test('deletes the resource when it was kept long enough, by an event of its own; the history stays', async () => {
    const world = await MemoryWorld.open({ ttlAfterFinishedMs: 10 * MINUTE_MS });
    const runtime = await world.replica();
    const id = await world.create(runtime, world.spec('quick'), 'kept');
    await world.recorded(id, 'LockReleased');
    await world.clock.advance(9 * MINUTE_MS);
    expect(world.resource('kept')).toBeDefined();
    const types = await world.recorded(id, 'ResourceRemoved');
    expect(types.slice(-2)).toEqual(['PruningRequested', 'ResourceRemoved']);
    expect(world.resource('kept')).toBeUndefined();
    expect((await runtime.service.get(id))?.status.outcome).toBe('Success');
    await world.close();
  });

  test('also when the service was down at the time', async () => {
    const world = await MemoryWorld.open({ ttlAfterFinishedMs: 10 * MINUTE_MS });
    const first = await world.replica();
    const id = await world.create(first, world.spec('quick'), 'kept');
    await world.recorded(id, 'LockReleased');
    await world.within(first.stop());
    await world.clock.advance(HOUR_MS);
    await world.replica();
    await world.recorded(id, 'ResourceRemoved');
    await world.close();
  });

  test('without it, resources stay', async () => {
    const world = await MemoryWorld.open();
    const id = await world.create(await world.replica(), world.spec('quick'), 'kept');
    await world.recorded(id, 'LockReleased');
    await world.clock.advance(100 * HOUR_MS);
    expect(world.resource('kept')).toBeDefined();
    await world.close();
  });
});
