import { runNameOf } from '#execution';
import { PIPELINE_RUNS, TASK_RUNS, VirtualClock } from '#kubernetes';
import { until } from '../support/until.ts';
import { RUNS, Scene } from './scene.ts';

const PATIENCE_MS = 400;
/** Shorter than the first wait after a fault. */
const STEP_MS = 20;

describe('patience with passing trouble', () => {
  const clock = new VirtualClock(Date.now());
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open({ withTekton: false, defaults: { creationPatienceMs: PATIENCE_MS }, parts: { clock } });
  });
  afterAll(() => scene.close());

  /** Lets time pass until the execution's last event is one of these. */
  const comesTo = (id: string, ...types: readonly string[]): Promise<string> =>
    until(`${types.join(' or ')} of ${id}`, async () => {
      await clock.advance(STEP_MS);
      const last = (await scene.types(id)).at(-1) ?? '';
      return types.includes(last) && last;
    });

  it('begins with the trouble, not with a long wait for the lock before it', async () => {
    const spec = scene.spec('echo', { executionConfig: { onConflict: 'Wait' } });
    const vacate = await scene.occupy(spec.targetResource);
    const id = await scene.create(spec);
    await scene.endsWith(id, 'ExecutionQueued');
    await clock.advance(2 * PATIENCE_MS);
    scene.sandbox.api.faults.next({ verb: 'create', plural: 'pipelineruns' }, { kind: 'respond', code: 500 }, 3);
    await vacate();
    expect(await comesTo(id, 'PipelineRunCreated', 'ExecutionFailed')).toBe('PipelineRunCreated');
    expect(scene.sandbox.api.faults.pending).toBe(0);
  });

  it('ends also with task runs of an earlier run that do not go: the execution fails and names them', async () => {
    const spec = scene.spec('echo');
    const name = runNameOf(spec.targetResource);
    const metadata = { namespace: RUNS, name: `${name}-orphan`, labels: { 'tekton.dev/pipelineRun': name } };
    await scene.cluster.create(TASK_RUNS, { apiVersion: 'tekton.dev/v1', kind: 'TaskRun', metadata, spec: {} });
    const id = await scene.create(spec);
    await comesTo(id, 'ExecutionFailed');
    expect((await scene.failure(id))?.message).toContain(metadata.name);
  });
});

describe('a run that was picked up while the watch was silent', () => {
  it('is not cancelled at the deadline: it is read first', async () => {
    const scene = await Scene.open({
      withTekton: false,
      defaults: { deadlines: { pickUpMs: 700, endGraceMs: 120_000, cancellationMs: 300_000 } },
    });
    try {
      const id = await scene.create(scene.spec('echo'));
      await scene.endsWith(id, 'PipelineRunCreated');
      const [run] = await until('the run', async () => ((await scene.runs()).length > 0 ? scene.runs() : undefined));
      expect(scene.sandbox.api.freezeWatches({ plural: 'pipelineruns' })).toBe(1);
      const conditions = [{ type: 'Succeeded', status: 'Unknown', reason: 'Running', message: 'Tasks Completed: 0' }];
      await scene.cluster.patchStatus(
        PIPELINE_RUNS,
        { namespace: RUNS, name: run?.metadata.name ?? '' },
        { type: 'merge', body: { status: { conditions } } },
      );
      const types = await scene.endsWith(id, 'PipelineRunProgressed', 'CancellationRequested');
      expect(types.at(-1)).toBe('PipelineRunProgressed');
    } finally {
      await scene.close();
    }
  });
});
