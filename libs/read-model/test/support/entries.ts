import fc from 'fast-check';
import type { EventFilter } from '#audit';
import { PositionError, START } from '#event-store';
import type { Position } from '#event-store';
import type { EventEntry, ExecutionRow, Milestones, RowChange } from '#runtime';
import { position, row, second } from './rows.ts';

/** The order of the positions of these tests. @throws PositionError for others */
export function comparePositions(a: Position, b: Position): number {
  return numberOf(a) - numberOf(b);
}

function numberOf(given: Position): number {
  if (given === START) return 0;
  const found = /^test:(\d+)$/.exec(given);
  if (found === null) throw new PositionError(`expected a position of these tests; found ${given}`);
  return Number(found[1]);
}

/** An event at a place of the log; what is not said is like everybody's. */
export const entry = (n: number, change: Partial<EventEntry> = {}): EventEntry => ({
  position: position(n),
  executionId: row(1).id,
  revision: n - 1,
  type: 'TaskStarted',
  time: second(n),
  actor: 'service',
  correlationId: 'rr-1',
  target: 'payment/deployment/api',
  workflowId: 'restart-pod',
  ...change,
});

const TYPES = ['ExecutionCreated', 'TaskStarted', 'ExecutionFailed'] as const;
const ACTORS = ['ann', 'service'] as const;
const TARGETS = ['a/pod/x', 'a/pod/y', "b/pod/';--"] as const;
const OUTCOMES = ['Success', 'Failed', 'Cancelled', 'Skipped'] as const;

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

const present = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

/** A log of a few executions, with clocks that jump, and with gaps where other streams have their events. */
export const someEntries = (maxLength: number): fc.Arbitrary<EventEntry[]> =>
  fc
    .array(
      fc.record({
        step: fc.integer({ min: 1, max: 3 }),
        execution: fc.nat(3),
        type: fc.constantFrom(...TYPES),
        time: fc.nat(9),
        actor: fc.constantFrom(...ACTORS),
        correlationId: fc.constantFrom('rr-1', 'rr-2'),
        target: optional(fc.constantFrom(...TARGETS)),
        workflowId: optional(fc.constantFrom('restart', 'scale')),
        outcome: optional(fc.constantFrom(...OUTCOMES)),
      }),
      { maxLength },
    )
    .map((all) => {
      const revisions = [0, 0, 0, 0];
      let at = 0;
      return all.map(({ step, execution, time, ...fields }) => {
        at += step;
        const revision = revisions[execution]!;
        revisions[execution] = revision + 1;
        const place = { position: position(at), executionId: row(execution).id, revision, time: second(time) };
        return { ...place, ...present(fields) } as EventEntry;
      });
    });

export const someEventFilter: fc.Arbitrary<EventFilter> = fc
  .record({
    types: fc.subarray(['NeverSeen', ...TYPES], { minLength: 1 }),
    executionId: fc.constantFrom(row(0).id, row(1).id, row(9).id),
    target: fc.constantFrom(...TARGETS),
    workflowId: fc.constantFrom('restart', 'scale'),
    actor: fc.constantFrom('nobody', ...ACTORS),
    outcome: fc.constantFrom(...OUTCOMES),
    correlationId: fc.constantFrom('rr-1', 'rr-2'),
    from: fc.nat(9).map(second),
    to: fc.nat(9).map(second),
  })
  .chain((all) => fc.subarray(Object.entries(all), { maxLength: 3 }))
  .map((kept) => Object.fromEntries(kept) as EventFilter);

/** The history of a row, in seconds, as far as it has come. */
export interface Life {
  readonly created: number;
  readonly running?: number;
  readonly finished?: number;
  readonly released?: number;
}

/** A row with its milestones, whose state is the one its life has led to. */
export function lived(n: number, life: Life, more: Partial<ExecutionRow> = {}): RowChange {
  const { created, running, finished, released } = life;
  const milestones: Milestones = {
    ...(running !== undefined && { running: second(running) }),
    ...(finished !== undefined && { finished: second(finished) }),
    ...(released !== undefined && { released: second(released) }),
  };
  const ended = { phase: 'Completed', outcome: 'Success', finishedAt: second(finished ?? 0) } as const;
  const lock = running === undefined ? 'None' : released === undefined ? 'Held' : 'Released';
  const phase = finished !== undefined ? ended : ({ phase: running === undefined ? 'Pending' : 'Running' } as const);
  return {
    row: row(n, { ...phase, lock, createdAt: second(created), ...more }),
    milestones,
    position: position(n + 1),
  };
}

const later = (from: number): fc.Arbitrary<number> => fc.integer({ min: from, max: from + 6 });

const someLife: fc.Arbitrary<Life> = fc.nat(9).chain((created) =>
  fc.oneof(
    fc.constant({ created }),
    later(created).map((finished) => ({ created, finished })),
    later(created).chain((running) =>
      fc.oneof(
        fc.constant({ created, running }),
        later(running).chain((finished) =>
          fc.oneof(
            fc.constant({ created, running, finished }),
            later(finished).map((released) => ({ created, running, finished, released })),
          ),
        ),
      ),
    ),
  ),
);

const FAILED = { phase: 'Failed', outcome: 'Cancelled' } as const;

export const someLives = (maxLength: number): fc.Arbitrary<RowChange[]> =>
  fc
    .array(
      fc.tuple(
        someLife,
        fc.boolean(),
        fc.record({
          target: fc.constantFrom(...TARGETS),
          workflowId: fc.constantFrom('restart', 'scale'),
          namespace: fc.constantFrom('one', 'two'),
          remediationRequest: fc.constantFrom('rr-1', 'rr-2'),
        }),
      ),
      { maxLength },
    )
    .map((all) =>
      all.map(([life, isFailed, more], n) =>
        lived(n, life, { ...more, ...(isFailed && life.finished !== undefined && FAILED) }),
      ),
    );
