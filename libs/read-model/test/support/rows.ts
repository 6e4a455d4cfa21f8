import fc from 'fast-check';
import type { Position } from '#event-store';
import type { ExecutionFilter, ExecutionRow, RowChange } from '#runtime';

export const second = (n: number): string => new Date(Date.UTC(2026, 2, 1, 10, 0, 0) + n * 1000).toISOString();

/** Rows get ids and times by number; `change` says what is special about one. */
export const row = (n: number, change: Partial<ExecutionRow> = {}): ExecutionRow => ({
  id: `id-${String(n).padStart(6, '0')}`,
  namespace: 'remediation',
  name: `wfe-${n}`,
  phase: 'Running',
  target: 'payment/deployment/api',
  workflowId: 'restart-pod',
  workflowVersion: '1.0.0',
  remediationRequest: 'rr-1',
  runNamespace: 'kubernaut-workflows',
  runName: 'wfe-cf0cc089293b1165',
  lock: 'Held',
  createdAt: second(n),
  updatedAt: second(n),
  revision: 0,
  isOpen: true,
  isQueued: false,
  hasResource: true,
  ...change,
});

export const position = (n: number): Position => `test:${n}` as Position;
export const changes = (...rows: readonly ExecutionRow[]): RowChange[] =>
  rows.map((each, index) => ({ row: each, milestones: {}, position: position(index) }));

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const TARGETS = ['a/pod/x', 'a/pod/y', "b/pod/';--"] as const;
const PHASES = ['Pending', 'Running', 'Completed', 'Failed', 'Skipped'] as const;
const OUTCOMES = ['Success', 'Failed', 'Cancelled', 'Skipped'] as const;
const time = fc.nat(5).map(second);

function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;
}

/** A row as it may be in few distinct ways, so that filters meet and times collide. */
const someRow = (n: number): fc.Arbitrary<ExecutionRow> =>
  fc
    .record({
      createdAt: time,
      phase: fc.constantFrom(...PHASES),
      outcome: optional(fc.constantFrom(...OUTCOMES)),
      reason: optional(fc.constant('OOMKilled')),
      target: fc.constantFrom(...TARGETS),
      workflowId: fc.constantFrom('restart', 'scale'),
      namespace: fc.constantFrom('one', 'two'),
      remediationRequest: fc.constantFrom('rr-1', 'rr-2'),
      runName: fc.constantFrom('wfe-1', 'wfe-2'),
      lock: fc.constantFrom('None', 'Waiting', 'Held', 'Releasing', 'Released'),
      lockUntil: optional(time),
      finishedAt: optional(time),
      isOpen: fc.boolean(),
      isQueued: fc.boolean(),
      hasResource: fc.boolean(),
      archive: optional(fc.constant('archive-0001.ndjson.gz')),
      revision: fc.nat(3),
    })
    .map((all) => row(n, present(all)));

export const someRows = (from: number, maxLength: number): fc.Arbitrary<ExecutionRow[]> =>
  fc
    .nat(maxLength)
    .chain((length) => fc.tuple(...Array.from({ length }, (_, index) => someRow(from + index))))
    .chain((rows) => fc.shuffledSubarray(rows, { minLength: rows.length }));

export const someFilter: fc.Arbitrary<ExecutionFilter> = fc
  .record({
    phase: optional(fc.constantFrom(...PHASES)),
    outcome: optional(fc.constantFrom(...OUTCOMES)),
    target: optional(fc.constantFrom(...TARGETS)),
    workflowId: optional(fc.constantFrom('restart', 'scale')),
    namespace: optional(fc.constantFrom('one', 'two', 'three')),
    remediationRequest: optional(fc.constantFrom('rr-1', 'rr-2')),
    from: optional(time),
    to: optional(time),
  })
  .chain((all) => fc.subarray(Object.entries(present(all))).map((kept) => Object.fromEntries(kept) as ExecutionFilter));
