import type { FailureReason, RunFailure } from '#execution';
import { TEXT_LIMITS } from '#execution';
import fc from 'fast-check';
import { jsonBytes } from '../src/clip.ts';
import { explain, nextStep } from '../src/summary.ts';
import { text } from './support/arbitraries.ts';
import { minute, SPEC, TARGET } from './support/examples.ts';

const REASONS: readonly FailureReason[] = [
  'OOMKilled',
  'DeadlineExceeded',
  'Forbidden',
  'ResourceExhausted',
  'ConfigurationError',
  'ImagePullBackOff',
  'TaskFailed',
  'Cancelled',
  'PipelineRunDeleted',
  'ExecutionRaceCondition',
  'Unknown',
];

const CAUSE: RunFailure = {
  reason: 'TaskFailed',
  message: '"step-main" exited with code 3: Error',
  failedTaskName: 'work',
  failedStepName: 'main',
  exitCode: 3,
  failedAt: minute(3),
  wasExecutionFailure: true,
};

const summary = (cause: Partial<RunFailure>, cancellation?: { reason: string }): string => {
  const asked = cancellation && {
    cancellation: { mode: 'Graceful' as const, requestedAt: minute(2), ...cancellation },
  };
  return explain({ spec: SPEC, ...asked }, { ...CAUSE, ...cause }, minute(5), minute(1)).naturalLanguageSummary;
};

describe('the summary of a failure', () => {
  test('says which workflow on what, where it failed, why, whether it did anything, and what to do', () => {
    expect(summary({})).toBe(
      `Workflow restart-pod (version 1.2.0) on ${TARGET} failed after 2m in task work, step main (exit code 3). ` +
        'Cause (TaskFailed): "step-main" exited with code 3: Error. ' +
        'Steps of the workflow may have run, so the target may have changed: look at it before running anything again. ' +
        "Next: read the failed step's logs and the state of the target.",
    );
  });

  test('of a run that failed in the second it started does not say that it took no time', () => {
    expect(summary({ failedAt: minute(1) })).toContain(' failed within a second in task work');
  });

  test('has the words of whoever found the cause, and no field of them is recorded', () => {
    const words = { what: 'The task failed after 3 attempts.', next: 'raise the memory limit of step main.' };
    expect(summary({ words })).toMatch(
      /Error\. The task failed after 3 attempts\. Steps .* Next: raise the memory limit of step main\.$/,
    );
    expect(explain({ spec: SPEC }, { ...CAUSE, words }, minute(5))).not.toHaveProperty('words');
  });

  test('without place and message is still a sentence', () => {
    const details = explain({ spec: SPEC }, { reason: 'Unknown', message: '', wasExecutionFailure: false }, minute(5));
    expect(details.naturalLanguageSummary).toBe(
      `Workflow restart-pod (version 1.2.0) on ${TARGET} failed. Cause: Unknown. ` +
        'No step of the workflow ran, so the target was not changed by it. Next: read the message and the logs of the run.',
    );
  });

  test('puts a message of several lines into one, with one full stop', () => {
    expect(summary({ message: 'It was cancelled.\nPrevious status: [Pending] waiting.\n' })).toContain(
      'Cause (TaskFailed): It was cancelled. Previous status: [Pending] waiting. Steps',
    );
  });

  test('of a cancellation says who asked for it: somebody here, with the reason, or somebody elsewhere', () => {
    const cancelled = { reason: 'Cancelled', message: 'PipelineRun "x" was cancelled' } as const;
    expect(summary(cancelled, { reason: 'maintenance' })).toContain(
      `was cancelled after 2m in task work, step main (exit code 3). Cause (Cancelled): PipelineRun "x" was cancelled. ` +
        `It was asked for here at ${minute(2)} (Graceful, maintenance). `,
    );
    expect(summary(cancelled, { reason: '' })).toContain(`It was asked for here at ${minute(2)} (Graceful). `);
    expect(summary(cancelled)).toContain('This service did not ask for it: somebody did so in Tekton directly. ');
  });

  test('of any other failure does not speak of an earlier request to end it', () => {
    expect(summary({}, { reason: 'maintenance' })).not.toContain('maintenance');
  });

  test.each(REASONS)('%s has a next step of its own: one sentence, to be read after "Next:"', (reason) => {
    expect(nextStep(reason)).toMatch(/^[a-z][^.]*(?:\.[a-z][^.]*)*\.$/i);
    expect(REASONS.filter((other) => nextStep(other) === nextStep(reason))).toEqual([reason]);
    expect(summary({ reason }).endsWith(` Next: ${nextStep(reason)}`)).toBe(true);
  });

  test('is never over its limit and always ends with the whole next step, however long the rest is', () => {
    const maybe = fc.option(text(2000), { nil: undefined });
    fc.assert(
      fc.property(text(6000), maybe, maybe, maybe, text(3000), (message, task, step, what, id) => {
        const spec = { ...SPEC, workflowRef: { ...SPEC.workflowRef, workflowId: id }, targetResource: id };
        const place = {
          ...(task !== undefined && { failedTaskName: task }),
          ...(step !== undefined && { failedStepName: step }),
        };
        const words = what === undefined ? {} : { words: { what } };
        const told = explain({ spec }, { ...CAUSE, message, ...place, ...words }, minute(5)).naturalLanguageSummary;
        expect(jsonBytes(told)).toBeLessThanOrEqual(TEXT_LIMITS.summary);
        expect(told.endsWith(` Next: ${nextStep('TaskFailed')}`)).toBe(true);
      }),
    );
  });

  test('a message that must give way keeps its beginning', () => {
    expect(summary({ message: 'm'.repeat(5000) })).toMatch(
      /Cause \(TaskFailed\): m{300,} …\[cut: 1024|Cause \(TaskFailed\): m{300,}/,
    );
  });
});
