import type { FailureReason } from '#execution';
import { observe } from '#tekton';
import type { Mutable } from './edited.ts';
import { Edited } from './edited.ts';

describe('a time limit', () => {
  test('of the pipeline: the words of the run, and which setting lifts it', () => {
    expect(new Edited('timeout-pipeline').failure()).toMatchObject({
      reason: 'DeadlineExceeded',
      message: 'PipelineRun "timeout-pipeline" failed to finish within "4s"',
      words: { next: expect.stringContaining('spec.executionConfig.timeout (the limit of the whole run)') },
    });
  });

  test('of the tasks is another, with the same setting', () => {
    const message = 'PipelineRun "timeout-pipeline" failed due to tasks failed to finish within "4s"';
    expect(new Edited('timeout-pipeline').runSays('PipelineRunTimeout', message).failure()).toMatchObject({
      reason: 'DeadlineExceeded',
      words: { next: expect.stringContaining('share kept for finally tasks') },
    });
  });

  test('of a task is set in the workflow', () => {
    expect(new Edited('timeout-task').failure()).toMatchObject({
      reason: 'DeadlineExceeded',
      words: { next: expect.stringMatching(/^raise the timeout of task work in the workflow/) },
    });
  });

  test.each(['StepFailed', 'Failed'])('of a step (task run %s) is set in the workflow', (taskReason) => {
    const message = '"step-main" exited because the step exceeded the specified timeout limit';
    const edited = new Edited('fail-exit1-bundle').taskSays('work', taskReason, message);
    Object.assign(edited.stepOf('work', 1), { terminationReason: 'TimeoutExceeded' });
    Object.assign(edited.stepOf('work', 1).terminated, { exitCode: 1 });
    expect(edited.failure()).toMatchObject({
      reason: 'DeadlineExceeded',
      failedStepName: 'main',
      exitCode: 1,
      words: { next: expect.stringMatching(/^raise the timeout of step main in the workflow/) },
    });
  });

  test.each([
    ['PipelineRun timeout has been reached'],
    ['PipelineRun Tasks timeout has been reached'],
    ['PipelineRun Finally timeout has been reached'],
  ])('%s: a run that failed because a task was never started for lack of time', (reason) => {
    const edited = new Edited('ok-inline').runSays('Failed', 'Tasks Completed: 2 (Failed: 0, Cancelled 0), Skipped: 1');
    edited.run.status.skippedTasks = [{ name: 'cleanup', reason }];
    expect(edited.failure()).toMatchObject({
      reason: 'DeadlineExceeded',
      words: { what: 'Not started because time was up: cleanup.' },
    });
  });

  test('that ended a run after a task of it had failed is not the cause', () => {
    const edited = new Edited('cancelfinally-after-failure');
    edited.runSays('PipelineRunTimeout', 'PipelineRun "x" failed to finish within "6s"');
    expect(edited.observed()).toMatchObject({
      outcome: 'TimedOut',
      failure: {
        reason: 'TaskFailed',
        failedTaskName: 'a',
        exitCode: 2,
        message: '"step-main" exited with code 2: Error; then: PipelineRun "x" failed to finish within "6s"',
      },
    });
  });

  test('that ended a run while its pipeline was being fetched', () => {
    const edited = new Edited('bundle-no-such-tag').runSays(
      'PipelineRunTimeout',
      'PipelineRun "x" failed to finish within "6s"',
    );
    expect(edited.failure()).toMatchObject({ reason: 'DeadlineExceeded', wasExecutionFailure: false });
  });

  test.each<[string, FailureReason]>([
    ['ExceededResourceQuota', 'ResourceExhausted'],
    ['ExceededNodeResources', 'ResourceExhausted'],
    ['PullImageFailed', 'ImagePullBackOff'],
    ['Pending', 'DeadlineExceeded'],
    ['SomethingNew', 'DeadlineExceeded'],
  ])(
    'for a task that never started, the previous status %s is the cause, whichever limit fired',
    (previous, reason) => {
      const edited = new Edited('quota');
      const { message } = edited.task('work').status.conditions[0] as { message: string };
      const blocked = message.replace('ExceededResourceQuota', previous);
      expect(edited.taskSays('work', 'TaskRunCancelled', blocked).failure()).toMatchObject({
        reason,
        wasExecutionFailure: false,
      });
      expect(edited.runSays('Failed').taskSays('work', 'TaskRunTimeout', blocked).failure().reason).toBe(reason);
    },
  );

  test('for a task that did start, what once delayed it is history', () => {
    const edited = new Edited('timeout-pipeline');
    const { message } = edited.task('work').status.conditions[0] as { message: string };
    edited.taskSays('work', 'TaskRunCancelled', `${message}\nPrevious status: [PullImageFailed] later it came`);
    expect(edited.failure().reason).toBe('DeadlineExceeded');
  });
});

