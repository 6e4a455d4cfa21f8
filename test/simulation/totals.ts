import { CRASH_POINTS } from './crash-points.ts';
import { FAULTS } from './faults.ts';
import { INCIDENT_NAMES } from './incidents.ts';
import type { SeedResult } from './run-seed.ts';

/** What can be sent from one thread to another. */
export interface Counted extends Pick<SeedResult, 'seed' | 'violations' | 'points' | 'faults' | 'events'> {
  /** The story, when something was violated. */
  readonly story?: string;
}

export function counted({ seed, violations, points, faults, events, trace }: SeedResult): Counted {
  return { seed, violations, points, faults, events, ...(violations.length > 0 && { story: trace() }) };
}

/** What many seeds came to together. */
export class Totals {
  readonly failing: Counted[] = [];
  seeds = 0;
  private events = 0;
  private readonly points = new Map<string, { passed: number; crashed: number }>();
  private readonly faults = new Map<string, number>();

  add(result: Counted): void {
    this.seeds += 1;
    this.events += result.events;
    if (result.violations.length > 0) this.failing.push(result);
    for (const [point, { passed, crashed }] of result.points) {
      const sum = this.points.get(point) ?? { passed: 0, crashed: 0 };
      this.points.set(point, { passed: sum.passed + passed, crashed: sum.crashed + crashed });
    }
    for (const [fault, count] of result.faults) this.faults.set(fault, (this.faults.get(fault) ?? 0) + count);
  }

  /** The failing seed with the smallest number. */
  get firstFailing(): Counted | undefined {
    return this.failing.toSorted((a, b) => a.seed - b.seed)[0];
  }

  /** Known crash points at which no process died. */
  get pointsNeverCrashedAt(): readonly string[] {
    return CRASH_POINTS.filter((point) => (this.points.get(point)?.crashed ?? 0) === 0);
  }

  /** Crash points that were come to and are not in the list. */
  get unlistedPoints(): readonly string[] {
    const known = new Set(CRASH_POINTS);
    return [...this.points.keys()].filter((point) => !known.has(point)).sort();
  }

  /** Faults and incidents that never happened. */
  get faultsNeverSeen(): readonly string[] {
    return [...Object.keys(FAULTS), ...INCIDENT_NAMES].filter((fault) => !this.faults.has(fault));
  }

  /** Every crash point, with how often processes came to it and died there. */
  pointTable(): string {
    const names = [...CRASH_POINTS, ...this.unlistedPoints];
    const rows = names.map((point) => {
      const { passed, crashed } = this.points.get(point) ?? { passed: 0, crashed: 0 };
      return `${String(crashed).padStart(8)} ${String(passed).padStart(10)}  ${point}`;
    });
    return [' crashed     passed  crash point', ...rows].join('\n');
  }

  faultTable(): string {
    const rows = [...this.faults].sort(([a], [b]) => (a < b ? -1 : 1));
    return rows.map(([fault, count]) => `${String(count).padStart(8)}  ${fault}`).join('\n');
  }

  summary(): string {
    const crashes = [...this.points.values()].reduce((sum, { crashed }) => sum + crashed, 0);
    const points = CRASH_POINTS.length - this.pointsNeverCrashedAt.length;
    return (
      `${this.seeds} seeds, ${this.events} events, ${crashes} crashes at ${points} of ${CRASH_POINTS.length} crash points, ` +
      `${this.failing.length} failing`
    );
  }
}
