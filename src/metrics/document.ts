import { table } from '../markdown.ts';
import type { Metric } from './metric-table.ts';
import { METRIC_PREFIX } from './metric-table.ts';

/** The table of docs/operations/metrics.md. A test compares the two. */
export function metricsTable(metrics: readonly Metric[]): string {
  const rows = metrics.map((metric) => [
    `\`${METRIC_PREFIX}${metric.name}\``,
    metric.kind,
    metric.help,
    Object.entries(metric.labels)
      .map(([label, values]) => `\`${label}\`: ${valuesText(values)}`)
      .join('; '),
  ]);
  return table(['Metric', 'Kind', 'Meaning', 'Labels'], rows);
}

function valuesText(values: Metric['labels'][string]): string {
  if (values === 'route') return 'route template of the API, other';
  if (values === 'build') return 'one value per build';
  return [...values, 'other'].join(', ');
}
