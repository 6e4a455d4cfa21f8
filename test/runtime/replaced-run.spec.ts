import type { Cluster, ResourceType, WatchMessage } from '#kubernetes';
import { PIPELINE_RUNS } from '#kubernetes';
import { intercepted, MemoryWorld, RUNS } from '../support/memory-world.ts';

const ID_LABEL = 'workflowexecution.kubernaut.ai/execution-id';
/** Theirs sleeps for as long as nobody touches it. */
const THEIRS = { pipelineRef: { name: 'somebody-elses' }, status: 'PipelineRunPending' };
const ORIGIN = { actor: { user: 'ada' }, source: 'rest' } as const;

/** A world whose watch of runs says nothing any more once it is silenced. */
async function open() {
  const world = await MemoryWorld.open();
  let isSilent = false;
  const runtime = await world.replica({ cluster: silenced(world.cluster, () => isSilent) });
  /** Unseen by the watch, the run goes, and somebody else takes its name. */
  const replace = async (id: string) => {
    isSilent = true;
    const at = { namespace: RUNS, name: world.runsOf(id)[0]?.metadata.name ?? '' };
    await world.cluster.delete(PIPELINE_RUNS, at);
    await world.cluster.create(PIPELINE_RUNS, {
      apiVersion: 'tekton.dev/v1',
      kind: 'PipelineRun',
      metadata: at,
      spec: THEIRS,
    });
    return () => world.cluster.objects(PIPELINE_RUNS).find((run) => run.metadata.name === at.name)?.spec;
  };
  return { world, runtime, replace };
}

const silenced = (cluster: Cluster, isSilent: () => boolean): Cluster =>
  intercepted(cluster, 'watch', (call, [type]) => quiet(call(), type, isSilent));

async function* quiet(
  messages: AsyncIterable<WatchMessage>,
  type: ResourceType,
  isSilent: () => boolean,
): AsyncGenerator<WatchMessage> {
  for await (const message of messages) if (type !== PIPELINE_RUNS || !isSilent()) yield message;
}

describe('a run of somebody else that has taken the name, unseen by the watch', () => {
  test('is not cancelled in the place of ours', async () => {
    const { world, runtime, replace } = await open();
    const id = await world.create(runtime, world.spec('hang'));
    await world.recorded(id, 'TaskStarted');
    const theirs = await replace(id);
    await world.within(runtime.service.cancel(id, 'Immediate', 'enough', ORIGIN));
    await world.recorded(id, 'LockReleased');
    expect(theirs()).toMatchObject(THEIRS);
    await world.close();
  });

  test('is not removed in the place of ours, and our lock is given back', async () => {
    const { world, runtime, replace } = await open();
    const id = await world.create(runtime, world.spec('quick'));
    await world.recorded(id, 'ExecutionCompleted');
    const theirs = await replace(id);
    await world.recorded(id, 'ReleaseRequested');
    await world.clock.advance(100);
    expect(await world.types(id)).toContain('LockReleased');
    expect(theirs()).toMatchObject(THEIRS);
    await world.close();
  });
});

test('the end of a run that has lost our label is noticed within seconds, though its changes tell nobody', async () => {
  const world = await MemoryWorld.open();
  const runtime = await world.replica();
  const id = await world.create(runtime, world.spec('hang'));
  await world.recorded(id, 'TaskStarted');
  const name = world.runsOf(id)[0]?.metadata.name ?? '';
  const body = { metadata: { labels: { [ID_LABEL]: null } } };
  await world.cluster.patch(PIPELINE_RUNS, { namespace: RUNS, name }, { type: 'merge', body });
  await world.clock.advance(10_000);
  await world.within(world.tekton.pause());
  const conditions = [{ type: 'Succeeded', status: 'True', reason: 'Succeeded', message: 'done' }];
  const status = { conditions, completionTime: new Date(world.clock.now()).toISOString() };
  await world.cluster.patchStatus(PIPELINE_RUNS, { namespace: RUNS, name }, { type: 'merge', body: { status } });
  await world.clock.advance(5_000);
  expect(await world.types(id)).toContain('ExecutionCompleted');
  await world.close();
});
