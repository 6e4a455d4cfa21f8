import type { FailureReason } from '#execution';
import { RUN_CAUSES } from '../src/run-causes.ts';
import { TASK_CAUSES } from '../src/task-causes.ts';
import { Edited } from './edited.ts';

/** Condition reasons of a PipelineRun (facts page, section 7), copied. */
const RUN_UNKNOWN = [
  'Running',
  'ResolvingPipelineRef',
  'ResolvingTaskRef',
  'PipelineRunPending',
  'PipelineRunStopping',
  'CancelledRunningFinally',
  'StoppedRunningFinally',
  'PipelineRunTimeoutRunningFinally',
  'PipelineRunCouldntCancel',
  'PipelineRunCouldntTimeOut',
  'Pending',
  'Started',
];
const RUN_TRUE = ['Succeeded', 'Completed'];

/** With the run's own message as the cause, given a message that says nothing more. */
const RUN_FALSE: Readonly<Record<string, FailureReason>> = {
  CouldntGetPipeline: 'ConfigurationError',
  CouldntGetTask: 'ConfigurationError',
  PipelineValidationFailed: 'ConfigurationError',
  ParameterMissing: 'ConfigurationError',
  ParameterTypeMismatch: 'ConfigurationError',
  ObjectParameterMissKeys: 'ConfigurationError',
  ParamArrayIndexingInvalid: 'ConfigurationError',
  InvalidParamValue: 'ConfigurationError',
  InvalidMatrixParameterTypes: 'ConfigurationError',
  InvalidWorkspaceBindings: 'ConfigurationError',
  RequiredWorkspaceMarkedOptional: 'ConfigurationError',
  InvalidTaskRunSpecs: 'ConfigurationError',
  PipelineInvalidGraph: 'ConfigurationError',
  InvalidTaskResultReference: 'ConfigurationError',
  InvalidPipelineResultReference: 'ConfigurationError',
  CELEvaluationFailed: 'ConfigurationError',
  InvalidPipelineResourceBindings: 'ConfigurationError',
  CouldntGetPipelineResult: 'ConfigurationError',
  CreateRunFailed: 'ConfigurationError',
  ResourceVerificationFailed: 'Forbidden',
  CouldntCreateWorkspacePVC: 'ConfigurationError',
  ReasonCouldntCreateOrUpdateAffinityAssistantStatefulSet: 'ConfigurationError',
};

/** Condition reasons of a TaskRun (facts page, section 8), copied. */
const TASK_UNKNOWN = [
  'Pending',
  'Running',
  'ToBeRetried',
  'ResolvingTaskRef',
  'ResolvingStepActionRef',
  'PullImageFailed',
  'ExceededNodeResources',
  'ExceededResourceQuota',
  'TaskRunPending',
  'Started',
];

/** For a task run with steps that ran and ended well, and a message that says nothing more. */
const TASK_FALSE: Readonly<Record<string, FailureReason>> = {
  StepFailed: 'TaskFailed',
  StepOOM: 'OOMKilled',
  SidecarFailed: 'TaskFailed',
  SidecarOOM: 'OOMKilled',
  InitContainerFailed: 'TaskFailed',
  InitContainerOOM: 'OOMKilled',
  PodEvicted: 'ResourceExhausted',
  Failed: 'TaskFailed',
  TaskRunTimeout: 'DeadlineExceeded',
  TaskRunCancelled: 'Cancelled',
  TaskRunImagePullFailed: 'ImagePullBackOff',
  CreateContainerConfigError: 'ConfigurationError',
  PodCreationFailed: 'ConfigurationError',
  PodAdmissionFailed: 'Forbidden',
  TaskRunResolutionFailed: 'ConfigurationError',
  TaskRunValidationFailed: 'ConfigurationError',
  TaskValidationFailed: 'ConfigurationError',
  TaskRunResultLargerThanAllowedLimit: 'TaskFailed',
  InvalidParamValue: 'ConfigurationError',
  ResourceVerificationFailed: 'Forbidden',
  TaskRunStopSidecarFailed: 'Unknown',
  CouldntCreateWorkspacePVC: 'ConfigurationError',
};

const SAYS_NOTHING = 'it did not work';

/** A run of one task run whose steps ran and ended well. */
const run = (): Edited => new Edited('pending').runSays('Failed', SAYS_NOTHING);

