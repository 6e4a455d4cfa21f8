import type { Clock, ClusterConnection, KubeObject } from '#kubernetes';
import { ClusterError, Informer, PIPELINE_RUNS, systemClock, TASK_RUNS } from '#kubernetes';

const FOREGROUND = 'foregroundDeletion';
const RETRY_MS = 100;

/**
 * What a cluster's garbage collector does for runs and their task runs, for an API server that comes without one:
 * a run deleted in the foreground goes when its task runs are gone, task runs without their run go too.
 */
export class GarbageCollector {
  private readonly stopping = new AbortController();
  private readonly runs: Informer;
  private readonly tasks: Informer;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly cluster: ClusterConnection,
    private readonly clock: Clock = systemClock,
  ) {
    this.runs = new Informer(cluster, clock, { type: PIPELINE_RUNS, onChange: () => this.wake() });
    this.tasks = new Informer(cluster, clock, { type: TASK_RUNS, onChange: () => this.wake() });
  }

  async start(): Promise<void> {
    const { signal } = this.stopping;
    this.running = Promise.all([this.runs.run(signal), this.tasks.run(signal), this.loop(signal)]);
    await Promise.all([this.runs.synced(), this.tasks.synced()]);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private waking = new AbortController();

  private wake(): void {
    this.waking.abort();
  }

  private async loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.waking = new AbortController();
      if (this.runs.isSynced && this.tasks.isSynced) await this.collect().catch(() => undefined);
      await this.clock.sleep(RETRY_MS, AbortSignal.any([signal, this.waking.signal]));
    }
  }

  private async collect(): Promise<void> {
    const owners = new Map(this.runs.list().map((run) => [run.metadata.uid, run]));
    const kept = new Set<string | undefined>();
    for (const task of this.tasks.list()) {
      const owner = task.metadata.ownerReferences?.find((reference) => reference.controller === true)?.uid;
      if (owner === undefined) continue;
      kept.add(owner);
      const run = owners.get(owner);
      if (run === undefined ? await this.isGone(task, owner) : isGoing(run)) await this.delete(task);
    }
    for (const run of owners.values()) if (isGoing(run) && !kept.has(run.metadata.uid)) await this.release(run);
  }

  /** The cache of runs may be behind that of task runs: only the API server knows that an owner is gone. */
  private async isGone(task: KubeObject, ownerUid: string): Promise<boolean> {
    const name = task.metadata.ownerReferences?.find((reference) => reference.uid === ownerUid)?.name ?? '';
    try {
      const run = await this.cluster.get(PIPELINE_RUNS, { namespace: task.metadata.namespace ?? '', name });
      return run.metadata.uid !== ownerUid;
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'not-found') return true;
      throw error;
    }
  }

  private async delete({ metadata }: KubeObject): Promise<void> {
    if (metadata.deletionTimestamp !== undefined) return;
    const name = { namespace: metadata.namespace ?? '', name: metadata.name };
    await ifThere(this.cluster.delete(TASK_RUNS, name, { uid: metadata.uid ?? '' }));
  }

  private async release({ metadata }: KubeObject): Promise<void> {
    const finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== FOREGROUND);
    const name = { namespace: metadata.namespace ?? '', name: metadata.name };
    const body = { metadata: { uid: metadata.uid, resourceVersion: metadata.resourceVersion, finalizers } };
    await ifThere(this.cluster.patch(PIPELINE_RUNS, name, { type: 'merge', body }));
  }
}

const isGoing = ({ metadata }: KubeObject): boolean =>
  metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(FOREGROUND) === true;

async function ifThere(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    const isMoot = error instanceof ClusterError && (error.code === 'not-found' || error.code === 'conflict');
    if (!isMoot) throw error;
  }
}
