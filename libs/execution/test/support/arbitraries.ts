import fc from 'fast-check';
import type {
  Command,
  ExecutionEvent,
  ExecutionSettings,
  ExecutionSpec,
  LockHolder,
  Observation,
  RunCondition,
  RunFailure,
  RunObservation,
  RunRef,
  StepObservation,
  TaskObservation,
} from '#execution';
import { decide, evolve } from '#execution';
import type { Execution } from '#execution';
import { sizeOf } from '../../src/clip.ts';
import { ID, minute, RESOURCE, RUN } from './examples.ts';

/** An observation as libs/tekton hands it over is at most this many bytes of JSON. */
const OBSERVATION_BYTES = 163_840;

/** Texts of every kind: plain, of any characters, with what JSON escapes, broken surrogates, and far too long ones. */
export const text = (maxLength = 30_000): fc.Arbitrary<string> => {
  const short = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.string({
      unit: fc.constantFrom('\u0001', '"', '\\', '\n', '\ud83d', '\udc00', 'é', '€', '😀', '<'),
      maxLength: 8,
    }),
  );
  const long = fc.tuple(short, fc.constantFrom(100, 1000, 10_000)).map(([part, times]) => part.repeat(times));
  return fc
    .oneof({ weight: 6, arbitrary: short }, { weight: 1, arbitrary: long })
    .map((all) => all.slice(0, maxLength));
};

/** Names as Kubernetes lets them be: at most 253 characters. */
const name = fc.oneof(
  fc.constantFrom('a', 'restart', 'constructor', 'x'.repeat(253)),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
);

/** A time around the story's, a strange one, or none. */
const time = fc.option(
  fc.oneof(fc.integer({ min: -5, max: 500 }).map(minute), fc.constantFrom('', 'soon', '9999-12-31T23:59:59Z')),
  { nil: undefined },
);

/** The object without the fields that are undefined. */
function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;
}

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });

export const spec: fc.Arbitrary<ExecutionSpec> = fc
  .record({
    remediationRequestRef: text().map((request) => ({ name: request })),
    workflowRef: fc.record({
      workflowId: text(),
      version: text(),
      containerImage: fc.oneof(
        { weight: 5, arbitrary: fc.constant('registry.example.test/a:1') },
        { weight: 1, arbitrary: text() },
      ),
    }),
    targetResource: fc.oneof({ weight: 5, arbitrary: fc.constant('ns/pod/p') }, { weight: 1, arbitrary: text() }),
    parameters: optional(fc.dictionary(text(50), text(), { maxKeys: 4 })),
    rationale: optional(text()),
    cancel: fc.constantFrom(undefined, 'Graceful', 'Immediate'),
    executionConfig: optional(fc.constantFrom({ timeout: '10m' }, { workspaces: [{ name: 'w', emptyDir: {} }] })),
  })
  .map((all) => present(all) as ExecutionSpec);

const settings: fc.Arbitrary<ExecutionSettings> = fc.record({
  executionNamespace: fc.constant(RUN.namespace),
  pipelineName: fc.constant('workflow'),
  serviceAccountName: fc.constant('kubernaut-workflow-runner'),
  timeoutMs: fc.constant(1_800_000),
  onConflict: fc.constantFrom('Fail', 'Skip', 'Wait'),
  cooldownMs: fc.constantFrom(0, 300_000, 86_400_000),
});

const condition: fc.Arbitrary<RunCondition> = fc.record({
  status: fc.constantFrom('True', 'False', 'Unknown'),
  reason: fc.oneof(fc.constantFrom('Running', 'Succeeded', 'Failed', 'Cancelled'), text()),
  message: text(),
});

const runRef: fc.Arbitrary<RunRef> = fc
  .constantFrom(0, 1, 1, 1, 2, 3)
  .map((n) => ({ ...RUN, uid: `run-${n}`, createdAt: minute(n) }));

const results = fc.array(fc.record({ name, value: text(20_000) }), { maxLength: 8 });