describe('every condition reason of a PipelineRun has a verdict', () => {
  test.each(RUN_UNKNOWN)('Unknown/%s is no end', (reason) => {
    const { outcome, failure } = run().runSays(reason, '', 'Unknown').observed();
    expect([outcome, failure]).toEqual([undefined, undefined]);
  });

  test.each(RUN_TRUE)('True/%s is success', (reason) => {
    const { outcome, failure } = run().runSays(reason, '', 'True').observed();
    expect([outcome, failure]).toEqual(['Succeeded', undefined]);
  });

  test.each(Object.entries(RUN_FALSE))('False/%s is %s, and no task is blamed', (runReason, reason) => {
    const failed = run().taskSays('work', 'StepFailed').runSays(runReason);
    expect(failed.observed().outcome).toBe('Failed');
    expect(failed.failure()).toMatchObject({ reason, message: SAYS_NOTHING });
    expect(failed.failure().failedTaskName).toBeUndefined();
  });

  test.each([
    ['Failed', 'Failed', 'TaskFailed'],
    ['PipelineRunTimeout', 'TimedOut', 'DeadlineExceeded'],
    ['Cancelled', 'Cancelled', 'Cancelled'],
  ])('False/%s is an end %s, %s', (runReason, outcome, reason) => {
    expect(run().runSays(runReason).observed()).toMatchObject({ outcome, failure: { reason } });
  });

  test('the table in the code knows no other and no fewer, but for one older spelling', () => {
    const older = 'CouldntCreateOrUpdateAffinityAssistantStatefulSet';
    expect(Object.keys(RUN_CAUSES).sort()).toEqual([...Object.keys(RUN_FALSE), older].sort());
  });

  test('a reason nobody knows yet is Unknown, or what the task that failed says', () => {
    expect(run().runSays('TasksWentWrong').failure().reason).toBe('Unknown');
    expect(run().runSays('TasksWentWrong').taskSays('work', 'PodEvicted').failure()).toMatchObject({
      reason: 'ResourceExhausted',
      failedTaskName: 'work',
    });
    expect(run().runSays('TasksWentWrong').taskSays('work', 'TaskRunCancelled').failure().reason).toBe('Unknown');
  });

  test.each(['toString', 'constructor', '__proto__'])(
    '%s is a reason nobody knows, not a property of a table',
    (reason) => {
      expect(run().runSays(reason).failure().reason).toBe('Unknown');
      expect(run().taskSays('work', reason, SAYS_NOTHING).failure().reason).toBe('TaskFailed');
      const blocked = new Edited('quota').taskSays('work', 'TaskRunCancelled', `x\nPrevious status: [${reason}] y`);
      expect(blocked.failure().reason).toBe('DeadlineExceeded');
    },
  );
});

describe('every condition reason of a TaskRun has a verdict', () => {
  test.each(TASK_UNKNOWN)('Unknown/%s is no end', (reason) => {
    const [task] = run().runSays('Running', '', 'Unknown').taskSays('work', reason, '', 'Unknown').observed().tasks;
    expect(['Pending', 'Running']).toContain(task?.state);
  });

  test.each(Object.entries(TASK_FALSE))('False/%s is %s', (taskReason, reason) => {
    const failure = run().taskSays('work', taskReason, SAYS_NOTHING).failure();
    expect(failure).toMatchObject({ reason, message: SAYS_NOTHING, failedTaskName: 'work' });
  });

  test('False/FailureIgnored is no failure', () => {
    const { tasks, failure } = run().taskSays('work', 'FailureIgnored').observed();
    expect([tasks[0]?.state, failure?.failedTaskName]).toEqual(['FailureIgnored', undefined]);
  });

  test('the table in the code knows no other and no fewer', () => {
    expect(Object.keys(TASK_CAUSES).sort()).toEqual(Object.keys(TASK_FALSE).sort());
  });

  test('a reason nobody knows yet is judged by the steps', () => {
    expect(run().taskSays('work', 'BrandNew', SAYS_NOTHING).failure().reason).toBe('TaskFailed');
    expect(run().withoutPod('work').taskSays('work', 'BrandNew', SAYS_NOTHING).failure().reason).toBe('Unknown');
    expect(new Edited('fail-oom').taskSays('work', 'BrandNew', SAYS_NOTHING).failure().reason).toBe('OOMKilled');
  });
});

describe('words are whole words', () => {
  test.each([
    'the chatroom was OOMKilled in conversation',
    'step says: "x" exited with code 137: OOMKilled, it said',
    'it said "x" exited with code 137: OOMKilled',
    'nodes were lowly on resources, podwasevicted',
    'init container failedover, all is well',
  ])('%s', (message) => {
    expect(run().taskSays('work', 'Failed', message).failure().reason).toBe('TaskFailed');
  });

  test.each(['unforbidden fruit', 'exceeded quotation', 'serviceaccounts nope'])('%s', (message) => {
    expect(run().taskSays('work', 'PodCreationFailed', message).failure().words).toBeUndefined();
  });
});
