import type { RunRef } from '#execution';
import type { Cluster, KubeObject, ObjectName } from '#kubernetes';
import { PIPELINE_RUNS, TASK_RUNS } from '#kubernetes';
import { observe } from '#tekton';
import type { ClusterView } from './cluster-view.ts';
import type { Loaded } from './executions.ts';
import { isNoSuchObject } from './no-such-object.ts';
import type { Reconciliation } from './reconciliation.ts';
import { executionIdLabel } from './resource-spec.ts';

/** Task runs read for one run, at most. */
const TASK_RUN_PAGE = 500;
const TASK_RUN_PAGES = 4;

/** Turns what is seen of PipelineRuns and TaskRuns into Sync commands. */
export class RunObserver {
  constructor(
    private readonly cluster: Cluster,
    private readonly view: ClusterView,
    private readonly reconciliation: Reconciliation,
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
    const now = observe(read, await this.readTaskRuns(read));
    return this.reconciliation.sync(loaded, { kind: 'RunObserved', run: now, how: 'watched' });
  }

  /** The run of that name as the API server has it now; undefined when there is none. */
  async read(name: ObjectName): Promise<KubeObject | undefined> {
    try {
      return await this.cluster.get(PIPELINE_RUNS, { namespace: name.namespace, name: name.name });
    } catch (error) {
      if (isNoSuchObject(error)) return undefined;
      throw error;
    }
  }

  /** Records that a run of ours exists. @throws nothing of its own */
  async found(loaded: Loaded, run: KubeObject, how: 'created' | 'adopted'): Promise<Loaded> {
    const taskRuns = how === 'created' ? [] : await this.readTaskRuns(run);
    return this.reconciliation.sync(loaded, { kind: 'RunObserved', run: observe(run, taskRuns), how });
  }

  /** Task runs in the run's namespace that carry this label, read from the API server now. */
  async listTaskRuns(namespace: string, labelSelector: string): Promise<readonly KubeObject[]> {
    const found: KubeObject[] = [];
    let next: string | undefined;
    for (let pages = 0; pages < TASK_RUN_PAGES; pages += 1) {
      const options = { namespace, labelSelector, limit: TASK_RUN_PAGE, ...(next !== undefined && { continue: next }) };
      const page = await this.cluster.list(TASK_RUNS, options);
      found.push(...page.items);
      next = page.continue;
      if (next === undefined) break;
    }
    return found;
  }

  /** A create that nobody waits for any more may still be carried out: its run is known by our name and our id. */
  private async observeStray(loaded: Loaded): Promise<Loaded> {
    const { id, execution } = loaded;
    if (execution.phase !== 'Finished') return loaded;
    const seen = this.view.run({ namespace: execution.settings.executionNamespace, name: execution.runName });
    if (seen === undefined || !isOurs(seen, id)) return loaded;
    return this.reconciliation.sync(loaded, { kind: 'RunObserved', run: observe(seen, []), how: 'watched' });
  }

  /**
   * The end of a run is told by the run, its cause by the task runs, and they come on two watches: before an end is
   * recorded, both are read again.
   */
  private async fold(loaded: Loaded, seen: KubeObject): Promise<Loaded> {
    const { execution } = loaded;
    const watched = observe(seen, this.view.taskRuns(seen.metadata.name));
    if (execution.phase === 'Running' && watched.outcome !== undefined) return this.observeNow(loaded, execution.run);
    return this.reconciliation.sync(loaded, { kind: 'RunObserved', run: watched, how: 'watched' });
  }

  private readTaskRuns(run: KubeObject): Promise<readonly KubeObject[]> {
    return this.listTaskRuns(run.metadata.namespace ?? '', `tekton.dev/pipelineRun=${run.metadata.name}`);
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