const step: fc.Arbitrary<StepObservation> = fc
  .record({ name, exitCode: optional(fc.nat(255)), reason: text(300), imageId: optional(text(512)) })
  .map((all) => present(all));

const task: fc.Arbitrary<TaskObservation> = fc
  .record({
    pipelineTask: name,
    taskRun: name,
    uid: name,
    state: fc.constantFrom('Pending', 'Running', 'Succeeded', 'Failed', 'Cancelled', 'FailureIgnored'),
    reason: text(300),
    message: text(),
    attempt: fc.integer({ min: 1, max: 3 }),
    startTime: time,
    completionTime: time,
    steps: fc.array(step, { maxLength: 4 }),
    results,
  })
  .map((all) => present(all) as TaskObservation);

const failure: fc.Arbitrary<RunFailure> = fc
  .record({
    reason: fc.constantFrom('OOMKilled', 'TaskFailed', 'DeadlineExceeded', 'Unknown', 'Cancelled'),
    message: text(),
    failedTaskName: optional(text()),
    failedTaskRunName: optional(text()),
    failedStepName: optional(text()),
    failedTaskIndex: optional(fc.nat(300)),
    exitCode: optional(fc.nat(255)),
    failedAt: time,
    wasExecutionFailure: fc.boolean(),
  })
  .map((all) => present(all) as RunFailure);

const ending = fc.oneof(
  fc.constant({}),
  fc.constant({ outcome: 'Succeeded' as const }),
  fc.record({ outcome: fc.constantFrom('Failed' as const, 'Cancelled' as const, 'TimedOut' as const), failure }),
);

/** One pipeline's tasks have distinct task runs. */
const tasks = fc.uniqueArray(task, { maxLength: 6, selector: (each) => each.taskRun });

const fullRun: fc.Arbitrary<RunObservation> = fc
  .record({
    ref: runRef,
    executionId: fc.constantFrom(ID, ID, ID, 'somebody-else'),
    deletionRequested: fc.boolean(),
    condition: optional(condition),
    ending,
    startTime: time,
    completionTime: time,
    totalTasks: optional(fc.nat(300)),
    tasks,
    skippedTasks: fc.array(fc.record({ name, reason: text(300) }), { maxLength: 4 }),
    results,
    resolved: optional(fc.record({ uri: text(2000), digest: text(200) })),
  })
  .map(({ ending: end, ...all }) => ({ ...present(all), ...end }));

export const run = fullRun.filter((each) => sizeOf(each) <= OBSERVATION_BYTES);

const holder: fc.Arbitrary<LockHolder> = fc
  .record({
    namespace: optional(text()),
    name: optional(text()),
    executionId: optional(text()),
    workflowId: optional(text()),
    runUid: fc.constantFrom('other-1', 'other-2', 'other-3'),
    state: fc.constantFrom('Running', 'Cooldown', 'Unknown'),
    until: optional(fc.nat(100).map(minute)),
  })
  .map((all) => present(all) as LockHolder);

const uid = fc.constantFrom('res-1', 'res-1', 'res-2');

