import type { KubeObject } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS } from '#kubernetes';
import { asRun, conditionOf } from '../../src/tekton/objects.ts';
import { comparable, recordedObservation, SandboxWorld } from './sandbox-world.ts';

/** Reference, recorded scenario, its task runs, spec of the run beyond the defaults. */
const PLAYED: readonly [string, string, readonly string[], object?][] = [
  ['quick:1', 'bundle-raw-layer', ['work']],
  ['retries:1', 'retries-ok', ['work']],
  ['fail:1', 'fail-exit1', ['work', 'cleanup']],
  ['exit3:1', 'fail-exit1-bundle', ['work', 'cleanup']],
  ['oom:1', 'fail-oom', ['work']],
  ['evicted:1', 'v1.9-fail-evicted', ['work']],
  ['timeout:1', 'timeout-task', ['work']],
  ['pull-error:1', 'image-pull', ['work']],
  ['config-error:1', 'v1.9-config-error', ['work']],
  ['bad-param:1', 'param-missing', []],
  ['missing-result:1', 'bundle-bad-sa', ['work', 'cleanup']],
  ['quota:1', 'quota', ['work'], { timeouts: { pipeline: '15s' } }],
];

/** What names the recorded and the played run; each becomes the same mark. */
const NAMES = ['jobs/strict', 'kubernaut-workflows/workflow', 'jobs/', 'kubernaut-workflows/'];

