import { UnavailableError, MemoryEventStore } from '#event-store';
import type { EventStore } from '#event-store';
import type { KubeObject } from '#kubernetes';
import { PIPELINE_RUNS, TASK_RUNS, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { until } from '../support/until.ts';
import { NAMESPACE, RUNS, Scene } from './scene.ts';

const ID_LABEL = 'workflowexecution.kubernaut.ai/execution-id';
/** So many times the driver looks, and does nothing, before it is believed that it will not. */
const LOOKS = 3;
const runNamed = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'tekton.dev/v1',
  kind: 'PipelineRun',
  metadata: { namespace: RUNS, name, labels },
  spec: { pipelineRef: { name: 'somebody-elses' } },
});

describe('a run is created once', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open({ withTekton: false });
  });
  afterEach(() => scene.sandbox.api.faults.clear());
  afterAll(() => scene.close());

  const creating = { verb: 'create', plural: 'pipelineruns' } as const;
  const ofExecution = async (id: string): Promise<readonly KubeObject[]> =>
    (await scene.runs()).filter((run) => run.metadata.labels?.[ID_LABEL] === id);

  it('when the reply of its creation is lost: it is found and adopted', async () => {
    scene.sandbox.api.faults.next(creating, { kind: 'drop', when: 'after' });
    const id = await scene.create(scene.spec('echo'));
    await scene.endsWith(id, 'PipelineRunCreated');
    expect(await ofExecution(id)).toHaveLength(1);
    const events = (await scene.runtime.service.events(id, -1, 100)) ?? [];
    expect(events.at(-1)?.data).toMatchObject({ adopted: true });
  });

  it.each([
    ['the connection breaks before', { kind: 'drop', when: 'before' }],
    ['the API server is overloaded (429)', { kind: 'respond', code: 429, retryAfterSeconds: 0 }],
    ['the API server fails (500)', { kind: 'respond', code: 500 }],
    ['the API server fails after doing it (504)', { kind: 'respond', code: 504, applied: true }],
  ] as const)('when %s: it is tried again', async (_what, action) => {
    scene.sandbox.api.faults.next(creating, action, 2);
    const id = await scene.create(scene.spec('echo'));
    await scene.endsWith(id, 'PipelineRunCreated');
    expect(await ofExecution(id)).toHaveLength(1);
  });

  it('when it exists with our id from before a crash: it is adopted, not created again', async () => {
    const spec = scene.spec('echo');
    await scene.runtime.stop();
    const object = await scene.apply('adopted', spec);
    const { runNameOf } = await import('#execution');
    const made = await scene.cluster.create(
      PIPELINE_RUNS,
      runNamed(runNameOf(spec.targetResource), { [ID_LABEL]: object.metadata.uid ?? '' }),
    );
    await scene.start();
    const id = object.metadata.uid ?? '';
    await scene.endsWith(id, 'PipelineRunCreated');
    expect((await ofExecution(id)).map((run) => run.metadata.uid)).toEqual([made.metadata.uid]);
  });

  it('never by taking over a run of that name that carries another id, or none', async () => {
    const spec = scene.spec('echo');
    const { runNameOf } = await import('#execution');
    await scene.cluster.create(PIPELINE_RUNS, runNamed(runNameOf(spec.targetResource)));
    const id = await scene.create(spec);
    await scene.endsWith(id, 'ExecutionFailed');
    expect(await scene.failure(id)).toMatchObject({ reason: 'ExecutionRaceCondition', wasExecutionFailure: false });
    const [left] = (await scene.runs()).filter((run) => run.metadata.name === runNameOf(spec.targetResource));
    expect(left?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('only when no task run of an earlier run is left under its name', async () => {
    const spec = scene.spec('echo');
    const { runNameOf } = await import('#execution');
    const name = runNameOf(spec.targetResource);
    const metadata = { namespace: RUNS, name: `${name}-work`, labels: { 'tekton.dev/pipelineRun': name } };
    await scene.cluster.create(TASK_RUNS, { apiVersion: 'tekton.dev/v1', kind: 'TaskRun', metadata, spec: {} });
    const id = await scene.create(spec);
    await scene.lookedAt(PIPELINE_RUNS, { namespace: RUNS, name }, LOOKS);
    expect(await ofExecution(id)).toHaveLength(0);
    await scene.cluster.delete(TASK_RUNS, metadata);
    await scene.endsWith(id, 'PipelineRunCreated');
  });

  it('a permanent refusal ends the execution with the words of the API server', async () => {
    const spec = scene.spec('echo', {
      executionConfig: {
        workspaces: [
          { name: 'w', emptyDir: {} },
          { name: 'v', emptyDir: {} },
        ],
      },
    });
    const refuse = {
      code: 403,
      reason: 'Forbidden',
      message: 'pipelineruns.tekton.dev is forbidden: exceeded quota: runs',
    };
    scene.sandbox.api.admission.register(PIPELINE_RUNS, {
      validate: (run) => (run.metadata.labels?.['kubernaut.ai/workflow-id'] === 'refused' ? refuse : undefined),
    });
    const id = await scene.create({ ...spec, workflowRef: { ...spec.workflowRef, workflowId: 'refused' } });
    await scene.endsWith(id, 'ExecutionFailed');
    expect(await scene.failure(id)).toMatchObject({ reason: 'ResourceExhausted', wasExecutionFailure: false });
    expect((await scene.failure(id))?.message).toContain('exceeded quota');
  });
});

describe('trouble that does not pass in time', () => {
  it('ends the execution, says so, and nothing was created', async () => {
    const scene = await Scene.open({ withTekton: false, defaults: { creationPatienceMs: 1_000 } });
    try {
      const creating = { verb: 'create', plural: 'pipelineruns' } as const;
      scene.sandbox.api.faults.next(creating, { kind: 'respond', code: 500 }, 100);
      const id = await scene.create(scene.spec('echo'));
      await scene.endsWith(id, 'ExecutionFailed');
      expect(await scene.failure(id)).toMatchObject({ reason: 'Unknown', wasExecutionFailure: false });
      expect((await scene.failure(id))?.message).toContain('gave up');
      expect(await scene.runs()).toHaveLength(0);
    } finally {
      await scene.close();
    }
  });
});

describe('a run that nobody picks up', () => {
  it('is cancelled after the deadline, and the log says why', async () => {
    const scene = await Scene.open({
      withTekton: false,
      defaults: { deadlines: { pickUpMs: 200, endGraceMs: 120_000, cancellationMs: 300_000 } },
    });
    try {
      const id = await scene.create(scene.spec('echo'));
      await scene.endsWith(id, 'CancellationRequested');
      const cancelled = async (): Promise<boolean> =>
        (await scene.runs()).some((run) => (run.spec as { status?: string }).status === 'Cancelled');
      await until('the run to be cancelled', cancelled);
      const events = (await scene.runtime.service.events(id, -1, 100)) ?? [];
      expect(events.at(-1)?.data['reason']).toContain('did not pick PipelineRun');
      expect(events.at(-1)?.metadata.source).toBe('scheduler');
    } finally {
      await scene.close();
    }
  });
});

describe('resources and executions', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.open({ defaults: { cooldownMs: 300 } });
  });
  afterAll(() => scene.close());

  it("a forged label never attaches a resource to somebody else's execution: it is an execution of its own", async () => {
    const id = await scene.create(scene.spec('quick'));
    await scene.endsWith(id, 'ExecutionCompleted', 'LockReleased', 'ReleaseRequested');
    const forged = await scene.apply('forged', scene.spec('quick'), { [ID_LABEL]: id });
    const own = forged.metadata.uid ?? '';
    await scene.endsWith(own, 'LockReleased');
    expect((await scene.types(own))[0]).toBe('ExecutionCreated');
    expect(await scene.types(id)).not.toContain('ResourceRemoved');
  });

  it('task runs left by an earlier execution of the target are found even when the watch does not show them', async () => {
    const spec = scene.spec('quick');
    await scene.endsWith(await scene.create(spec), 'LockReleased');
    const { runNameOf } = await import('#execution');
    const name = runNameOf(spec.targetResource);
    expect(scene.sandbox.api.freezeWatches({ plural: 'taskruns' })).toBeGreaterThan(0);
    const metadata = { namespace: RUNS, name: `${name}-left`, labels: { 'tekton.dev/pipelineRun': name } };
    const leftover = { apiVersion: 'tekton.dev/v1', kind: 'TaskRun', metadata, spec: {} };
    await scene.cluster.create(TASK_RUNS, leftover);
    const next = await scene.create(spec);
    await scene.lookedAt(PIPELINE_RUNS, { namespace: RUNS, name }, LOOKS);
    expect(await scene.types(next)).not.toContain('PipelineRunCreated');
    await scene.cluster.delete(TASK_RUNS, metadata);
    await until('its run', async () => (await scene.types(next)).includes('PipelineRunCreated'));
    scene.sandbox.api.cutWatches({ plural: 'taskruns' }); // so that those who watch begin anew
  });

  it('a start waits out the moment in which a restarted API server answers 429', async () => {
    await scene.runtime.stop();
    scene.sandbox.api.faults.next({ verb: 'list', plural: 'workflowexecutions' }, { kind: 'respond', code: 429 }, 2);
    await scene.start();
    expect(scene.sandbox.api.faults.pending).toBe(0);
  });

  it('the lock is given back by itself when the cooldown is over, once the run is gone', async () => {
    const id = await scene.create(scene.spec('quick'));
    expect((await scene.endsWith(id, 'LockReleased')).slice(-3)).toEqual([
      'ExecutionCompleted',
      'ReleaseRequested',
      'LockReleased',
    ]);
    expect((await scene.runs()).filter((run) => run.metadata.labels?.[ID_LABEL] === id)).toHaveLength(0);
  });

  it('a resource removed by force while the service is down is noticed, recorded, and its run removed', async () => {
    const object = await scene.apply('by-force', scene.spec('hang'));
    const id = object.metadata.uid ?? '';
    await until('a task to start', async () => (await scene.types(id)).includes('TaskStarted'));
    await scene.runtime.stop();
    await scene.cluster.patch(
      WORKFLOW_EXECUTIONS,
      { namespace: NAMESPACE, name: 'by-force' },
      { type: 'merge', body: { metadata: { finalizers: null } } },
    );
    await scene.cluster.delete(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: 'by-force' });
    await scene.start();
    const types = await scene.endsWith(id, 'LockReleased');
    expect(types).toEqual(expect.arrayContaining(['ResourceRemoved', 'CancellationRequested', 'ExecutionCancelled']));
    expect((await scene.runs()).filter((run) => run.metadata.labels?.[ID_LABEL] === id)).toHaveLength(0);
  });

  it('spec.cancel cancels, and its generation is observed', async () => {
    const object = await scene.apply('cancel-me', scene.spec('hang'));
    const id = object.metadata.uid ?? '';
    await until('a task to start', async () => (await scene.types(id)).includes('TaskStarted'));
    await scene.cluster.patch(
      WORKFLOW_EXECUTIONS,
      { namespace: NAMESPACE, name: 'cancel-me' },
      { type: 'merge', body: { spec: { cancel: 'Immediate' } } },
    );
    await until('the end', async () => (await scene.types(id)).includes('ExecutionCancelled'));
    const view = await scene.runtime.service.get(id);
    expect(view?.status).toMatchObject({ phase: 'Failed', outcome: 'Cancelled', observedGeneration: 2 });
  });
});

