import { Acting } from './acting.ts';
import { Bridge } from './bridge.ts';
import { Dispatcher } from './dispatcher.ts';
import { Executions } from './executions.ts';
import { healthOf } from './health.ts';
import { Informers } from './informers.ts';
import type { LeadershipTerm } from './leadership.ts';
import { alone } from './leadership.ts';
import { Observing } from './observing.ts';
import { checkPrerequisites } from './prerequisites.ts';
import { ProjectionLag } from './projection-lag.ts';
import { Projector } from './projector.ts';
import { Reconciliation } from './reconciliation.ts';
import { RunObserver } from './run-observer.ts';
import type { RuntimeOptions } from './runtime-options.ts';
import type { ExecutionService, RuntimeHealth } from './service.ts';
import { Stopwatch } from './stopwatch.ts';
import { StoredExecutions } from './stored-executions.ts';

const AGE_INTERVAL_MS = 10_000;
const READ_YOUR_WRITES_MS = 1_000;

/**
 * The running service without its doors. Every replica answers commands and queries and follows log and cluster; the one
 * that leads also acts. Everything it knows can be lost at any moment: it starts again from the log.
 */
export class Runtime {
  readonly service: ExecutionService;
  private readonly stopping = new AbortController();
  private readonly resigning = new AbortController();
  private readonly executions: Executions;
  private readonly reconciliation: Reconciliation;
  private readonly informers: Informers;
  private readonly projector: Projector;
  private readonly projectionLag: ProjectionLag;
  private readonly bridge: Bridge;
  private readonly observer: RunObserver;
  private readonly observing: Observing;
  private readonly stopwatch: Stopwatch;
  private readonly loops: Promise<void>[] = [];
  private leading: Promise<void> = Promise.resolve();
  /** There while this replica leads. */
  private acting: Acting | undefined;

  constructor(private readonly options: RuntimeOptions) {
    const { store, readModel, cluster, clock, ids, telemetry, log, defaults } = options;
    this.executions = new Executions(store);
    const dispatcher = new Dispatcher(store, this.executions, clock, telemetry);
    this.reconciliation = new Reconciliation(dispatcher, clock, ids);
    this.informers = new Informers({
      ...{ cluster, clock, random: options.random, telemetry, log },
      executionNamespace: defaults.executionNamespace,
      watchedNamespaces: options.watchedNamespaces,
      onTap: (id) => this.acting?.tap(id),
      onRunGone: (name) => void this.acting?.tapWaiting(name),
    });
    this.projector = new Projector({
      ...{ store, readModel, clock, telemetry, log },
      onApplied: (changes) => this.acting?.applied(changes),
    });
    this.projectionLag = new ProjectionLag(store, this.projector, clock);
    this.bridge = new Bridge(cluster, this.informers.view, this.executions, this.reconciliation, defaults);
    this.observer = new RunObserver(cluster, this.informers.view, this.reconciliation);
    this.stopwatch = new Stopwatch(clock);
    this.observing = new Observing(this.bridge, this.observer);
    this.service = new StoredExecutions({
      ...{ store, readModel, cluster, clock, ids, defaults, dispatcher },
      executions: this.executions,
      projector: this.projector,
      observing: this.observing,
    });
  }

  /**
   * Checks what must be there, then starts everything. Resolves when the watches and the read model have caught up; from
   * then on this replica acts whenever it leads.
   * @throws Error with a sentence that says what to do
   */
  async start(): Promise<void> {
    await checkPrerequisites(this.options);
    await this.options.sealer?.check();
    const { signal } = this.stopping;
    this.loops.push(this.projector.run(signal), this.informers.run(signal));
    this.loops.push(this.projectionLag.report(this.options.telemetry, signal));
    await Promise.all([this.projector.caughtUp(), this.informers.synced()]);
    this.loops.push(this.reportAges(signal));
    const { leadership = alone } = this.options;
    this.leading = leadership.run(this.resigning.signal, (term) => this.lead(term));
  }

  /** Takes no new work and resolves when what is under way is done; the rest is in the log. */
  async stop(): Promise<void> {
    this.resigning.abort();
    await this.leading;
    this.stopping.abort();
    await Promise.all(this.loops);
  }

  /** Waits (bounded) until the read model has taken in what was written before the call. */
  async caughtUp(): Promise<void> {
    await this.projector.reached(await this.options.store.head(), READ_YOUR_WRITES_MS);
  }

  health(): Promise<RuntimeHealth> {
    return healthOf(this.options, this.projector, this.projectionLag, this.informers);
  }

  private async lead(term: LeadershipTerm): Promise<void> {
    const { executions, reconciliation, informers, projector, bridge, observer, observing, stopwatch } = this;
    const seen = { executions, informers, projector, observer, observing };
    const parts = { ...seen, reconciliation, bridge, stopwatch, options: this.options };
    this.acting = new Acting(parts, term);
    const { sealer, onLeading } = this.options;
    onLeading?.(true);
    try {
      await Promise.all([this.acting.run(), sealer?.run(term.signal)]);
      // What was under way is recorded now. A term that was lost leaves the seal to the next leader.
      if (this.resigning.signal.aborted) await sealer?.finish();
    } finally {
      this.acting = undefined;
      onLeading?.(false);
    }
  }

  private async reportAges(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const ageMs = this.informers.oldestContactMs();
      if (ageMs !== undefined) this.options.telemetry.watchAge('all', ageMs / 1000);
      await this.options.clock.sleep(AGE_INTERVAL_MS, signal);
    }
  }
}
