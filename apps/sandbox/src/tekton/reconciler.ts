import { isDeepStrictEqual } from 'node:util';
import type { Clock, Cluster, KubeObject, ObjectName, ResourceType } from '#kubernetes';
import { PIPELINE_RUNS, TASK_RUNS } from '#kubernetes';
import { isCode, type TaskRuns } from './controller.ts';
import type { RunObject } from './objects.ts';
import { asRun, asTaskRun, isDone, NOTES } from './objects.ts';
import { planRun } from './plan-run.ts';
import { planTaskRun } from './plan-task-run.ts';
import type { RunPlan } from './run-status.ts';

export interface Surroundings {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly speed: number;
  /** Milliseconds from the cancellation of a task run to its end. */
  readonly stopMs: number;
}

/** Makes one run or task run go on as planned. Each look makes at most the writes of one plan. */
export class Reconciler {
  constructor(private readonly around: Surroundings) {}

  /**
   * Looks at the object behind `run <namespace>/<name>` or `task <namespace>/<name>`, as the API server has it now;
   * answers when to look again.
   * @throws ClusterError when a write did not succeed; looking again is safe.
   */
  async reconcile(key: string, taskRuns: TaskRuns): Promise<number | undefined> {
    const [kind, path = ''] = key.split(' ', 2);
    const [namespace = '', name = ''] = path.split('/', 2);
    return kind === 'run' ? this.run({ namespace, name }, taskRuns) : this.taskRun({ namespace, name });
  }

  private async run(name: ObjectName, taskRuns: TaskRuns): Promise<number | undefined> {
    const { clock, speed } = this.around;
    const object = await this.present(PIPELINE_RUNS, name);
    if (object === undefined) return undefined;
    const run = asRun(object);
    const unseen = await this.unseenChildren(run, name, taskRuns);
    const taskRunNamed = (child: string) => {
      const found = taskRuns.get({ ...name, name: child }) ?? unseen.get(child);
      return found && asTaskRun(found);
    };
    const plan = planRun({ run, taskRunNamed, nowMs: clock.now(), speed });
    await this.write(object, name, plan);
    return plan.dueAtMs;
  }

  /** Children the run counts already and no watch has told of yet: a run that is cancelled now must find them, too. */
  private async unseenChildren(run: RunObject, name: ObjectName, taskRuns: TaskRuns): Promise<Map<string, KubeObject>> {
    const unseen = new Map<string, KubeObject>();
    for (const { name: child } of run.status?.childReferences ?? []) {
      if (isDone(run) || taskRuns.get({ ...name, name: child }) !== undefined) continue;
      const found = await this.present(TASK_RUNS, { ...name, name: child });
      if (found !== undefined) unseen.set(child, found);
    }
    return unseen;
  }

  private async write(run: KubeObject, name: ObjectName, plan: RunPlan): Promise<void> {
    const { cluster } = this.around;
    const { metadata, cancel = [], create = [], status } = plan;
    if (metadata) {
      const { uid = '' } = run.metadata;
      // With the uid: a run of the same name made in between is another run.
      await cluster.patch(PIPELINE_RUNS, name, { type: 'merge', body: { metadata: { ...metadata, uid } } });
    }
    for (const { name: child, message } of cancel) await this.cancel({ ...name, name: child }, message);
    // A name that is taken fails here; the next look finds its holder, and takes it over without asking whose it is.
    for (const taskRun of create) await cluster.create(TASK_RUNS, taskRun);
    if (status && !isDeepStrictEqual(status, run.status))
      await cluster.replaceStatus(PIPELINE_RUNS, { ...run, status });
  }

  private async cancel(name: ObjectName, statusMessage: string): Promise<void> {
    const annotations = { [NOTES.cancelledAt]: String(this.around.clock.now()) };
    const body = { metadata: { annotations }, spec: { status: 'TaskRunCancelled', statusMessage } };
    await this.around.cluster.patch(TASK_RUNS, name, { type: 'merge', body });
  }

  private async taskRun(name: ObjectName): Promise<number | undefined> {
    const { cluster, clock, speed, stopMs } = this.around;
    const object = await this.present(TASK_RUNS, name);
    if (object === undefined || object.metadata.deletionTimestamp !== undefined) return undefined;
    const { status, dueAtMs } = planTaskRun(asTaskRun(object), { nowMs: clock.now(), speed, stopMs });
    if (status && !isDeepStrictEqual(status, object.status))
      await cluster.replaceStatus(TASK_RUNS, { ...object, status });
    return dueAtMs;
  }

  private async present(type: ResourceType, name: ObjectName): Promise<KubeObject | undefined> {
    try {
      return await this.around.cluster.get(type, name);
    } catch (error) {
      if (isCode(error, 'not-found')) return undefined;
      throw error;
    }
  }
}
