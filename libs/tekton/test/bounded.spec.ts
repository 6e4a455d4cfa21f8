import type { Execution, ExecutionEvent, RunObservation } from '#execution';
import { decide, evolve, fold, LABELS, statusOf, TEXT_LIMITS } from '#execution';
import { observe, OBSERVATION_LIMITS } from '#tekton';
import fc from 'fast-check';
import { create, ID, minute, RESOURCE, sync } from '../../execution/test/support/examples.ts';
import type { Mutable } from './edited.ts';
import { Edited } from './edited.ts';

/** What the store takes: bytes of one event and of one append; and what a status may have. */
const EVENT_BYTES = 256 * 1024;
const APPEND_BYTES = 1024 * 1024;
const APPEND_EVENTS = 500;
const STATUS_BYTES = 8 * 1024;
const LAST_EVENT = { revision: 1e9, type: 'ResourceDeletionRequested', hash: 'f'.repeat(64) };

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** A text of one character repeated; some take several bytes in UTF-8 or are escaped in JSON. */
const long = fc.record({
  letter: fc.constantFrom('x', 'é', '語', '😀', '"', '\n', '\u0001', '\ud800', 'word '),
  times: fc.constantFrom(1, 60, 300, 3_000),
});
const textOf = ({ letter, times }: Repeated): string => letter.repeat(times);
const many = fc.constantFrom(0, 1, 3, 70, 300);

interface Repeated {
  readonly letter: string;
  readonly times: number;
}

interface Hostile {
  readonly text: Repeated;
  readonly word: Repeated;
  readonly tasks: number;
  readonly steps: number;
  readonly results: number;
  readonly skipped: number;
  readonly reason: string;
  readonly scenario: string;
}

const hostile: fc.Arbitrary<Hostile> = fc.record({
  text: long,
  word: long,
  tasks: many,
  steps: many,
  results: many,
  skipped: many,
  reason: fc.constantFrom('Failed', 'PipelineRunTimeout', 'Cancelled', 'ParameterMissing', 'CouldntGetPipeline', 'New'),
  scenario: fc.constantFrom('fail-exit1', 'fail-oom', 'timeout-pipeline', 'cancelfinally-after-failure', 'retries-ok'),
});

const list = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

/** A recorded run in which every text, list and name is as large as told. */
function monster({ tasks, steps, results, skipped, reason, scenario, ...texts }: Hostile): Edited {
  const [text, word] = [textOf(texts.text), textOf(texts.word)];
  const edited = new Edited(scenario);
  const { run, taskRuns } = edited;
  run.metadata.labels = { ...run.metadata.labels, [LABELS.executionId]: ID };
  const [first] = taskRuns as [Mutable];
  for (const taskRun of taskRuns) Object.assign(taskRun.status.conditions[0], { status: 'False', message: text });
  const { status } = first;
  const recorded = status.steps as Mutable[];
  status.steps = [
    ...recorded,
    ...list(steps, (n) => ({ ...recorded[0], name: `${n}${word}`, imageID: word, container: word })),
  ];
  status.results = list(results, (n) => ({ name: `${n}${word}`, value: [text] }));
  status.sidecars = list(steps, () => ({ name: word, terminated: { reason: word } }));
  status.retriesStatus = list(Math.min(steps, 3), () => ({ steps: status.steps as unknown }));
  // An API server takes 1.5 MiB an object: many task runs have few steps each, few have many.
  const few = (all: Mutable[]): Mutable[] => all.slice(0, tasks > 3 ? 3 : all.length);
  const shared = { ...status, steps: few(status.steps as Mutable[]), results: few(status.results as Mutable[]) };
  const other = { ...first, status: { ...shared, retriesStatus: [] } };
  for (let n = 0; n < tasks; n += 1) taskRuns.push({ ...other, metadata: { ...first.metadata, name: `${n}${word}` } });
  const listed = taskRuns.map(({ metadata }) => ({
    kind: 'TaskRun',
    name: metadata.name as string,
    pipelineTaskName: word,
  }));
  Object.assign(run.status, {
    childReferences: listed,
    results: list(results, (n) => ({ name: `${n}${word}`, value: text })),
    skippedTasks: list(skipped, (n) => ({ name: `${n}${word}`, reason: `${word} timeout has been reached` })),
    provenance: { refSource: { uri: word, digest: { [word]: word }, entryPoint: word } },
  });
  return edited.runSays(reason, `[User error] missing parameters: [${text}]`);
}

