import { PIPELINE_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { until } from '../support/until.ts';
import { Scene } from './scene.ts';

const ID_LABEL = 'workflowexecution.kubernaut.ai/execution-id';
const QUOTA = { code: 403, reason: 'Forbidden', message: 'exceeded quota: one' };

describe('a create whose reply was lost, refused when it is tried again', () => {
  let scene: Scene;
  /** Names with this ending are admitted once: the object itself uses the quota up. */
  const once = new Set<string>();
  const admitOnce = (key: string): typeof QUOTA | undefined => {
    if (!key.startsWith('once-')) return undefined;
    if (once.has(key)) return QUOTA;
    once.add(key);
    return undefined;
  };

  beforeAll(async () => {
    scene = await Scene.open({ withTekton: false });
    const workflowOf = (object: { spec?: unknown }): string =>
      (object.spec as { workflowRef?: { workflowId?: string } }).workflowRef?.workflowId ?? '';
    scene.sandbox.api.admission.register(PIPELINE_RUNS, {
      validate: (run, { operation }) =>
        operation === 'CREATE' ? admitOnce(run.metadata.labels?.['kubernaut.ai/workflow-id'] ?? '') : undefined,
    });
    scene.sandbox.api.admission.register(WORKFLOW_EXECUTIONS, {
      validate: (object, { operation }) =>
        operation === 'CREATE' ? admitOnce(`${workflowOf(object)}-resource`) : undefined,
    });
  });
  afterAll(() => scene.close());

  it('of a run: it is ours and adopted, the execution does not end without it', async () => {
    scene.sandbox.api.faults.next({ verb: 'create', plural: 'pipelineruns' }, { kind: 'drop', when: 'after' });
    const spec = scene.spec('echo');
    const id = await scene.create({ ...spec, workflowRef: { ...spec.workflowRef, workflowId: 'once-run' } });
    const types = await scene.endsWith(id, 'PipelineRunCreated', 'ExecutionFailed');
    expect(types.at(-1)).toBe('PipelineRunCreated');
    expect((await scene.runs()).filter((run) => run.metadata.labels?.[ID_LABEL] === id)).toHaveLength(1);
  });

  it('of a resource: it is ours and bound', async () => {
    scene.sandbox.api.faults.next({ verb: 'create', plural: 'workflowexecutions' }, { kind: 'drop', when: 'after' });
    const spec = scene.spec('echo');
    const id = await scene.create({ ...spec, workflowRef: { ...spec.workflowRef, workflowId: 'once' } });
    const types = await scene.endsWith(id, 'PipelineRunCreated', 'ExecutionFailed');
    expect(types).toEqual(['ExecutionCreated', 'ResourceBound', 'PipelineRunCreated']);
  });
});

describe('an order about a run whose reply was lost', () => {
  const CALLER = { actor: { user: 'tester' }, source: 'rest' } as const;
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open();
  });
  afterAll(() => scene.close());

  it.each(['before', 'after'] as const)('to cancel, %s it was carried out: cancelled once', async (when) => {
    const id = await scene.create(scene.spec('hang'));
    await until('a task to start', async () => (await scene.types(id)).includes('TaskStarted'));
    scene.sandbox.api.faults.next({ verb: 'patch', plural: 'pipelineruns' }, { kind: 'drop', when });
    await scene.runtime.service.cancel(id, 'Immediate', 'test', CALLER);
    const types = await scene.endsWith(id, 'ExecutionCancelled');
    expect(types.filter((type) => type.startsWith('Cancel') || type.startsWith('ExecutionC'))).toEqual([
      'ExecutionCreated',
      'CancellationRequested',
      'ExecutionCancelled',
    ]);
    expect(scene.sandbox.api.faults.pending).toBe(0);
  });

  it.each(['before', 'after'] as const)('to remove it, %s it was carried out: released once', async (when) => {
    const id = await scene.create(scene.spec('quick'));
    await scene.endsWith(id, 'ExecutionCompleted');
    scene.sandbox.api.faults.next({ verb: 'delete', plural: 'pipelineruns' }, { kind: 'drop', when });
    await scene.runtime.service.release(id, 'test', CALLER);
    const types = await scene.endsWith(id, 'LockReleased');
    expect(types.filter((type) => type.includes('Release'))).toEqual(['ReleaseRequested', 'LockReleased']);
    expect((await scene.runs()).filter((run) => run.metadata.labels?.[ID_LABEL] === id)).toHaveLength(0);
    expect(scene.sandbox.api.faults.pending).toBe(0);
  });
});
