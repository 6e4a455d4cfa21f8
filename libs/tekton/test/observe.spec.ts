import { LABELS } from '#execution';
import { labelValue, observe, OBSERVATION_LIMITS } from '#tekton';
import fc from 'fast-check';
import { SCENARIOS } from './captures.ts';
import type { Mutable } from './edited.ts';
import { final } from './edited.ts';

const isTaskRun =
  (end: string) =>
  ({ metadata }: Mutable): boolean =>
    String(metadata.name).endsWith(end);

describe('what is read off a run', () => {
  test('results, resolved bundle and times are as Tekton gave them', () => {
    const observed = observe(...final('ok-bundle-tag'));
    expect(observed).toMatchObject({
      ref: { namespace: 'jobs', name: 'ok-bundle-tag' },
      startTime: '2026-11-20T23:36:20Z',
      completionTime: '2026-11-20T23:36:23Z',
      results: [{ name: 'digest', value: 'sha256:abc' }],
      resolved: { uri: 'localhost:25055/jobs/good', entryPoint: 'job' },
    });
    expect(observed.resolved?.digest).toBe('sha256:c9d3e949b21589e7d7f7387a06880fc824098b4bb423f89d118bda60c99d9d28');
  });

  test('array and object results become JSON text', () => {
    const [run, taskRuns] = final('ok-inline');
    run.status.results = [
      { name: 'list', value: ['a', 'b'] },
      { name: 'map', value: { k: 'v' } },
    ];
    expect(observe(run, taskRuns).results).toEqual([
      { name: 'list', value: '["a","b"]' },
      { name: 'map', value: '{"k":"v"}' },
    ]);
  });

  test('a step that was allowed to fail keeps its exit code, and nothing failed', () => {
    const observed = observe(...final('onerror-step'));
    expect(observed.tasks[0]?.steps[0]).toMatchObject({ exitCode: 5, terminationReason: 'Continued' });
    expect(observed.failure).toBeUndefined();
  });

  test('the exit codes Tekton makes up for the steps of a deleted pod are not shown', () => {
    expect(observe(...final('cancelled')).tasks[0]?.steps.map((step) => step.exitCode)).toEqual([undefined, undefined]);
  });

  test('a task whose failure is ignored is not the cause of anything', () => {
    const [run, taskRuns] = final('fail-exit1');
    taskRuns.find(isTaskRun('-work'))!.status.conditions[0].reason = 'FailureIgnored';
    const { tasks, failure } = observe(run, taskRuns);
    expect([tasks[0]?.state, failure?.failedTaskName]).toEqual(['FailureIgnored', undefined]);
  });

  test('a matrix task counts once for each of its children', () => {
    const [run, taskRuns] = final('ok-inline');
    run.status.pipelineSpec.tasks[0].matrix = { params: [] };
    run.status.childReferences = [
      ...run.status.childReferences,
      { kind: 'TaskRun', name: 'ok-inline-work-1', pipelineTaskName: 'work' },
    ];
    expect(observe(run, taskRuns).totalTasks).toBe(4);
  });

  test('the execution id is the label, or the annotation the label was made from, never a forged annotation', () => {
    const long = 'x'.repeat(80);
    const idOf = (label: string, annotation?: string) => {
      const [run] = final('managed-elsewhere');
      run.metadata.labels[LABELS.executionId] = label;
      if (annotation !== undefined) run.metadata.annotations = { [LABELS.executionId]: annotation };
      return observe(run, []).executionId;
    };
    expect([idOf('mine'), idOf(labelValue(long), long), idOf('mine', 'forged')]).toEqual(['mine', long, 'mine']);
  });
});