/** A running execution of this run. */
function running({ ref }: RunObservation): Execution {
  const [created] = eventsOf(decide(create(), { phase: 'Absent' }));
  return fold(
    [
      created!,
      { type: 'ResourceBound' as const, data: { resource: RESOURCE } },
      { type: 'PipelineRunCreated' as const, data: { run: ref, adopted: false } },
    ].map((event) => ({ ...event, time: minute(1) })),
  );
}

const eventsOf = (decision: ReturnType<typeof decide>): readonly ExecutionEvent[] =>
  decision.kind === 'Recorded' ? decision.events : [];

/** Records what is observed, checks every size on the way, and gives the state after it. */
function record(before: Execution, run: RunObservation): Execution {
  const events = eventsOf(decide(sync({ kind: 'RunObserved', run, how: 'watched' }), before));
  for (const event of events) expect([event.type, bytesOf(event.data) <= EVENT_BYTES]).toEqual([event.type, true]);
  expect(events.length).toBeLessThanOrEqual(APPEND_EVENTS);
  expect(bytesOf(events)).toBeLessThanOrEqual(APPEND_BYTES);
  const after = events.reduce<Execution>((state, event) => evolve(state, { ...event, time: minute(60) }), before);
  expect(bytesOf(statusOf(after, LAST_EVENT))).toBeLessThanOrEqual(STATUS_BYTES);
  return after;
}

describe('whatever Tekton reports', () => {
  test('observation, events, append and status keep their limits, while it runs and when it ends', () => {
    fc.assert(
      fc.property(hostile, (made) => {
        const { run, taskRuns } = monster(made);
        const ended = observe(run, taskRuns);
        expect(bytesOf(ended)).toBeLessThanOrEqual(OBSERVATION_LIMITS.snapshotBytes);
        run.status.conditions[0].status = 'Unknown';
        const after = record(record(running(ended), observe(run, taskRuns)), ended);
        if (after.phase !== 'Finished') throw new Error(`the end was not recorded: ${after.phase}`);
        const { message = '', naturalLanguageSummary: summary = '' } = after.failure ?? {};
        expect(bytesOf(message) - 2).toBeLessThanOrEqual(TEXT_LIMITS.message);
        expect(bytesOf(summary) - 2).toBeLessThanOrEqual(TEXT_LIMITS.summary);
        expect(summary).toMatch(/ Next: \S[\s\S]*$/);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  test('a run of thousands of tasks is recorded with its end', () => {
    const made = {
      text: { letter: '語', times: 700 },
      word: { letter: 'w', times: 1 },
      tasks: 3_000,
      steps: 3,
      results: 3,
      skipped: 3_000,
    };
    const { run, taskRuns } = monster({ ...made, reason: 'Failed', scenario: 'fail-exit1' });
    const ended = observe(run, taskRuns);
    expect(record(running(ended), ended)).toMatchObject({ phase: 'Finished', failure: { reason: 'TaskFailed' } });
  });

  test('a name takes at most 253 bytes of JSON, whatever its characters, and no half of one is left', () => {
    for (const letter of ['x', '語', '😀', '\u0001', '"']) {
      const edited = new Edited('fail-oom');
      edited.stepOf('work', 0).name = letter.repeat(300);
      const { failedStepName = '' } = edited.failure();
      expect(bytesOf(failedStepName) - 2).toBeLessThanOrEqual(TEXT_LIMITS.name);
      expect(failedStepName.isWellFormed()).toBe(true);
    }
  });
});
