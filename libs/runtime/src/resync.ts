import type { Informers } from './informers.ts';
import type { ResourcePlace } from './read-model.ts';
import { claimedExecutionIds } from './resource-spec.ts';
import type { RuntimeOptions } from './runtime-options.ts';

const PAGE = 500;

type ResyncOptions = Pick<RuntimeOptions, 'readModel' | 'clock' | 'log' | 'resyncMs'>;

/**
 * Compares log and cluster, at the start of a term and then periodically: what is in the cluster, what is open in the log,
 * and what the log believes to be in the cluster and is not.
 */
export class Resync {
  constructor(
    private readonly options: ResyncOptions,
    private readonly informers: Pick<Informers, 'relist' | 'tapAll' | 'watches' | 'view'>,
    /** There may be something to do for this execution. */
    private readonly tap: (executionId: string) => void,
  ) {}

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, resyncMs } = this.options;
    for (let round = 0; !signal.aborted; round += 1) {
      // The watches may have missed something without a word; the caches are new when this replica has just started.
      if (round > 0) this.informers.relist();
      this.informers.tapAll();
      try {
        await this.tapOpen();
        await this.tapVanished();
      } catch (error) {
        log.error({ err: error }, 'the periodic resync failed; it comes again');
      }
      await clock.sleep(resyncMs, signal);
    }
  }

  private async tapOpen(): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const ids = await this.options.readModel.open(after, PAGE);
      for (const id of ids) this.tap(id);
      after = ids.at(-1);
      if (after === undefined || ids.length < PAGE) return;
    }
  }

  /** Resources removed by force while nobody looked, of executions for which nothing else remains to be done. */
  private async tapVanished(): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const places = await this.options.readModel.withResource(after, PAGE);
      for (const place of places) if (this.hasVanished(place)) this.tap(place.id);
      after = places.at(-1)?.id;
      if (after === undefined || places.length < PAGE) return;
    }
  }

  /** As far as the watches tell; whoever is tapped reads. */
  private hasVanished({ id, namespace, name }: ResourcePlace): boolean {
    if (!this.informers.watches(namespace)) return false;
    const seen = this.informers.view.resource({ namespace, name });
    return seen === undefined || (seen.metadata.uid !== id && !claimedExecutionIds(seen).includes(id));
  }
}