describe('the cause of a failure', () => {
  test('of several failed tasks it is the first in time', () => {
    const [run, taskRuns] = final('cancelfinally-after-failure');
    const late = taskRuns.find(isTaskRun('-b'))!;
    late.status.conditions[0].reason = 'StepFailed';
    expect(observe(run, taskRuns).failure?.failedTaskName).toBe('a');
    late.status.completionTime = '2026-11-20T00:00:00Z';
    expect(observe(run, taskRuns).failure?.failedTaskName).toBe('b');
  });

  test('is not a step that was skipped or allowed to fail, whatever its exit code', () => {
    const stepsOf = (...changes: object[]) => {
      const [run, taskRuns] = final('fail-exit1');
      const { status } = taskRuns.find(isTaskRun('-work'))!;
      changes.forEach((change, n) => void Object.assign(status.steps[n], change));
      return observe(run, taskRuns).failure?.failedStepName ?? 'none';
    };
    expect(stepsOf({ terminationReason: 'Skipped' })).toBe('none');
    expect(stepsOf({ terminationReason: 'Continued' }, { terminationReason: 'Error' })).toBe('main');
  });

  test('is the same whether Tekton says StepOOM (v1.12) or plain Failed (before)', () => {
    const [run, taskRuns] = final('fail-oom');
    const now = observe(run, taskRuns).failure;
    taskRuns[0]!.status.conditions[0].reason = 'Failed';
    expect(observe(run, taskRuns).failure).toEqual(now);
  });

  test('is no memory trouble because a text mentions something like it', () => {
    const [run, taskRuns] = final('fail-exit1');
    for (const { status } of taskRuns) status.conditions[0].message = 'the chatroom was OOMKilled in conversation';
    expect(observe(run, taskRuns).failure?.reason).toBe('TaskFailed');
  });

  test.each([
    ['pods "x" is forbidden: exceeded quota: q', 'ResourceExhausted'],
    ['pods "x" is forbidden: user may not', 'Forbidden'],
    ['failed calling webhook "some.hook"', 'Unknown'],
    ['translating TaskSpec to Pod: serviceaccounts "nope" not found', 'ConfigurationError'],
  ])('a pod that could not be created: %s', (message, reason) => {
    const [run, taskRuns] = final('quota');
    run.status.conditions[0] = { type: 'Succeeded', status: 'False', reason: 'Failed', message: '' };
    taskRuns[0]!.status.conditions[0] = { type: 'Succeeded', status: 'False', reason: 'PodCreationFailed', message };
    expect(observe(run, taskRuns).failure).toMatchObject({ reason, message, wasExecutionFailure: false });
  });

  test('a child that cannot be seen may have run', () => {
    const [run] = final('image-pull');
    expect(observe(run, []).failure?.wasExecutionFailure).toBe(true);
  });

  test('steps of an earlier attempt count as having run', () => {
    const [run, taskRuns] = final('retries-ok');
    run.status.conditions[0].status = 'False';
    run.status.conditions[0].reason = 'Failed';
    taskRuns[0]!.status.steps = [];
    expect(observe(run, taskRuns).failure?.wasExecutionFailure).toBe(true);
  });
});

describe('whose task runs they are', () => {
  test('a success that rests on a task run of another run is not believed', () => {
    const [run, taskRuns] = final('name-reuse');
    taskRuns[0]!.metadata.ownerReferences[0].uid = '00000000-0000-0000-0000-000000000000';
    const observed = observe(run, taskRuns);
    expect(observed.tasks).toEqual([]);
    expect(observed).toMatchObject({
      outcome: 'Failed',
      failure: { reason: 'ExecutionRaceCondition', wasExecutionFailure: false },
    });
  });

  test('results of a run that took over task runs of another are not its own', () => {
    const [run, taskRuns] = final('name-reuse');
    run.status.results = [{ name: 'message', value: "another's" }];
    expect(observe(run, taskRuns).results).toHaveLength(1);
    taskRuns[0]!.metadata.ownerReferences[0].uid = '00000000-0000-0000-0000-000000000000';
    expect(observe(run, taskRuns).results).toEqual([]);
  });

  test.each([
    ['not the controller', { controller: false }],
    ['another uid', { uid: 'x' }],
  ])('an owner reference that is %s proves nothing', (_, change) => {
    const [run, taskRuns] = final('fail-oom');
    Object.assign(taskRuns[0]!.metadata.ownerReferences[0], change);
    expect(observe(run, taskRuns).tasks).toEqual([]);
  });

  test('task runs of other runs that happen to be in the list change nothing', () => {
    const [run, taskRuns] = final('ok-inline');
    expect(observe(run, [...taskRuns, ...final('fail-oom')[1]])).toEqual(observe(run, taskRuns));
  });
});

