import { PIPELINE_RUNS } from '#kubernetes';
import { asTaskRun, conditionOf, isDone } from '../../src/tekton/objects.ts';
import { comparable, recordedObservation, SandboxWorld } from './sandbox-world.ts';

const MINUTE_MS = 60_000;

async function playing(name: string, reference: string, spec: object = {}): Promise<SandboxWorld> {
  const world = new SandboxWorld();
  await world.start();
  await world.create(name, reference, spec);
  return world;
}

const conditionOfTaskRun = async (world: SandboxWorld, name: string) =>
  (await world.taskRuns())
    .map(asTaskRun)
    .filter(({ metadata }) => metadata.name === name)
    .map(conditionOf)[0];

/** facts/tekton.md, 0.10 and 15: one parallel task fails while another, which a third waits for, runs on. */
describe('a frozen run', () => {
  const frozen = async (name = 'r', timeouts = { pipeline: '6s' }): Promise<SandboxWorld> => {
    const world = await playing(name, 'sandbox.local/frozen:1', { timeouts });
    await world.until(() => JSON.stringify(world.cluster.history.at(-1)).includes('StepFailed'));
    return world;
  };

  test('reads Running with no failed task, though one has failed, and its time limit passes unnoticed', async () => {
    const world = await frozen();
    await world.clock.advance(45_000);
    expect(conditionOf(asTaskRun(world.run('r')))).toMatchObject({
      status: 'Unknown',
      reason: 'Running',
      message: 'Tasks Completed: 0 (Failed: 0, Cancelled 0), Incomplete: 4, Skipped: 0',
    });
    expect((await conditionOfTaskRun(world, 'r-a'))?.reason).toBe('StepFailed');
    expect((await conditionOfTaskRun(world, 'r-b'))?.reason).toBe('Running');
  });

  test.each([
    [7_000, 'Running'],
    [13_000, 'PipelineRunTimeout'],
  ])('a write of anybody after %i ms leaves it %s: it is closed after twice its limit of 6 s', async (ms, reason) => {
    const world = await frozen();
    await world.clock.advance(ms);
    const body = { metadata: { labels: { touched: 'yes' } } };
    await world.cluster.patch(PIPELINE_RUNS, world.named('r'), { type: 'merge', body });
    await world.clock.advance(1_000);
    expect(conditionOf(asTaskRun(world.run('r')))?.reason).toBe(reason);
  });

  test('Cancelled ends it', async () => {
    const world = await frozen();
    await world.ask('r', 'Cancelled');
    expect((await world.settled('r')).outcome).toBe('Cancelled');
  });

  test('CancelledRunFinally moves it again, as recorded of cancelfinally-after-failure', async () => {
    const name = 'cancelfinally-after-failure';
    const world = await frozen(name, { pipeline: '1h0m0s' });
    await world.ask(name, 'CancelledRunFinally');
    const played = await world.settled(name);
    expect(comparable(played, [])).toEqual(comparable(recordedObservation(name, ['a', 'b', 'fin']), []));
  });

  test('moves again when the running task ends', async () => {
    const world = await frozen('r', { pipeline: '3h0m0s' });
    await world.clock.advance(61 * MINUTE_MS); // the running task's own limit of an hour
    expect((await world.settled('r')).outcome).toBe('Failed');
  });
});

/** facts/tekton.md, 0.3: the run stays failed, the task run lives again and runs its steps a second time. */
describe('a run whose pod is lost', () => {
  test('fails for good, as recorded of pod-deleted, while its task run goes on to succeed', async () => {
    const world = await playing('pod-deleted', 'sandbox.local/pod-lost:1');
    await world.until(() => world.hasEnded('pod-deleted'));
    const final = world.run('pod-deleted').metadata.resourceVersion;
    const of = () => world.cluster.history.filter(({ kind }) => kind === 'TaskRun').map(asTaskRun);
    await world.until(() => conditionOf(of().at(-1)!)?.status === 'True');
    await world.clock.advance(MINUTE_MS);
    const seen = of().map((taskRun) => conditionOf(taskRun)?.reason ?? '(none)');
    const turns = seen.filter((reason, index) => reason !== seen[index - 1]);
    expect(turns).toEqual(['(none)', 'Pending', 'Running', 'StepFailed', 'Pending', 'Running', 'Succeeded']);
    expect(world.run('pod-deleted').metadata.resourceVersion).toBe(final);
    expect(conditionOf(asTaskRun(world.run('pod-deleted')))?.reason).toBe('Failed');
  });

  test('reads, while the task run is alive again, what was recorded', async () => {
    const world = await playing('pod-deleted', 'sandbox.local/pod-lost:1');
    await world.until(() => world.hasEnded('pod-deleted'));
    await world.until(() => /"reason":"Running"/.test(JSON.stringify(world.cluster.history.at(-1))));
    const played = await world.observed('pod-deleted');
    expect(comparable(played, [])).toEqual(comparable(recordedObservation('pod-deleted', ['work']), []));
  });
});

/** facts/tekton.md, 0.4 and 6: ended is not stopped. */
describe('a cancelled run', () => {
  test('has ended before its task run has', async () => {
    const world = new SandboxWorld();
    await world.start(1, { stopMs: 30_000 });
    await world.create('r', 'sandbox.local/hang:1');
    await world.until(() => JSON.stringify(world.cluster.history.at(-1)).includes('Not all Steps'));
    await world.ask('r', 'Cancelled');
    await world.until(() => world.hasEnded('r'));
    expect((await world.taskRuns()).map((each) => isDone(asTaskRun(each)))).toEqual([false]);
    const endedMs = world.clock.now();
    await world.settled('r');
    expect(world.clock.now() - endedMs).toBe(30_000);
  });
});

/** facts/tekton.md, 0.11: after a controller crash nothing is reconciled for about a minute. */
describe('while the controller is away', () => {
  test('nothing is picked up, and it is when the controller is back', async () => {
    const world = new SandboxWorld();
    await world.start();
    await world.tekton.pause();
    await world.create('r', 'sandbox.local/quick:1');
    await world.clock.advance(68_000);
    expect(world.versions('r')).toHaveLength(1);
    await world.tekton.resume();
    expect((await world.settled('r')).outcome).toBe('Succeeded');
  });

  test.each([
    ['a run does not time out', { timeouts: { pipeline: '4s' } }, undefined, 'TimedOut'],
    ['a run is not cancelled', {}, 'Cancelled', 'Cancelled'],
  ])('%s, and it is when the controller is back', async (_, spec, status, outcome) => {
    const world = await playing('r', 'sandbox.local/hang:1', spec);
    await world.until(() => world.isAt('r', 'Running'));
    await world.tekton.pause();
    if (status !== undefined) await world.ask('r', status);
    await world.clock.advance(68_000);
    expect(world.hasEnded('r')).toBe(false);
    await world.tekton.resume();
    expect((await world.settled('r')).outcome).toBe(outcome);
    expect(world.log).toEqual([]);
  });
});