describe('a frozen run (facts 15)', () => {
  const frozen = (): Edited => {
    const edited = new Edited('cancelfinally-after-failure');
    edited.runSays('Running', 'Tasks Completed: 0 (Failed: 0, Cancelled 0), Incomplete: 3, Skipped: 0', 'Unknown');
    edited.taskSays('b', 'Running', 'Not all Steps in the Task have finished executing', 'Unknown');
    delete edited.run.status.completionTime;
    return edited;
  };

  test('has no end, and shows the failed task that Tekton has not counted', () => {
    const { outcome, failure, tasks } = frozen().observed();
    expect([outcome, failure, tasks[0]?.state]).toEqual([undefined, undefined, 'Failed']);
  });

  test('once cancelled is Cancelled, and the task that had failed by itself is named', () => {
    expect(frozen().runSays('Cancelled', 'PipelineRun "x" was cancelled').observed()).toMatchObject({
      outcome: 'Cancelled',
      failure: { reason: 'Cancelled', failedTaskName: 'a', words: { what: 'Failed by itself before: a.' } },
    });
  });
});

describe('a cancelled run', () => {
  test.each(['Cancelled', 'PipelineRunCancelled', 'CancelledRunFinally', 'StoppedRunFinally'])(
    '%s is an end of its own',
    (reason) => {
      expect(new Edited('cancelled').runSays(reason).observed()).toMatchObject({
        outcome: 'Cancelled',
        failure: { reason: 'Cancelled' },
      });
    },
  );

  test('whose spec.status says nothing was ended through one of its task runs', () => {
    const edited = new Edited('cancelled');
    expect(edited.failure().words).toBeUndefined();
    delete edited.run.spec.status;
    expect(edited.failure().words?.what).toContain('one of its task runs was cancelled');
  });
});

describe('a run whose task run no longer tells', () => {
  test('revived and running again, or succeeded by now: it is the only one, so it was the one that failed', () => {
    const edited = new Edited('pod-deleted');
    edited.task('work').status.conditions[0].lastTransitionTime = '2026-11-20T23:59:59Z';
    expect(edited.failure()).toMatchObject({ failedTaskName: 'work', failedAt: edited.run.status.completionTime });
    edited.taskSays('work', 'Succeeded', 'All Steps have completed executing', 'True');
    expect(edited.failure()).toMatchObject({
      reason: 'TaskFailed',
      failedTaskName: 'work',
      message: 'Tasks Completed: 1 (Failed: 1, Cancelled 0), Skipped: 0',
      words: { what: expect.stringContaining('no longer told'), next: expect.stringContaining('runs again') },
    });
  });

  test('of two that succeeded by now, none is blamed', () => {
    const edited = new Edited('taskref-bundle').runSays(
      'Failed',
      'Tasks Completed: 2 (Failed: 1, Cancelled 0), Skipped: 0',
    );
    expect(edited.failure()).toMatchObject({ reason: 'TaskFailed', wasExecutionFailure: true });
    expect(edited.failure().failedTaskName).toBeUndefined();
  });

  test('the one of several that runs again is the one that failed', () => {
    const edited = new Edited('taskref-bundle').runSays('Failed').taskSays('b', 'Running', 'Not all Steps', 'Unknown');
    expect(edited.failure()).toMatchObject({ reason: 'TaskFailed', failedTaskName: 'b' });
  });

  test('the only one that is seen is not blamed for one that is not', () => {
    const edited = new Edited('taskref-bundle').runSays('Failed');
    edited.taskRuns.pop();
    expect(edited.failure().failedTaskName).toBeUndefined();
  });

  test('that cannot be seen is said, and may have run', () => {
    const edited = new Edited('image-pull');
    const { failure } = observe(edited.run, []);
    expect(failure).toMatchObject({
      reason: 'TaskFailed',
      wasExecutionFailure: true,
      words: { what: 'One task run of it could not be seen.' },
    });
  });

  test("that is another run's: the failure is a race, and what ran is not known", () => {
    const edited = new Edited('fail-oom');
    (edited.task('work').metadata as Mutable).ownerReferences[0].uid = 'another';
    expect(edited.failure()).toMatchObject({ reason: 'ExecutionRaceCondition', wasExecutionFailure: true });
  });
});

describe('a success that is not believed', () => {
  test('says nothing ran only when every other task run was seen', () => {
    const edited = new Edited('ok-inline');
    (edited.task('work').metadata as Mutable).ownerReferences[0].uid = 'another';
    const { run, taskRuns } = edited;
    expect(observe(run, taskRuns).failure).toMatchObject({
      reason: 'ExecutionRaceCondition',
      wasExecutionFailure: true,
    });
    run.status.childReferences = [run.status.childReferences[0]];
    expect(observe(run, taskRuns.slice(0, 3)).failure?.wasExecutionFailure).toBe(true);
    const stranger = [edited.task('work')];
    expect(observe(run, stranger).failure?.wasExecutionFailure).toBe(false);
    (run.status.childReferences as Mutable[]).push({ kind: 'TaskRun', name: 'unseen', pipelineTaskName: 'report' });
    expect(observe(run, stranger).failure?.wasExecutionFailure).toBe(true);
  });
});
