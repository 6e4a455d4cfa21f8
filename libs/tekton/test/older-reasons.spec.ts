import type { FailureReason } from '#execution';
import { observe } from '#tekton';
import { readCapture } from './captures.ts';
import type { Mutable } from './edited.ts';
import { Edited } from './edited.ts';

const named =
  (task: string, reason: string, message?: string) =>
  (edited: Edited): void =>
    void edited.taskSays(task, reason, message);

const stepsEndedWell = (edited: Edited, task: string): void => {
  edited.runSays('Failed');
  for (const step of edited.task(task).status.steps as Mutable[]) {
    expect(step.terminated).toMatchObject({ exitCode: 0 });
  }
};

const sidecarEnds = (reason: string, exitCode: number, taskReason: string) => (edited: Edited) => {
  stepsEndedWell(edited, 'work');
  Object.assign(edited.task('work').status.sidecars[0].terminated, { reason, exitCode });
  edited.taskSays('work', taskReason, `"sidecar-db" exited with code ${exitCode}: ${reason}`);
};

/** The steps still wait for the init containers of their pod. */
const initFails = (taskReason: string, exit: string) => (edited: Edited) => {
  for (const step of edited.task('work').status.steps as Mutable[]) step.waiting = { reason: 'PodInitializing' };
  edited.taskSays('work', taskReason, `init container failed, "prepare" exited with code ${exit}`);
};

/** Evicted before a container of it had started: the pod has no container states yet. */
const evictedEarly = (edited: Edited): void => {
  edited.taskSays('work', 'PodEvicted');
  edited.task('work').status.steps = [{ name: 'main', container: 'step-main' }];
};

/** Reason since v1.12, the recording it is made from, and the verdict that it and plain `Failed` must lead to. */
const SPLIT: readonly [string, string, string, (edited: Edited) => void, FailureReason, boolean][] = [
  ['StepFailed', 'fail-exit1', 'work', () => {}, 'TaskFailed', true],
  ['StepFailed', 'fail-exit1-bundle', 'work', () => {}, 'TaskFailed', true],
  ['StepFailed', 'cancelfinally-after-failure', 'a', () => {}, 'TaskFailed', true],
  ['StepOOM', 'fail-oom', 'work', () => {}, 'OOMKilled', true],
  ['PodEvicted', 'v1.9-fail-evicted', 'work', named('work', 'PodEvicted'), 'ResourceExhausted', true],
  ['PodEvicted', 'v1.9-fail-evicted', 'work', evictedEarly, 'ResourceExhausted', false],
  ['SidecarOOM', 'sidecar', 'work', sidecarEnds('OOMKilled', 137, 'SidecarOOM'), 'OOMKilled', true],
  ['SidecarFailed', 'sidecar', 'work', sidecarEnds('Error', 1, 'SidecarFailed'), 'TaskFailed', true],
  [
    'InitContainerOOM',
    'v1.9-config-error',
    'work',
    initFails('InitContainerOOM', '137: OOMKilled'),
    'OOMKilled',
    false,
  ],
  [
    'InitContainerFailed',
    'v1.9-config-error',
    'work',
    initFails('InitContainerFailed', '1: Error'),
    'TaskFailed',
    false,
  ],
];

