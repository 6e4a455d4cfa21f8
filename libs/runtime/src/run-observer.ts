import type { RunObservation, RunRef } from '#execution';
import type { Cluster, KubeObject, ObjectName, ResourceType } from '#kubernetes';
import { PIPELINE_RUNS, TASK_RUNS } from '#kubernetes';
import { childTaskRunNames, observe, taskRunHasEnded } from '#tekton';
import type { ClusterView } from './cluster-view.ts';
import type { Loaded } from './executions.ts';
import { isNoSuchObject } from './no-such-object.ts';
import type { Reconciliation } from './reconciliation.ts';
import { executionIdLabel } from './resource-spec.ts';
import { CLOSED } from './sensitive/scrubber.ts';
import { scrubbedRun } from './sensitive/scrubbed-run.ts';
import type { SensitiveValues } from './sensitive/values.ts';

/** Task runs read at the same time. */
const READS_AT_ONCE = 16;
/** Task runs named, at most. */
const NAMED = 5;

/** Turns what is seen of PipelineRuns and TaskRuns into Sync commands. */
export class RunObserver {
  constructor(
    private readonly cluster: Cluster,
    private readonly view: ClusterView,
    private readonly reconciliation: Reconciliation,
    private readonly sensitive: SensitiveValues,
  ) {}

  /** Folds in what the run of this execution looks like now. One that is to be created is the run driver's to find. */
  async observe(loaded: Loaded): Promise<Loaded> {
    const run = recordedRun(loaded);
    if (run === undefined) return this.observeStray(loaded);
    const seen = this.view.run(run);
    if (seen?.metadata.uid === run.uid) return this.fold(loaded, seen);
    const read = await this.read(run);
    if (read?.metadata.uid === run.uid) return this.fold(loaded, read);
    return this.reconciliation.sync(loaded, { kind: 'RunMissing', runUid: run.uid });
  }

  /** Folds in what the API server has now, whatever the watches have seen. */
  async observeNow(loaded: Loaded, run: RunRef): Promise<Loaded> {
    const read = await this.read(run);
    if (read?.metadata.uid !== run.uid)
      return this.reconciliation.sync(loaded, { kind: 'RunMissing', runUid: run.uid });
    const now = this.observed(loaded, read, await this.taskRunsOf(read));
    return this.reconciliation.sync(loaded, { kind: 'RunObserved', run: now, how: 'watched' });
  }

  /** The run of that name as the API server has it now; undefined when there is none. */
  read(name: ObjectName): Promise<KubeObject | undefined> {
    return this.find(PIPELINE_RUNS, name);
  }

  /** Records that a run of ours exists. @throws nothing of its own */
  async found(loaded: Loaded, run: KubeObject, how: 'created' | 'adopted'): Promise<Loaded> {
    const taskRuns = how === 'created' ? [] : await this.taskRunsOf(run);
    return this.reconciliation.sync(loaded, { kind: 'RunObserved', run: this.observed(loaded, run, taskRuns), how });
  }

  /**
   * Names of task runs that exist under a run's name (some of them): seen, or listed from the API server now. The list is consistent, which
   * costs up to a tenth of a second on an idle API server; without `isSure`, what the watch shows has to do.
   */
  async taskRunNames(run: ObjectName, isSure: boolean): Promise<readonly string[]> {
    const seen = this.view.taskRuns(run.name);
    if (seen.length > 0 || !isSure) return namesOf(seen);
    const options = { namespace: run.namespace, labelSelector: `tekton.dev/pipelineRun=${run.name}`, limit: NAMED };
    return namesOf((await this.cluster.list(TASK_RUNS, options)).items);
  }

  /** A create that nobody waits for any more may still be carried out: its run is known by our name and our id. */
  private async observeStray(loaded: Loaded): Promise<Loaded> {
    const { id, execution } = loaded;
    if (execution.phase !== 'Finished') return loaded;
    const seen = this.view.run({ namespace: execution.settings.executionNamespace, name: execution.runName });
    if (seen === undefined || !isOurs(seen, id)) return loaded;
    return this.reconciliation.sync(loaded, {
      kind: 'RunObserved',
      run: this.observed(loaded, seen, []),
      how: 'watched',
    });
  }

  /**
   * The end of a run is told by the run, its cause by the task runs, and they come on two watches: before an end is
   * recorded, both are read again.
   */
  private async fold(loaded: Loaded, seen: KubeObject): Promise<Loaded> {
    const { execution } = loaded;
    const watched = this.observed(loaded, seen, this.view.taskRuns(seen.metadata.name));
    if (execution.phase === 'Running' && watched.outcome !== undefined) return this.observeNow(loaded, execution.run);
    return this.reconciliation.sync(loaded, { kind: 'RunObserved', run: watched, how: 'watched' });
  }

  /** What they say, without what may not be told: steps can print what they were given. */
  private observed({ execution }: Loaded, run: KubeObject, taskRuns: readonly KubeObject[]): RunObservation {
    const { isSensitive } = this.sensitive.sensitivity;
    const known = execution.phase === 'Absent' ? CLOSED : this.sensitive.scrubberFor(execution);
    return observe(...scrubbedRun(run, taskRuns, known, isSensitive));
  }

  /**
   * The task runs that matter for what a run says: those it names, as ended as they are. One that the watch shows as
   * ended is; any other is read. A list would be one call, but a consistent one waits for the API server's cache.
   */
  private async taskRunsOf(run: KubeObject): Promise<readonly KubeObject[]> {
    const seen = new Map(this.view.taskRuns(run.metadata.name).map((taskRun) => [taskRun.metadata.name, taskRun]));
    // A watch that is behind may still show what a predecessor of that name left.
    const isSure = (taskRun: KubeObject | undefined): boolean => isOf(taskRun, run) && taskRunHasEnded(taskRun);
    const unsure = childTaskRunNames(run).filter((name) => !isSure(seen.get(name)));
    for (const name of unsure) seen.delete(name);
    for (let at = 0; at < unsure.length; at += READS_AT_ONCE) {
      const names = unsure.slice(at, at + READS_AT_ONCE);
      const read = await Promise.all(
        names.map((name) => this.find(TASK_RUNS, { namespace: run.metadata.namespace ?? '', name })),
      );
      for (const taskRun of read) if (taskRun !== undefined) seen.set(taskRun.metadata.name, taskRun);
    }
    return [...seen.values()];
  }

  private async find(type: ResourceType, { namespace, name }: ObjectName): Promise<KubeObject | undefined> {
    try {
      return await this.cluster.get(type, { namespace, name });
    } catch (error) {
      if (isNoSuchObject(error)) return undefined;
      throw error;
    }
  }
}

/** The run the log knows of and whose existence still matters. */
function recordedRun({ execution }: Loaded): RunRef | undefined {
  switch (execution.phase) {
    case 'Absent':
    case 'Pending':
      return undefined;
    case 'Running':
      return execution.run;
    case 'Finished':
      return execution.lock.state === 'Held' || execution.lock.state === 'Releasing' ? execution.ended?.ref : undefined;
  }
}

/** True when a run carries the id of this execution: the id, not the name, proves whose it is. */
export const isOurs = (run: KubeObject, executionId: string): boolean => executionIdLabel(run) === executionId;

const isOf = (taskRun: KubeObject | undefined, run: KubeObject): boolean =>
  taskRun?.metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === run.metadata.uid) ?? false;

const namesOf = (objects: readonly KubeObject[]): readonly string[] =>
  objects.slice(0, NAMED).map(({ metadata }) => metadata.name);