describe('a log that cannot be written', () => {
  it('nothing acts: no run, no resource, no status; and it goes on when the log is back', async () => {
    const log = new MemoryEventStore();
    let isBroken = false;
    let refused = 0;
    const store: EventStore = new Proxy(log, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (isBroken && (name === 'append' || name === 'probe'))
          return () => {
            if (name === 'append') refused += 1;
            return Promise.reject(new UnavailableError('no space left on the disk'));
          };
        return value.bind(target) as unknown;
      },
    });
    const scene = await Scene.open({ store });
    try {
      isBroken = true;
      await expect(scene.create(scene.spec('quick'))).rejects.toThrow(UnavailableError);
      const object = await scene.apply('unrecorded', scene.spec('quick'));
      expect((await scene.runtime.health()).store).toMatchObject({ ok: false });
      refused = 0;
      await until('the resource to have been met, again and again', () => refused >= LOOKS);
      expect(await scene.runs()).toHaveLength(0);
      const found = await scene.cluster.get(WORKFLOW_EXECUTIONS, { namespace: NAMESPACE, name: 'unrecorded' });
      expect([found.status, found.metadata.finalizers]).toEqual([undefined, undefined]);
      isBroken = false;
      await until('it to be done', async () =>
        (await scene.types(object.metadata.uid ?? '')).includes('ExecutionCompleted'),
      );
    } finally {
      await scene.close();
    }
  });
});