describe('the scripted Tekton ends runs as the real one did', () => {
  test.each(PLAYED)('sandbox.local/%s is what was recorded of %s', async (reference, scenario, tasks, spec = {}) => {
    const world = new SandboxWorld();
    await world.start();
    const name = scenario.replace('v1.9-', '');
    await world.create(name, `sandbox.local/${reference}`, spec);
    const played = await world.settled(name);
    world.stop();
    expect(comparable(played, NAMES)).toEqual(comparable(recordedObservation(scenario, tasks), NAMES));
    expect(world.log).toEqual([]);
  });

  test('sandbox.local/echo:1 is what was recorded of ok-bundle-tag, and gives MESSAGE back', async () => {
    const world = new SandboxWorld();
    await world.start();
    await world.create('r', 'sandbox.local/echo:1', { params: [{ name: 'MESSAGE', value: 'hello, you' }] });
    const played = await world.settled('r');
    const recorded = recordedObservation('ok-bundle-tag', ['work', 'report', 'cleanup']);
    expect(played.results).toEqual([...recorded.results, { name: 'message', value: 'hello, you' }]);
    const withoutResults = (observation: typeof played) => ({
      ...observation,
      results: [],
      tasks: observation.tasks.map((task) => ({ ...task, results: [] })),
    });
    expect(comparable(withoutResults(played), ['r-'])).toEqual(
      comparable(withoutResults(recorded), ['ok-bundle-tag-']),
    );
    expect(played.resolved).toMatchObject({ uri: 'sandbox.local/echo', entryPoint: 'workflow' });
  });

  test.each([
    'sandbox.local/no-such-tag:1',
    'sandbox.local/echo:2',
    'elsewhere.example/x',
    'sandbox.local/nobody@sha256:00',
  ])('%s cannot be resolved', async (reference) => {
    const world = new SandboxWorld();
    await world.start();
    await world.create('r', reference);
    const { outcome, failure, condition } = await world.settled('r');
    expect([outcome, failure?.reason, condition?.reason]).toEqual(['Failed', 'ImagePullBackOff', 'CouldntGetPipeline']);
    expect(condition?.message).toContain('MANIFEST_UNKNOWN');
  });

  test('a bundle by digest is played like its tag, and the digest is what was resolved', async () => {
    const world = new SandboxWorld();
    await world.start();
    await world.create('r', `sandbox.local/quick@sha256:${'ab'.repeat(32)}`);
    expect(await world.settled('r')).toMatchObject({
      outcome: 'Succeeded',
      resolved: { digest: `sha256:${'ab'.repeat(32)}` },
    });
  });

  test('a watcher sees labels first, then resolving, running and the end; times are whole seconds', async () => {
    const world = new SandboxWorld();
    await world.start();
    await world.create('r', 'sandbox.local/echo:1');
    await world.settled('r');
    const reasons = world.versions('r').map((object) => conditionOf(asRun(object))?.reason ?? '(none)');
    expect(reasons).toEqual(['(none)', '(none)', 'ResolvingPipelineRef', 'Running', 'Running', 'Running', 'Succeeded']);
    expect(world.versions('r')[1]!.metadata.labels).toEqual({
      'example.test/mine': 'yes',
      'tekton.dev/pipeline': 'workflow',
    });
    const status = world.run('r').status as Record<string, string>;
    expect([status.startTime, status.completionTime]).toEqual(['2026-11-21T12:00:00Z', '2026-11-21T12:00:02Z']);
  });

  test('a run has no status for as long as recorded, and speed shortens that', async () => {
    for (const speed of [1, 10]) {
      const world = new SandboxWorld();
      await world.start(speed);
      const createdMs = world.clock.now();
      await world.create('r', 'sandbox.local/echo:1');
      await world.until(() => world.isAt('r', 'ResolvingPipelineRef'));
      expect(world.clock.now() - createdMs).toBe(90 / speed);
    }
  });

  test('task runs carry the labels of their run and its uid, and are owned by it', async () => {
    const world = new SandboxWorld();
    await world.start();
    const run = await world.create('r', 'sandbox.local/quick:1');
    await world.settled('r');
    const [taskRun] = await world.taskRuns();
    expect(taskRun!.metadata).toMatchObject({
      name: 'r-work',
      labels: {
        'example.test/mine': 'yes',
        'tekton.dev/pipelineRun': 'r',
        'tekton.dev/pipelineRunUID': run.metadata.uid,
        'tekton.dev/pipelineTask': 'work',
        'tekton.dev/memberOf': 'tasks',
      },
      ownerReferences: [{ uid: run.metadata.uid, controller: true, blockOwnerDeletion: true }],
    });
  });

  test('a run that another controller manages is never touched', async () => {
    const world = new SandboxWorld();
    await world.start();
    await world.create('r', 'sandbox.local/quick:1', { managedBy: 'example.test/mine' });
    await world.create('s', 'sandbox.local/quick:1');
    await world.settled('s');
    expect(world.versions('r')).toHaveLength(1);
  });
});

describe('a run that is cancelled', () => {
  test.each([
    ['Cancelled', 'cancelled', ['work']],
    ['CancelledRunFinally', 'cancelled-run-finally', ['work', 'cleanup']],
  ])('%s while its task runs is what was recorded of %s', async (status, scenario, tasks) => {
    const world = new SandboxWorld();
    await world.start();
    await world.create(scenario, 'sandbox.local/hang:1');
    await world.until(() => JSON.stringify(world.cluster.history.at(-1)).includes('Not all Steps'));
    await world.ask(scenario, status);
    const played = await world.settled(scenario);
    expect(comparable(played, [])).toEqual(comparable(recordedObservation(scenario, tasks), []));
  });

  test('StoppedRunFinally lets the running task end, as recorded', async () => {
    const world = new SandboxWorld();
    await world.start();
    const name = 'stopped-run-finally';
    await world.create(name, 'sandbox.local/slow:1');
    await world.until(() => world.isAt(name, 'Running'));
    await world.ask(name, 'StoppedRunFinally');
    const played = await world.settled(name);
    expect(comparable(played, [])).toEqual(comparable(recordedObservation(name, ['work', 'cleanup']), []));
  });

  test('while it is being resolved ends at once, without any task run', async () => {
    const world = new SandboxWorld();
    await world.start();
    await world.create('r', 'sandbox.local/echo:1');
    await world.until(() => world.isAt('r', 'ResolvingPipelineRef'));
    await world.ask('r', 'Cancelled');
    const { outcome, failure } = await world.settled('r');
    expect([outcome, failure?.wasExecutionFailure, await world.taskRuns()]).toEqual(['Cancelled', false, []]);
  });

  test.each(['Cancelled', 'CancelledRunFinally'])('born %s, it never starts a task', async (status) => {
    const world = new SandboxWorld();
    await world.start();
    await world.create('r', 'sandbox.local/echo:1', { status });
    expect([(await world.settled('r')).outcome, await world.taskRuns()]).toEqual(['Cancelled', []]);
  });
});