describe('Tekton before 1.12 called these failures of a pod plainly Failed', () => {
  test.each(SPLIT)('%s (made from %s, task %s) is understood the same under both names', (...row) => {
    const [reason, scenario, task, edit, expected, ran] = row;
    const now = new Edited(scenario);
    edit(now);
    expect(now.task(task).status.conditions[0].reason).toBe(reason);
    expect(now.failure()).toMatchObject({ reason: expected, failedTaskName: task, wasExecutionFailure: ran });

    const before = new Edited(scenario);
    edit(before);
    before.taskSays(task, 'Failed');
    const { words: wordsBefore, ...found } = before.failure();
    const { words: wordsNow, ...foundNow } = now.failure();
    expect(found).toEqual(foundNow);
    // Only the sidecar's own words are gone with its reason.
    if (reason !== 'SidecarFailed') expect(wordsBefore).toEqual(wordsNow);
  });

  test('the kubelet has a sentence for each kind of eviction, and none of them is lost under the old name', () => {
    for (const message of [
      'The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 900Mi.',
      'The node had condition: [DiskPressure]. ',
      'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ',
      'Container step-main exceeded its local ephemeral storage limit "1Gi". ',
      'Usage of EmptyDir volume "tekton-internal-workspace" exceeds the limit "1Gi". ',
    ]) {
      const edited = new Edited('v1.9-fail-evicted').taskSays('work', 'Failed', message);
      expect([message, edited.failure().reason]).toEqual([message, 'ResourceExhausted']);
    }
  });

  test('an eviction under the old name without the words of one leaves only killed containers: nothing else tells', () => {
    const edited = new Edited('v1.9-fail-evicted').taskSays(
      'work',
      'Failed',
      '"step-main" exited with code 137: Error',
    );
    expect(edited.failure().reason).toBe('TaskFailed');
  });

  test('a sidecar killed for memory is known by its own state when no message says so, unless a step failed', () => {
    const edited = new Edited('sidecar')
      .runSays('Failed')
      .taskSays('work', 'Failed', 'build failed for unspecified reasons.');
    edited.task('work').status.sidecars[0].terminated.reason = 'OOMKilled';
    expect(edited.failure()).toMatchObject({
      reason: 'OOMKilled',
      words: { next: expect.stringContaining('sidecar db') },
    });
    Object.assign(edited.stepOf('work', 0).terminated, { exitCode: 1, reason: 'Error' });
    expect(edited.failure().reason).toBe('TaskFailed');
  });
});

describe('recordings of v1.9 and of v1.15 agree', () => {
  const verdictOf = (edited: Edited) => {
    const { outcome, failure } = edited.observed();
    return [outcome, failure?.reason, failure?.failedTaskName, failure?.failedTaskIndex, failure?.wasExecutionFailure];
  };

  test.each([
    ['v1.9-cancelled', 'cancelled'],
    ['v1.9-timeout-pipeline', 'timeout-pipeline'],
    ['v1.9-ok-bundle', 'bundle-raw-layer'],
    ['v1.9-timeouts-tasks-2h', 'timeouts-tasks-2h'],
    ['v1.9-fail-exit1', 'fail-exit1'],
    ['v1.9-pod-deleted', 'pod-deleted'],
  ])('%s and %s', (old, now) => {
    expect(verdictOf(new Edited(old))).toEqual(verdictOf(new Edited(now)));
  });

  interface Timeline {
    readonly events: readonly {
      kind: string;
      reason?: string;
      message?: string;
      status?: string;
      completionTime?: string;
    }[];
  }

  test('pod-deleted at the moment its run failed, before the task run was revived, is v1.9-pod-deleted', () => {
    const { events } = readCapture('pod-deleted.timeline.json') as Timeline;
    const end = events.find(({ kind, status }) => kind === 'TaskRun' && status === 'False');
    const old = new Edited('v1.9-pod-deleted');
    const now = new Edited('pod-deleted').taskSays('work', end?.reason ?? '', end?.message);
    const { status } = now.task('work');
    Object.assign(status, {
      completionTime: end?.completionTime,
      steps: structuredClone(old.task('work').status.steps),
    });
    const { failedAt, words, ...then } = now.failure();
    const { failedAt: oldFailedAt, words: oldWords, ...expected } = old.failure();
    expect(then).toEqual({ ...expected, failedTaskRunName: 'pod-deleted-work' });
    expect([failedAt, typeof oldFailedAt, words]).toEqual([end?.completionTime, 'string', oldWords]);
    expect(observe(now.run, now.taskRuns).tasks[0]?.state).toBe('Failed');
  });
});
