import type { ClusterConnection } from '#kubernetes';
import { Informer, PIPELINE_RUNS, systemClock } from '#kubernetes';
import { ID_LABEL, RUNS } from './client.ts';

/** A run in this state was created and never started. */
const ASLEEP = 'PipelineRunPending';

/** Every PipelineRun that was ever started, by execution id: a second one would be seen even if it was gone a moment later. */
export class RunCounter {
  private readonly seen = new Map<string, Set<string>>();
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  async start(cluster: ClusterConnection): Promise<void> {
    const informer = new Informer(cluster, systemClock, {
      type: PIPELINE_RUNS,
      namespace: RUNS,
      onChange: ({ object: { metadata, spec } }) => {
        if ((spec as { status?: string } | undefined)?.status === ASLEEP) return;
        const id = metadata.labels?.[ID_LABEL] ?? 'none';
        this.seen.set(id, (this.seen.get(id) ?? new Set()).add(metadata.uid ?? ''));
      },
    });
    this.running = informer.run(this.stopping.signal);
    await informer.synced();
  }

  /** Number of runs that were started for it. */
  of(executionId: string): number {
    return this.seen.get(executionId)?.size ?? 0;
  }

  /** Execution id and number of started runs of everything that ran. */
  get counts(): ReadonlyMap<string, number> {
    return new Map([...this.seen].map(([id, uids]) => [id, uids.size]));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }
}