describe('time limits', () => {
  test("the run's limit cancels its task and is never lengthened by speed", async () => {
    const world = new SandboxWorld();
    await world.start(10);
    await world.create('timeout-pipeline', 'sandbox.local/hang:1', { timeouts: { pipeline: '4s' } });
    const { condition, failure, completionTime, tasks } = await world.settled('timeout-pipeline');
    expect(condition).toEqual({
      status: 'False',
      reason: 'PipelineRunTimeout',
      message: 'PipelineRun "timeout-pipeline" failed to finish within "4s"',
    });
    expect([completionTime, failure?.reason]).toEqual(['2026-11-21T12:00:04Z', 'DeadlineExceeded']);
    expect(tasks[0]?.message).toBe(
      'TaskRun "timeout-pipeline-work" was cancelled. TaskRun cancelled as the PipelineRun it belongs to has timed out.',
    );
  });

  test("the tasks' limit lets finally tasks run before the run ends", async () => {
    const world = new SandboxWorld();
    await world.start();
    await world.create('r', 'sandbox.local/hang:1', { timeouts: { pipeline: '30s', tasks: '10s' } });
    await world.until(() => world.isAt('r', 'PipelineRunTimeoutRunningFinally'));
    const { outcome, tasks } = await world.settled('r');
    expect([outcome, tasks.map(({ pipelineTask, state }) => `${pipelineTask} ${state}`)]).toEqual([
      'TimedOut',
      ['work Cancelled', 'cleanup Succeeded'],
    ]);
  });
});

