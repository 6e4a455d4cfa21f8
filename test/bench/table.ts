import Table from 'cli-table3';

/** One line of the report. */
export interface Measure {
  readonly what: string;
  readonly value: string;
  /** The floor measured in the same run, where there is one. */
  readonly floor?: string;
  readonly ratio?: string;
  readonly aim?: string;
}

export function report(measures: readonly Measure[]): string {
  const table = new Table({
    head: ['measure', 'value', 'floor, same run', 'ratio', 'aim'],
    style: { head: [], border: [] },
  });
  for (const { what, value, floor = '', ratio = '', aim = '' } of measures)
    table.push([what, value, floor, ratio, aim]);
  return table.toString();
}

/** The value below which a share of the sample lies; NaN for none. */
export function percentile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const ms = (value: number): string => `${value.toFixed(1)} ms`;
export const p50p99 = (sample: readonly number[]): string =>
  `p50 ${ms(percentile(sample, 0.5))}, p99 ${ms(percentile(sample, 0.99))}`;