export const observation: fc.Arbitrary<Observation> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('RunObserved' as const),
      run,
      how: fc.constantFrom('created', 'adopted', 'watched'),
    }),
  },
  fc.constantFrom<Observation>(
    { kind: 'RunMissing' },
    { kind: 'RunMissing', runUid: RUN.uid },
    { kind: 'RunMissing', runUid: 'run-0' },
  ),
  fc.record({
    kind: fc.constant('RunRefused' as const),
    refusal: fc.record({
      code: fc.constant('forbidden'),
      reason: fc.constantFrom('Forbidden', 'ConfigurationError'),
      message: text(),
    }),
  }),
  fc.record({ kind: fc.constant('TargetLocked' as const), holder }),
  fc.record({
    kind: fc.constant('ResourceObserved' as const),
    resource: uid.map((each) => ({ ...RESOURCE, uid: each })),
    deletionRequested: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('ResourceMissing' as const), uid }),
  fc.record({ kind: fc.constant('ResourceRefused' as const), message: text() }),
  fc.record({
    kind: fc.constant('CreationDelayed' as const),
    what: fc.constantFrom('run', 'resource'),
    code: text(300),
    message: text(),
    patienceMs: fc.constantFrom(60_000, 600_000),
  }),
  fc.record({
    kind: fc.constant('DeadlinePassed' as const),
    limits: fc.constantFrom(
      { pickUpMs: 120_000, endGraceMs: 120_000, cancellationMs: 300_000 },
      { pickUpMs: 60_000, endGraceMs: -1_740_000, cancellationMs: 60_000 },
    ),
    isCancelled: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('DeletionWaited' as const), patienceMs: fc.constantFrom(60_000, 300_000) }),
  fc.record({ kind: fc.constant('ResourceExpired' as const), ttlMs: fc.constantFrom(0, 60_000, 600_000) }),
  fc.constantFrom<Observation>({ kind: 'RunMissing', runUid: 'run-2' }, { kind: 'RunMissing', runUid: 'run-3' }),
  fc.record({ kind: fc.constant('StatusDrifted' as const), fields: fc.array(text(), { maxLength: 40 }) }),
);

/** A command without its time. */
type Order = Command extends infer C ? (C extends Command ? Omit<C, 'at'> : never) : never;

const creation = fc
  .record({ spec, settings, resourceUid: optional(uid), generation: optional(fc.nat(9)) })
  .map((given) => ({
    type: 'CreateExecution' as const,
    executionId: ID,
    entry: given.resourceUid === undefined ? ('rest' as const) : ('resource' as const),
    resource: { namespace: RESOURCE.namespace, name: RESOURCE.name },
    ...present(given),
  }));

const order: fc.Arbitrary<Order> = fc.oneof(
  { weight: 1, arbitrary: creation },
  { weight: 8, arbitrary: observation.map((seen) => ({ type: 'SyncExecution' as const, observation: seen })) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('CancelExecution' as const),
      mode: fc.constantFrom('Graceful', 'Immediate'),
      reason: text(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('ReleaseExecution' as const),
      cause: fc.constantFrom('CooldownOver', 'Operator', 'ResourceDeleted'),
      reason: text(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('ArchiveExecution' as const),
      archive: fc.constant({ file: 'archive-0001.ndjson.gz', sha256: 'a'.repeat(64) }),
      events: fc.integer({ min: 1, max: 100 }),
    }),
  },
);

const dated = (orders: readonly Order[]): Command[] => orders.map((each, index) => ({ ...each, at: minute(index) }));

/** Commands a minute apart, after a Create: any order, any content. */
export const commands = (maxLength = 12): fc.Arbitrary<Command[]> =>
  fc.tuple(creation, fc.array(order, { maxLength })).map(([first, rest]) => dated([first as Order, ...rest]));

export interface Told {
  readonly command: Command;
  readonly before: Execution;
  readonly events: readonly ExecutionEvent[];
  readonly after: Execution;
}

/** Gives the commands one after another. */
export function tell(given: readonly Command[]): readonly Told[] {
  let state: Execution = { phase: 'Absent' };
  return given.map((command) => {
    const before = state;
    const decision = decide(command, before);
    const events = decision.kind === 'Recorded' ? decision.events : [];
    for (const event of events) state = evolve(state, { ...event, time: command.at });
    return { command, before, events, after: state };
  });
}

/** How much of a counterexample is shown: texts in it may be very long. */
const SHOWN = 4000;

/** Checks a law for many command sequences, or for anything else. */
export function holdsFor<T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void, numRuns = 150): void {
  const result = fc.check(fc.property(arbitrary, law), { numRuns });
  if (!result.failed) return;
  const found = JSON.stringify(result.counterexample, (_, value: unknown) =>
    typeof value === 'string' && value.length > 80 ? `${value.slice(0, 80)}… (${value.length})` : value,
  );
  const why = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
  throw new Error(`seed ${result.seed}, path ${result.counterexamplePath}: ${why}\n${found.slice(0, SHOWN)}`);
}