describe('what the world may do to it', () => {
  test('stopped in the middle and started again, it goes on from the objects', async () => {
    const world = new SandboxWorld();
    await world.create('r', 'sandbox.local/echo:1');
    for (const reason of ['ResolvingPipelineRef', 'Running', 'Running']) {
      await world.start();
      const before = world.cluster.history.length;
      await world.until(() => world.isAt('r', reason) && world.cluster.history.length > before);
      world.stop();
    }
    await world.start();
    const played = await world.settled('r');
    expect([played.outcome, played.tasks.length, (await world.taskRuns()).length]).toEqual(['Succeeded', 3, 3]);
  });

  test('broken watches, lost races and server errors change nothing in the end', async () => {
    const world = new SandboxWorld();
    await world.create('r', 'sandbox.local/exit3:1');
    let writes = 0;
    world.cluster.fault = () => {
      writes += 1;
      if (writes % 3 === 0) world.cluster.memory.cutWatches(writes % 2 === 0 ? 'gone' : 'unavailable');
      if (writes % 4 === 1) return new ClusterError('server-error', 'try later');
      return writes % 5 === 2 ? new ClusterError('conflict', 'modified') : undefined;
    };
    await world.start();
    const played = await world.settled('r');
    const recorded = recordedObservation('fail-exit1-bundle', ['work', 'cleanup']);
    expect(comparable(played, ['r-'])).toEqual(comparable(recorded, ['fail-exit1-bundle-']));
  });

  test('a run cancelled before any watch told of its task run still cancels it', async () => {
    const world = new SandboxWorld();
    await world.start();
    world.cluster.memory.freezeWatches(TASK_RUNS);
    await world.create('r', 'sandbox.local/slow:1');
    await world.until(() => world.isAt('r', 'Running'));
    await world.ask('r', 'Cancelled');
    await world.until(() => world.hasEnded('r'));
    expect((await world.taskRuns()).map(({ spec }) => spec)).toMatchObject([{ status: 'TaskRunCancelled' }]);
    expect(world.log).toEqual([]);
  });

  test('a run deleted in mid-run is forgotten; its task runs are the garbage collector’s', async () => {
    const world = new SandboxWorld();
    await world.start();
    await world.create('r', 'sandbox.local/slow:1');
    await world.until(() => world.isAt('r', 'Running'));
    await world.cluster.delete(PIPELINE_RUNS, world.named('r'));
    await world.create('s', 'sandbox.local/slow:1');
    await world.settled('s');
    expect([world.hasEnded('r'), world.log]).toEqual([false, []]);
  });

  test('THE TRAP: with the collector behind, a name used again takes over leftover task runs, and succeeds without running anything', async () => {
    const world = new SandboxWorld();
    await world.start();
    await world.create('r', 'sandbox.local/quick:1');
    await world.settled('r');
    world.cluster.memory.collector.pause();
    await world.cluster.delete(PIPELINE_RUNS, world.named('r'));
    await world.clock.advance(5000);
    const second = await world.create('r', 'sandbox.local/quick:1');
    await world.until(() => world.hasEnded('r'));
    const [leftover, ...more] = await world.taskRuns();
    expect(more).toEqual([]);
    expect(leftover!.metadata.ownerReferences![0]!.uid).not.toBe(second.metadata.uid);
    expect(world.isAt('r', 'Succeeded')).toBe(true);
    const { startTime } = world.run('r').status as { startTime: string };
    expect(startTime < second.metadata.creationTimestamp!).toBe(true);
    // Our own reading is not fooled.
    expect(await world.observed('r')).toMatchObject({
      outcome: 'Failed',
      failure: { reason: 'ExecutionRaceCondition' },
    });
  });

  test('a task run of that name that appears at the last moment is taken over too', async () => {
    const world = new SandboxWorld();
    let leftover: KubeObject | undefined = {
      apiVersion: 'tekton.dev/v1',
      kind: 'TaskRun',
      metadata: world.named('r-work'),
    };
    world.cluster.fault = (write, { name }) => {
      const sneaked = leftover;
      if (write !== 'create' || name !== 'r-work' || sneaked === undefined) return undefined;
      leftover = undefined;
      void world.cluster.create(TASK_RUNS, sneaked);
      return undefined;
    };
    await world.start();
    await world.create('r', 'sandbox.local/quick:1');
    await world.until(() => world.isAt('r', 'Running'));
    expect(world.run('r').status).toMatchObject({ childReferences: [{ name: 'r-work' }] });
    expect((await world.taskRuns()).map(({ metadata }) => metadata.ownerReferences)).toEqual([undefined]);
  });

  test('the task run of a running run that is deleted is made again', async () => {
    const world = new SandboxWorld();
    await world.start();
    await world.create('r', 'sandbox.local/echo:1');
    await world.until(() => world.isAt('r', 'Running'));
    await world.cluster.delete(TASK_RUNS, world.named('r-work'));
    expect((await world.settled('r')).outcome).toBe('Succeeded');
  });

  test('two hundred runs at once all end', async () => {
    const world = new SandboxWorld();
    await world.start(10);
    const names = Array.from({ length: 200 }, (_, n) => `r${n}`);
    for (const name of names) await world.create(name, 'sandbox.local/quick:1');
    const succeeded = new Set<string>();
    await world.until(() => {
      for (const object of world.cluster.history) {
        if (object.kind === 'PipelineRun' && conditionOf(asRun(object))?.status === 'True')
          succeeded.add(object.metadata.name);
      }
      return succeeded.size === names.length;
    });
    expect(world.log).toEqual([]);
  });
});
