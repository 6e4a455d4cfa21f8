import { isDeepStrictEqual } from 'node:util';
import type { Cluster, KubeObject, ObjectName, ResourceType } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS } from '#kubernetes';
import type { Clock } from './clock.ts';
import type { ObjectCache } from './object-cache.ts';
import { asRun, asTaskRun } from './objects.ts';
import { planRun } from './plan-run.ts';
import { planTaskRun } from './plan-task-run.ts';
import type { RunPlan } from './run-status.ts';

export interface Surroundings {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly speed: number;
  readonly runs: ObjectCache;
  readonly taskRuns: ObjectCache;
}

/** Makes one run or task run go on as planned. Each look makes at most the writes of one plan. */
export class Reconciler {
  constructor(private readonly around: Surroundings) {}

  /**
   * Looks at the object behind `run <namespace>/<name>` or `task <namespace>/<name>`; answers when to look again.
   * @throws ClusterError when a write did not succeed; the cache then holds what the API server has.
   */
  async reconcile(key: string): Promise<number | undefined> {
    const [kind, name = ''] = key.split(' ', 2);
    return kind === 'run' ? this.run(name) : this.taskRun(name);
  }

  private async run(key: string): Promise<number | undefined> {
    const { runs, taskRuns, clock, speed } = this.around;
    const object = runs.get(key);
    if (object === undefined) return undefined;
    const namespace = object.metadata.namespace ?? '';
    const plan = planRun({
      run: asRun(object),
      taskRunNamed: (name) => {
        const found = taskRuns.get(`${namespace}/${name}`);
        return found && asTaskRun(found);
      },
      nowMs: clock.now(),
      speed,
    });
    await this.write(object, plan);
    return plan.dueAtMs;
  }

  private async write(run: KubeObject, { metadata, cancel = [], create = [], status }: RunPlan): Promise<void> {
    const { runs, cluster } = this.around;
    const name = nameOf(run);
    if (metadata) {
      const { uid = '' } = run.metadata;
      // With the uid: a run of the same name made in between is another run.
      const body = { metadata: { ...metadata, uid } };
      runs.put(
        await this.orRefreshed(PIPELINE_RUNS, name, cluster.patch(PIPELINE_RUNS, name, { type: 'merge', body })),
      );
    }
    for (const { name: child, message } of cancel) await this.cancel({ ...name, name: child }, message);
    // A name that is taken fails here; the next look finds its holder, and takes it over without asking whose it is.
    for (const taskRun of create) this.around.taskRuns.put(await cluster.create(TASK_RUNS, taskRun));
    if (status && !isDeepStrictEqual(status, run.status)) {
      runs.put(await this.orRefreshed(PIPELINE_RUNS, name, cluster.replaceStatus(PIPELINE_RUNS, { ...run, status })));
    }
  }

  private async cancel(name: ObjectName, statusMessage: string): Promise<void> {
    const { cluster, taskRuns } = this.around;
    const body = { spec: { status: 'TaskRunCancelled', statusMessage } };
    taskRuns.put(await this.orRefreshed(TASK_RUNS, name, cluster.patch(TASK_RUNS, name, { type: 'merge', body })));
  }

  private async taskRun(key: string): Promise<number | undefined> {
    const { taskRuns, cluster, clock, speed } = this.around;
    const object = taskRuns.get(key);
    if (object === undefined || object.metadata.deletionTimestamp !== undefined) return undefined;
    const { status, dueAtMs } = planTaskRun(asTaskRun(object), clock.now(), speed);
    if (status && !isDeepStrictEqual(status, object.status)) {
      const written = cluster.replaceStatus(TASK_RUNS, { ...object, status });
      taskRuns.put(await this.orRefreshed(TASK_RUNS, nameOf(object), written));
    }
    return dueAtMs;
  }

  /** The written object. After a lost race the cache is brought up to date before the error goes on. */
  private async orRefreshed(type: ResourceType, name: ObjectName, written: Promise<KubeObject>): Promise<KubeObject> {
    try {
      return await written;
    } catch (error) {
      const cache = type === PIPELINE_RUNS ? this.around.runs : this.around.taskRuns;
      if (isCode(error, 'conflict')) cache.put(await this.around.cluster.get(type, name));
      const held = cache.get(`${name.namespace}/${name.name}`);
      if (isCode(error, 'not-found') && held) cache.drop(held);
      throw error;
    }
  }
}

const nameOf = ({ metadata }: KubeObject): ObjectName => ({ namespace: metadata.namespace ?? '', name: metadata.name });
const isCode = (error: unknown, code: string): boolean => error instanceof ClusterError && error.code === code;
