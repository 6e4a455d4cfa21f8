import type { Mutable } from './edited.ts';
import { Edited } from './edited.ts';

/** Edits of recorded failures: what is changed, whether a step may have run then, and why. */
const CASES: readonly [string, () => Edited, boolean][] = [
  ['no task run was ever made', () => new Edited('param-missing'), false],
  ['the pod was never made: podName is empty, the steps have no state', () => new Edited('quota'), false],
  [
    'the pod was made, its image never pulled: made-up ends without imageID and containerID',
    () => new Edited('image-pull'),
    false,
  ],
  ['the container could not be configured: its step still waits', () => new Edited('v1.9-config-error'), false],
  [
    'the pod was evicted before its containers started',
    () => {
      const edited = new Edited('v1.9-fail-evicted');
      edited.task('work').status.steps = [
        { name: 'main', container: 'step-main', waiting: { reason: 'PodInitializing' } },
      ];
      return edited;
    },
    false,
  ],
  ['the pod was evicted while its containers ran', () => new Edited('v1.9-fail-evicted'), true],
  ['a made-up end of a container that had an image: it had started', () => new Edited('cancelled'), true],
  [
    'a made-up end of a container that had an id only',
    () => {
      const edited = new Edited('image-pull');
      edited.stepOf('work', 0).terminated.containerID = 'containerd://x';
      return edited;
    },
    true,
  ],
  [
    'a container the kubelet lost sight of',
    () => {
      const edited = new Edited('v1.9-fail-evicted');
      edited.task('work').status.steps = [
        { name: 'main', container: 'step-main', terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } },
      ];
      return edited;
    },
    true,
  ],
  [
    'a container that shows as running: Tekton starts all and lets each wait its turn',
    () => {
      const edited = new Edited('timeout-pipeline');
      for (const step of edited.task('work').status.steps as Mutable[]) {
        delete step.terminated;
        step.running = { startedAt: '2026-11-20T23:36:45Z' };
      }
      return edited;
    },
    true,
  ],
  ['every task succeeded and only a result is missing', () => new Edited('bundle-bad-sa'), true],
  ['a task run that runs again after its run had failed', () => new Edited('pod-deleted'), true],
  [
    'a run that is over while a task run with a pod is not: the pod may start yet',
    () => pendingStill('quota-work-pod'),
    true,
  ],
  ['a run that is over while a task run without a pod is not', () => pendingStill(''), false],
  [
    'a child that is no task run',
    () => {
      const edited = new Edited('image-pull');
      const reference = { kind: 'CustomRun', name: 'approval', pipelineTaskName: 'approval' };
      (edited.run.status.childReferences as Mutable[]).push(reference);
      return edited;
    },
    true,
  ],
  [
    'a listed task run that is not there',
    () => {
      const edited = new Edited('image-pull');
      edited.taskRuns.splice(0);
      return edited;
    },
    true,
  ],
];

function pendingStill(podName: string): Edited {
  const edited = new Edited('quota').taskSays('work', 'Pending', 'Pending', 'Unknown');
  edited.task('work').status.podName = podName;
  return edited;
}

describe('wasExecutionFailure is true exactly when a step may have run', () => {
  test.each(CASES)('%s', (_, made, expected) => {
    expect(made().failure().wasExecutionFailure).toBe(expected);
  });
});
