import type { Position } from '#event-store';
import type { Lag, ProjectionLag } from './projection-lag.ts';
import type { ReadModel } from './read-model.ts';
import type { RebuildParts } from './rebuild.ts';
import { Rebuild } from './rebuild.ts';

/** What is computed from the log and kept: one read model. */
export const READ_MODEL = 'read-model';

export interface Projection {
  readonly name: string;
  /** Up to where the log has been taken in. */
  readonly position: Position;
  readonly lagEvents: number;
  readonly state: 'current' | 'behind' | 'rebuilding';
  readonly rebuild?: RebuildProgress & { readonly startedAt: string };
  /** Why the last rebuild came to nothing. */
  readonly failure?: { readonly at: string; readonly message: string };
}

/** How many of how many events the new read model has taken in. */
export interface RebuildProgress {
  readonly events: number;
  readonly of: number;
}

export type RebuildAnswer = 'Started' | 'Running' | 'Unknown';

/** What is kept of the log, how far it is, and building it anew while it goes on answering. */
export interface Projections {
  list(): Promise<readonly Projection[]>;
  /** Begins and does not wait. `Running` when that was asked before and is not done. @throws Error when it cannot begin */
  rebuild(name: string): Promise<RebuildAnswer>;
  /** Undefined when nothing is being rebuilt: for answers that come from the old one meanwhile. */
  progress(): Promise<RebuildProgress | undefined>;
}

interface Parts extends RebuildParts {
  readonly readModel: Pick<ReadModel, 'successor' | 'size'>;
  readonly lag: Pick<ProjectionLag, 'measure'>;
}

const REPORT_MS = 5_000;

/** The projections of a runtime. */
export class RuntimeProjections implements Projections {
  private current: Rebuild | undefined;
  private isBeginning = false;
  private failure: Projection['failure'];
  private running: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(private readonly parts: Parts) {}

  async list(): Promise<readonly Projection[]> {
    const lag = await this.parts.lag.measure();
    const progress = await this.progressAt(lag);
    const state = progress !== undefined ? 'rebuilding' : lag.events > 0 ? 'behind' : 'current';
    const { position } = this.parts.projector;
    const { current, failure } = this;
    return [
      {
        ...{ name: READ_MODEL, position, lagEvents: lag.events, state },
        ...(progress && current && { rebuild: { ...progress, startedAt: current.startedAt } }),
        ...(failure && { failure }),
      },
    ];
  }

  async rebuild(name: string): Promise<RebuildAnswer> {
    if (name !== READ_MODEL) return 'Unknown';
    if (this.isBeginning || this.current !== undefined || this.stopping.signal.aborted) return 'Running';
    this.isBeginning = true;
    try {
      this.current = await Rebuild.begin(this.parts);
    } finally {
      this.isBeginning = false;
    }
    this.failure = undefined;
    this.parts.log.info({}, 'the read model is being rebuilt beside the one that answers');
    this.running = this.finish(this.current);
    return 'Started';
  }

  async progress(): Promise<RebuildProgress | undefined> {
    return this.current === undefined ? undefined : this.progressAt(await this.parts.lag.measure());
  }

  /** Tells how far a rebuild is until the signal aborts. */
  async report(signal: AbortSignal): Promise<void> {
    const { telemetry, clock } = this.parts;
    while (!signal.aborted) {
      const { events, of } = (await this.progress().catch(() => undefined)) ?? { events: 0, of: 0 };
      telemetry.rebuild(this.current !== undefined, events, of);
      await clock.sleep(REPORT_MS, signal);
    }
  }

  /** Leaves a rebuild that is under way; what it has made is removed. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async progressAt(lag: Lag): Promise<RebuildProgress | undefined> {
    if (this.current === undefined) return undefined;
    const [events, known] = await Promise.all([this.current.events, this.parts.readModel.size()]);
    return { events, of: Math.max(events, known + lag.events) };
  }

  private async finish(rebuild: Rebuild): Promise<void> {
    const { clock, log, telemetry } = this.parts;
    try {
      await rebuild.run(this.stopping.signal);
      const how = this.stopping.signal.aborted ? 'the rebuild of the read model was left' : 'the read model is rebuilt';
      log.info({}, how);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.failure = { at: new Date(clock.now()).toISOString(), message };
      telemetry.driverFault('projector');
      log.error({ err: error }, 'the read model could not be rebuilt; the old one goes on answering');
    } finally {
      this.current = undefined;
    }
  }
}