describe('a status that began before the run was created is that of an earlier run of the same name', () => {
  const EARLIER = '2026-01-01T00:00:00Z';
  const predecessors = (name: string) => {
    const [run, taskRuns] = final(name);
    run.status.startTime = EARLIER;
    run.status.results = [{ name: 'message', value: "another's" }];
    run.status.conditions[0].message = "another's";
    run.status.skippedTasks = [{ name: 'another', reason: 'Parent Tasks were skipped' }];
    return observe(run, taskRuns);
  };

  test.each(['ok-inline', 'fail-oom', 'born-cancelled', 'cancel-resolving'])('no end of it is believed: %s', (name) => {
    expect(predecessors(name)).toMatchObject({
      outcome: 'Failed',
      failure: {
        reason: 'ExecutionRaceCondition',
        message: expect.stringMatching(
          /^Tekton reported (success|an end), but it gave the run the status of an earlier run of the name .*: its own tasks did not all run\.$/,
        ),
      },
    });
  });

  test('nothing that it quotes is told', () => {
    for (const name of ['ok-inline', 'fail-oom']) {
      const observed = predecessors(name);
      expect(JSON.stringify(observed)).not.toContain("another's");
      expect([observed.startTime, observed.skippedTasks, observed.results]).toEqual([undefined, [], []]);
    }
  });

  test.each([
    [0, 'Succeeded'],
    [1, 'Succeeded'],
    [2, 'Failed'],
  ])('two clocks tell whole seconds: %d s before it was created is %s', (seconds, outcome) => {
    const [run, taskRuns] = final('ok-inline');
    const createdMs = Date.parse(run.metadata.creationTimestamp);
    run.status.startTime = new Date(createdMs - seconds * 1000).toISOString();
    expect(observe(run, taskRuns).outcome).toBe(outcome);
  });
});

describe('whatever JSON comes in', () => {
  const json = fc.jsonValue({ maxDepth: 6 });

  test('arbitrary values never throw', () => {
    fc.assert(fc.property(json, fc.array(json), (run, taskRuns) => void observe(run, taskRuns)));
  });

  test('recorded objects with any one part replaced never throw, and failure stays tied to outcome', () => {
    const parts = (value: unknown, path: string[] = []): string[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, part]) => [[...path, key], ...parts(part, [...path, key])])
        : [];
    fc.assert(
      fc.property(fc.constantFrom(...SCENARIOS), fc.nat(), json, (scenario, seed, junk) => {
        const objects = [...final(scenario)] as unknown as Mutable;
        const paths = parts(objects).filter((path) => !path.includes('managedFields'));
        const path = paths[seed % paths.length]!;
        path.slice(0, -1).reduce<Mutable>((part, key) => part[key] as Mutable, objects)[path.at(-1)!] = junk;
        const { outcome, failure } = observe(objects[0], Array.isArray(objects[1]) ? objects[1] : []);
        expect(failure !== undefined).toBe(outcome !== undefined && outcome !== 'Succeeded');
      }),
      { numRuns: 500 },
    );
  });

  test('the order of the task runs does not matter', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SCENARIOS).chain((scenario) => {
          const [run, taskRuns] = final(scenario);
          return fc.tuple(
            fc.constant(run),
            fc.constant(taskRuns),
            fc.shuffledSubarray(taskRuns, { minLength: taskRuns.length }),
          );
        }),
        ([run, taskRuns, shuffled]) => {
          expect(observe(run, shuffled)).toEqual(observe(run, taskRuns));
        },
      ),
    );
  });

  test.each(['x', '語'])('a monstrous run of %s fits into an event', (letter) => {
    const long = letter.repeat(5_000);
    const [run, [taskRun]] = final('fail-oom') as [Mutable, [Mutable]];
    const named = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ name: `${n}${long}`, value: long, reason: long }));
    run.status.results = named(150);
    run.status.skippedTasks = named(500);
    taskRun.status.steps = named(70).map((step) => ({ ...step, imageID: long, running: {} }));
    taskRun.status.results = named(1);
    const many = Array.from({ length: 260 }, (_, n) => ({
      ...taskRun,
      metadata: { ...taskRun.metadata, name: `t${n}${long}` },
    }));
    const bytes = Buffer.byteLength(JSON.stringify(observe(run, many)));
    expect(bytes).toBeLessThanOrEqual(OBSERVATION_LIMITS.snapshotBytes);
  });
});
