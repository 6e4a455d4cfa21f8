import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { VerificationReport } from '#audit';
import type { CommandOutcome, EventFacts, RunCreationResult, WebhookResult } from '#runtime';
import type { BuildInfo } from '../build-info.ts';
import type { Metric, MetricKey } from './metric-table.ts';
import { METRIC_PREFIX, METRICS } from './metric-table.ts';
import type { Telemetry } from './telemetry.ts';

export const OTHER = 'other';

type Labels = Readonly<Record<string, string>>;

/** Telemetry as Prometheus metrics, registered from the table. Labels are bounded: what is not listed is `other`. */
export class PrometheusTelemetry implements Telemetry {
  readonly registry = new Registry();
  private readonly instruments = new Map<string, Counter | Gauge | Histogram>();
  private readonly allowed = new Map<readonly string[], ReadonlySet<string>>();

  /** `routes` are the templates of the API, the only values of the label `route`. */
  constructor(
    build: BuildInfo,
    private readonly routes: readonly string[],
  ) {
    for (const [key, metric] of Object.entries(METRICS)) this.instruments.set(key, this.register(metric));
    collectDefaultMetrics({ register: this.registry });
    this.record('buildInfo', 1, { ...build });
  }

  commandHandled(command: string, outcome: CommandOutcome, code: string, seconds: number): void {
    this.record('commands', seconds, { command, outcome });
    if (outcome === 'refused') this.record('refusals', 1, { command, code });
  }

  eventRecorded(type: string, facts: EventFacts): void {
    this.record('events', 1, { type });
    const { phase, outcome, reason, leftPhase, phaseSeconds } = facts;
    if (phase !== undefined) this.record('phaseTransitions', 1, { phase });
    if (outcome !== undefined) this.record('executions', 1, { outcome });
    if (phaseSeconds !== undefined) this.record('phaseDuration', phaseSeconds, { phase: leftPhase ?? OTHER });
    if (reason !== undefined) this.record(phase === 'Skipped' ? 'skips' : 'failures', 1, { reason });
  }

  appended(seconds: number, events: number): void {
    this.record('append', seconds);
    this.record('appendedEvents', events);
  }

  appendConflict(): void {
    this.record('appendConflicts', 1);
  }

  runCreation(seconds: number, result: RunCreationResult, reason: string): void {
    this.record('runCreation', seconds, { result });
    if (result === 'refused' || result === 'failed') this.record('runCreationErrors', 1, { reason });
  }

  clusterRequest(verb: string, type: string, status: string, seconds: number): void {
    this.record('clusterRequests', seconds, { verb, type, status: statusClass(status) });
  }

  driverFault(category: string): void {
    this.record('errors', 1, { category });
  }

  queue(depth: number, waitSeconds: number): void {
    this.record('queueDepth', depth);
    this.record('queueWait', waitSeconds);
  }

  projection(lagEvents: number, lagSeconds: number): void {
    this.record('projectionLagEvents', lagEvents);
    this.record('projectionLagSeconds', lagSeconds);
  }

  rebuild(isRunning: boolean, events: number, of: number): void {
    this.record('rebuilding', isRunning ? 1 : 0);
    this.record('rebuildEvents', events);
    this.record('rebuildOf', of);
  }

  archived(executions: number, events: number): void {
    this.record('archivedExecutions', executions);
    this.record('archivedEvents', events);
  }

  watchAge(type: string, seconds: number): void {
    this.record('watchAge', seconds, { type });
  }

  sealed(number: number): void {
    this.record('sealNumber', number);
  }

  unsealed(events: number, seconds: number): void {
    this.record('unsealedEvents', events);
    this.record('sealAge', seconds);
  }

  headPublished(where: string, number: number): void {
    this.record('publishedSealNumber', number, { where });
  }

  sealPublishError(where: string): void {
    this.record('sealPublishErrors', 1, { where });
  }

  webhookAttempt(result: WebhookResult, seconds: number): void {
    this.record('webhookAttempts', seconds, { result });
  }

  webhookLag(seconds: number): void {
    this.record('webhookLag', seconds);
  }

  leader(isLeader: boolean): void {
    this.record('leader', isLeader ? 1 : 0);
  }

  streamsOpen(kind: string, open: number): void {
    this.record('streamsOpen', open, { kind });
  }

  streamEnded(kind: string, end: string): void {
    this.record('streams', 1, { kind, end });
  }

  verified({ ok, events, seals, firstDamage }: VerificationReport, seconds: number, atSeconds: number): void {
    this.record('verifyOk', ok ? 1 : 0);
    this.record('verifyEvents', events);
    this.record('verifySeals', seals);
    this.record('verifySeconds', seconds);
    this.record('verifiedAt', atSeconds);
    if (firstDamage !== undefined) this.record('verifyDamages', 1, { kind: firstDamage.kind });
  }

  httpRequest(method: string, route: string, status: number, seconds: number): void {
    this.record('http', seconds, { method, route, status: statusClass(String(status)) });
  }

  private register(metric: Metric): Counter | Gauge | Histogram {
    const { kind, help, buckets } = metric;
    const name = METRIC_PREFIX + metric.name;
    const labelNames = Object.keys(metric.labels);
    const registers = [this.registry];
    switch (kind) {
      case 'counter':
        return new Counter({ name, help, labelNames, registers });
      case 'gauge':
        return new Gauge({ name, help, labelNames, registers });
      case 'histogram':
        return new Histogram({ name, help, labelNames, registers, buckets: [...(buckets ?? [])] });
    }
  }

  private record(key: MetricKey, value: number, labels: Labels = {}): void {
    if (!Number.isFinite(value)) return;
    const bounded = this.bounded(METRICS[key], labels);
    const instrument = this.instruments.get(key);
    if (instrument instanceof Counter) instrument.inc(bounded, Math.max(0, value));
    else if (instrument instanceof Gauge) instrument.set(bounded, value);
    else instrument?.observe(bounded, value);
  }

  private bounded(metric: Metric, labels: Labels): Labels {
    const entries = Object.entries(metric.labels).map(([label, values]) => {
      const value = labels[label] ?? OTHER;
      if (values === 'build') return [label, value];
      const allowed = values === 'route' ? this.routes : values;
      return [label, this.setOf(allowed).has(value) ? value : OTHER];
    });
    return Object.fromEntries(entries) as Labels;
  }

  private setOf(values: readonly string[]): ReadonlySet<string> {
    const known = this.allowed.get(values) ?? new Set(values);
    this.allowed.set(values, known);
    return known;
  }
}

/** `404` and `4xx` are of class `4xx`; anything else stays as it is. */
const statusClass = (status: string): string => (/^[1-5]\d\d$/.test(status) ? `${status.charAt(0)}xx` : status);
