import type { RunRef } from '#execution';
import type { Cluster } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS } from '#kubernetes';
import { isAsleep, startPatch } from '#tekton';
import type { ClusterView } from './cluster-view.ts';
import { isNoSuchObject } from './no-such-object.ts';

/** Runs known to be started. Forgetting one costs at most a patch that changes nothing. */
const REMEMBERED = 5_000;

/**
 * Starts runs whose creation is in the log. This is the fence (ADR 7): a create that is carried out too late, by a
 * leader that was paused or by a request that was delayed, leaves a run that sleeps, since the log names another one.
 */
export class RunStart {
  private readonly started = new Set<string>();

  constructor(
    private readonly cluster: Pick<Cluster, 'get' | 'patch'>,
    private readonly view: Pick<ClusterView, 'run'>,
  ) {}

  /** Twice is the same as once. @throws ClusterError when it could not be told whether the run is started */
  async start(run: RunRef): Promise<void> {
    if (this.started.has(run.uid)) return;
    const seen = this.view.run(run);
    const isAwake = seen?.metadata.uid === run.uid && !isAsleep(seen);
    if (!isAwake && !(await this.patched(run))) return;
    this.started.add(run.uid);
    if (this.started.size > REMEMBERED) this.started.delete(this.started.keys().next().value as string);
  }

  /** False when it is gone, replaced, or awake already: what it looks like then is told by the next observation. */
  private async patched(run: RunRef): Promise<boolean> {
    try {
      await this.cluster.patch(PIPELINE_RUNS, run, { type: 'json', body: startPatch(run.uid) });
      return true;
    } catch (error) {
      if (!(error instanceof ClusterError) || !MOOT.has(error.code)) throw error;
      if (error.code !== 'not-found' && (await this.sleeps(run))) throw error; // somebody refuses it: that may pass
      return false;
    }
  }

  private async sleeps(run: RunRef): Promise<boolean> {
    try {
      const now = await this.cluster.get(PIPELINE_RUNS, run);
      return now.metadata.uid === run.uid && isAsleep(now);
    } catch (error) {
      if (isNoSuchObject(error)) return false;
      throw error;
    }
  }
}

const MOOT: ReadonlySet<string> = new Set(['not-found', 'invalid', 'bad-request']);
