import { readFileSync } from 'node:fs';
import { ROUTES } from '../../src/http/routes.ts';
import { generatedPart } from '../../src/markdown.ts';
import { metricsTable } from '../../src/metrics/document.ts';
import { METRIC_PREFIX, METRICS } from '../../src/metrics/metric-table.ts';
import type { Metric } from '../../src/metrics/metric-table.ts';
import { OTHER, PrometheusTelemetry } from '../../src/metrics/prometheus-telemetry.ts';

const BUILD = { version: '1.2.3', commit: 'abc' };
const telemetryNow = () => new PrometheusTelemetry(BUILD, Object.keys(ROUTES));

/** Samples of the service's own metrics: `name{labels}` to value. */
async function samples(telemetry: PrometheusTelemetry): Promise<Map<string, number>> {
  const text = await telemetry.registry.metrics();
  const lines = text.split('\n').filter((line) => line.startsWith(METRIC_PREFIX));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

describe('recording', () => {
  test('a failed execution counts its phase, outcome, reason and how long it ran', async () => {
    const telemetry = telemetryNow();
    const facts = { phase: 'Failed', outcome: 'Failed', reason: 'OOMKilled', leftPhase: 'Running', phaseSeconds: 42 };
    telemetry.eventRecorded('ExecutionFailed', facts);
    const found = await samples(telemetry);
    expect(found.get('workflowexecution_total{outcome="Failed"}')).toBe(1);
    expect(found.get('workflowexecution_phase_transitions_total{phase="Failed"}')).toBe(1);
    expect(found.get('workflowexecution_failures_total{reason="OOMKilled"}')).toBe(1);
    expect(found.get('workflowexecution_phase_duration_seconds_sum{phase="Running"}')).toBe(42);
    expect(found.get('workflowexecution_events_recorded_total{type="ExecutionFailed"}')).toBe(1);
  });

  test('a skip counts its reason apart from failures', async () => {
    const telemetry = telemetryNow();
    telemetry.eventRecorded('ExecutionSkipped', { phase: 'Skipped', outcome: 'Skipped', reason: 'ResourceBusy' });
    const found = await samples(telemetry);
    expect(found.get('workflowexecution_skip_total{reason="ResourceBusy"}')).toBe(1);
    expect([...found.keys()].some((name) => name.startsWith('workflowexecution_failures_total'))).toBe(false);
  });

  test('a refused command counts by code, a handled one by outcome only', async () => {
    const telemetry = telemetryNow();
    telemetry.commandHandled('ReleaseExecution', 'refused', 'RunUnfinished', 0.01);
    telemetry.commandHandled('SyncExecution', 'nothing', '', 0.01);
    const found = await samples(telemetry);
    expect(found.get('workflowexecution_command_refusals_total{command="ReleaseExecution",code="RunUnfinished"}')).toBe(
      1,
    );
    expect(
      found.get('workflowexecution_command_duration_seconds_count{command="SyncExecution",outcome="nothing"}'),
    ).toBe(1);
  });

  test('a run that was refused counts as an error of creation; an adopted one does not', async () => {
    const telemetry = telemetryNow();
    telemetry.runCreation(0.1, 'refused', 'forbidden');
    telemetry.runCreation(0.1, 'adopted', '');
    const found = await samples(telemetry);
    expect(found.get('workflowexecution_pipelinerun_creation_errors_total{reason="forbidden"}')).toBe(1);
    expect([...found.keys()].filter((name) => name.includes('creation_errors_total'))).toHaveLength(1);
  });

  test('what is not a number is left out, so that a counter never breaks', async () => {
    const telemetry = telemetryNow();
    telemetry.appended(Number.NaN, 1);
    telemetry.projection(Number.POSITIVE_INFINITY, 2);
    const found = await samples(telemetry);
    expect(found.get('workflowexecution_append_duration_seconds_count')).toBe(0);
    expect(found.get('workflowexecution_projection_lag_seconds')).toBe(2);
  });

  test('build info says version and commit', async () => {
    expect((await samples(telemetryNow())).get('workflowexecution_build_info{version="1.2.3",commit="abc"}')).toBe(1);
  });
});

test('no label has a value that is not in the table, whatever is told', async () => {
  const telemetry = telemetryNow();
  for (let n = 0; n < 50; n++) {
    const wild = `shop/deployment/app-${n}`;
    telemetry.commandHandled(wild, wild as 'refused', wild, 1);
    telemetry.commandHandled(wild, 'refused', wild, 1);
    telemetry.eventRecorded(wild, { phase: wild, outcome: wild, reason: wild, leftPhase: wild, phaseSeconds: 1 });
    telemetry.eventRecorded(wild, { phase: 'Skipped', reason: wild });
    telemetry.runCreation(1, 'failed', wild);
    telemetry.clusterRequest(wild, wild, wild, 1);
    telemetry.driverFault(wild);
    telemetry.watchAge(wild, 1);
    telemetry.httpRequest(wild, wild, n, 1);
    telemetry.leader(true);
    telemetry.queue(n, 1);
  }
  const allowed = new Map(Object.values(METRICS).map((metric: Metric) => [METRIC_PREFIX + metric.name, metric]));
  for (const sample of (await samples(telemetry)).keys()) {
    const name = sample.replace(/\{.*$/, '').replace(/_(?:bucket|sum|count)$/, '');
    const metric = allowed.get(name) ?? allowed.get(sample.replace(/\{.*$/, ''));
    for (const [, label, value] of sample.matchAll(/(\w+)="([^"]*)"/g)) {
      const values = label === 'le' ? 'le' : metric?.labels[label as string];
      if (values === 'build' || values === 'le') continue;
      expect([OTHER, ...(values === 'route' ? Object.keys(ROUTES) : (values ?? []))]).toContain(value);
    }
  }
});

test('every metric of the table is registered under its name, and none beside it', async () => {
  const families = (await telemetryNow().registry.getMetricsAsJSON()).map(({ name }) => name);
  const own = families.filter((name) => name.startsWith(METRIC_PREFIX)).sort();
  expect(own).toEqual(
    Object.values(METRICS)
      .map(({ name }) => METRIC_PREFIX + name)
      .sort(),
  );
});

test('docs/operations/metrics.md says what the table says', () => {
  const page = readFileSync(new URL('../../../docs/operations/metrics.md', import.meta.url), 'utf8');
  expect(generatedPart(page)).toBe(metricsTable(Object.values(METRICS)));
});
