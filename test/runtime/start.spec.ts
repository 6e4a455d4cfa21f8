import type { EventStore } from '#event-store';
import { MemoryEventStore, UnavailableError } from '#event-store';
import type { KubeObject } from '#kubernetes';
import { PIPELINE_RUNS } from '#kubernetes';
import { until } from '../support/until.ts';
import { Scene } from './scene.ts';

const ID_LABEL = 'workflowexecution.kubernaut.ai/execution-id';
const statusOfSpec = (run: KubeObject | undefined): unknown => (run?.spec as { status?: unknown } | undefined)?.status;

describe('a run is started by the log', () => {
  it('it sleeps for as long as its creation cannot be recorded', async () => {
    const log = new MemoryEventStore();
    let refused = 0;
    let isBroken = true;
    const store = new Proxy(log, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name !== 'append') return value.bind(target) as unknown;
        return (...args: Parameters<EventStore['append']>) => {
          if (!isBroken || !args[2].some((event) => event.type === 'PipelineRunCreated')) return target.append(...args);
          refused += 1;
          return Promise.reject(new UnavailableError('no space left on the disk'));
        };
      },
    });
    const scene = await Scene.open({ store });
    try {
      const id = await scene.create(scene.spec('quick'));
      await until('three attempts to record the run', () => refused >= 3);
      expect((await scene.runs()).map(statusOfSpec)).toEqual(['PipelineRunPending']);
      isBroken = false;
      await scene.endsWith(id, 'ExecutionCompleted');
      expect(statusOfSpec((await scene.runs())[0])).toBeUndefined();
    } finally {
      await scene.close();
    }
  });

  it('a create that is carried out after the execution is over starts nothing, and what it left is removed', async () => {
    const scene = await Scene.open({ defaults: { cooldownMs: 0 } });
    try {
      let late: KubeObject | undefined;
      const cluster = new Proxy(scene.cluster, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          if (name !== 'create') return value.bind(target) as unknown;
          return (...args: Parameters<typeof target.create>) => {
            if (args[0] === PIPELINE_RUNS) late = args[1];
            return target.create(...args);
          };
        },
      });
      await scene.runtime.stop();
      await scene.start({ cluster });
      const id = await scene.create(scene.spec('quick'));
      await scene.endsWith(id, 'LockReleased');
      const zombie = await scene.cluster.create(PIPELINE_RUNS, late as KubeObject);
      await until('it to be gone', async () => (await scene.runs()).length === 0);
      const started = (await scene.types(id)).filter((type) => type === 'TaskStarted');
      expect(started).toHaveLength(1);
      expect(await scene.types(id)).toContain('ContradictionObserved');
      expect(zombie.metadata.labels?.[ID_LABEL]).toBe(id);
    } finally {
      await scene.close();
    }
  });
});
