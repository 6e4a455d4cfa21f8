import type { FailureReason } from '#execution';
import type { Mutable } from './edited.ts';
import { Edited } from './edited.ts';

const failedAt = (edited: Edited, task: string, time: string): Edited => {
  edited.task(task).status.completionTime = time;
  return edited;
};

describe('retried tasks', () => {
  /** The recorded run failed twice and then succeeded; here the third attempt fails like the first. */
  const outOfRetries = (): Edited => {
    const edited = new Edited('retries-ok').runSays(
      'Failed',
      'Tasks Completed: 1 (Failed: 1, Cancelled 0), Skipped: 0',
    );
    const { status } = edited.task('work');
    const [first] = status.retriesStatus as Mutable[];
    status.steps = structuredClone(first!.steps);
    edited.taskSays('work', 'StepFailed', first!.conditions[0].message as string);
    return edited;
  };

  test('the last attempt is the cause, and the attempts are told', () => {
    expect(outOfRetries().failure()).toMatchObject({
      reason: 'TaskFailed',
      failedStepName: 'main',
      exitCode: 1,
      wasExecutionFailure: true,
      words: { what: 'The task failed after 3 attempts.' },
    });
  });

  test('steps of an earlier attempt ran, also when the last attempt never started', () => {
    const edited = outOfRetries()
      .withoutPod('work')
      .taskSays('work', 'PodCreationFailed', 'pods "x" is forbidden: exceeded quota: q');
    expect(edited.failure()).toMatchObject({ reason: 'ResourceExhausted', wasExecutionFailure: true });
    edited.task('work').status.retriesStatus = [];
    expect(edited.failure().wasExecutionFailure).toBe(false);
  });

  test('between two attempts nothing has failed yet', () => {
    const edited = new Edited('retries-ok')
      .runSays('Running', '', 'Unknown')
      .taskSays('work', 'ToBeRetried', '', 'Unknown');
    expect(edited.observed().failure).toBeUndefined();
  });
});

describe('onError: continue', () => {
  test('a step that was allowed to fail is not the failed step, whatever comes after', () => {
    const edited = new Edited('onerror-step').runSays('Failed').taskSays('work', 'StepFailed');
    Object.assign(edited.stepOf('work', 1), { terminationReason: 'Error' });
    Object.assign(edited.stepOf('work', 1).terminated, { exitCode: 7, reason: 'Error' });
    expect(edited.failure()).toMatchObject({ failedStepName: 'post', exitCode: 7 });
  });

  test('a task whose failure is ignored leaves the run succeeded', () => {
    const edited = new Edited('fail-exit1').taskSays('work', 'FailureIgnored');
    edited.runSays('Completed', 'Tasks Completed: 2 (Failed: 1 (Ignored: 1), Cancelled 0), Skipped: 1', 'True');
    expect(edited.observed()).toMatchObject({
      outcome: 'Succeeded',
      tasks: [{ state: 'FailureIgnored' }, { state: 'Succeeded' }],
    });
    expect(edited.observed().failure).toBeUndefined();
  });

  test('of an ignored failure and a real one, the real one is the cause although it came later', () => {
    const edited = new Edited('cancelfinally-after-failure')
      .taskSays('a', 'FailureIgnored')
      .taskSays('b', 'StepFailed');
    expect(edited.failure().failedTaskName).toBe('b');
  });
});

describe('several failed tasks', () => {
  const both = (): Edited => new Edited('cancelfinally-after-failure').taskSays('b', 'StepFailed');

  test('the first to fail is the cause, the others are told', () => {
    expect(both().failure()).toMatchObject({ failedTaskName: 'a', words: { what: 'Also failed: b.' } });
    expect(failedAt(both(), 'b', '2026-11-20T00:00:00Z').failure()).toMatchObject({
      failedTaskName: 'b',
      words: { what: 'Also failed: a.' },
    });
  });

  test("within one second, Tekton's finest, the run's own order decides", () => {
    const tie = failedAt(both(), 'b', both().task('a').status.completionTime as string);
    expect(tie.failure().failedTaskName).toBe('a');
    (tie.run.status.childReferences as Mutable[]).reverse();
    expect(tie.failure().failedTaskName).toBe('b');
  });

  test('times are compared as times, not as texts', () => {
    expect(failedAt(both(), 'b', '2026-11-21T01:17:48+01:00').failure().failedTaskName).toBe('b');
  });

  test('more than three others are counted', () => {
    const edited = both();
    for (const name of ['c1', 'c2', 'c3', 'c4']) failedAt(edited, 'b', '2026-11-21T00:17:59Z').another('b', name);
    expect(edited.failure().words?.what).toBe('Also failed: b, c1, c2 and 2 more.');
  });

  test('a task that failed comes before one that was cancelled because of it', () => {
    const edited = failedAt(new Edited('cancelfinally-after-failure'), 'b', '2026-11-20T00:00:00Z');
    expect(edited.failure()).toMatchObject({ reason: 'TaskFailed', failedTaskName: 'a' });
  });
});

describe('finally tasks', () => {
  test('one that fails alone is the cause', () => {
    const edited = new Edited('ok-inline')
      .runSays('Failed')
      .taskSays('cleanup', 'StepFailed', '"step-main" exited with code 4: Error');
    Object.assign(edited.stepOf('cleanup', 0), { terminationReason: 'Error' });
    Object.assign(edited.stepOf('cleanup', 0).terminated, { exitCode: 4, reason: 'Error' });
    expect(edited.failure()).toMatchObject({
      reason: 'TaskFailed',
      failedTaskName: 'cleanup',
      failedTaskIndex: 2,
      exitCode: 4,
    });
  });

  test('one that fails after a task, even within the same second, is not', () => {
    const edited = failedAt(new Edited('fail-exit1'), 'cleanup', '2026-11-20T23:36:32Z').taskSays(
      'cleanup',
      'StepFailed',
    );
    expect(edited.failure()).toMatchObject({ failedTaskName: 'work', words: { what: 'Also failed: cleanup.' } });
  });

  test('one that fails after a graceful cancellation makes the run Failed, and is the cause', () => {
    const edited = new Edited('cancelled-run-finally').runSays('Failed').taskSays('cleanup', 'StepFailed');
    expect(edited.observed()).toMatchObject({
      outcome: 'Failed',
      failure: { reason: 'TaskFailed', failedTaskName: 'cleanup' },
    });
  });

  test('one that fails after the time limit has cut a task is not why time ran out', () => {
    const edited = new Edited('cancelled-run-finally').taskSays('cleanup', 'StepFailed');
    edited.runSays('PipelineRunTimeout', 'PipelineRun "x" failed due to tasks failed to finish within "4s"');
    expect(edited.failure()).toMatchObject({ reason: 'DeadlineExceeded', failedTaskName: 'work' });
  });
});

describe('a matrix', () => {
  test('the task run that failed is named beside the task, and each has its own place', () => {
    const edited = new Edited('fail-exit1');
    const second = edited.another('work', 'work', 'work-1');
    second.status.completionTime = '2026-11-20T23:36:31Z';
    edited.run.status.pipelineSpec.tasks[0].matrix = { params: [] };
    expect(edited.failure()).toMatchObject({
      failedTaskName: 'work',
      failedTaskRunName: 'fail-exit1-work-1',
      failedTaskIndex: 2,
      words: { what: expect.stringContaining('It was fail-exit1-work-1, one of 2 task runs of that task.') },
    });
  });
});

describe('parameters', () => {
  test.each([
    ['param-missing', '[count]', 'add parameter count to spec.parameters'],
    ['inline-param-missing', '[need]', 'add parameter need to spec.parameters'],
    ['param-missing', '[count size]', 'add parameters count, size to spec.parameters'],
  ])('%s of %s: the summary says what to add', (scenario, list, next) => {
    const edited = new Edited(scenario);
    const { message } = edited.run.status.conditions[0] as { message: string };
    edited.runSays('ParameterMissing', message.replace(/\[[^\]]*\]$/, list));
    expect(edited.failure().words?.next).toContain(next);
  });

  test('a list that cannot be read leaves the general advice', () => {
    expect(new Edited('param-missing').runSays('ParameterMissing', 'something else').failure().words?.next).toMatch(
      /as the workflow declares/,
    );
  });
});

describe('bundle and registry', () => {
  const REGISTRY =
    'resolver failed to get Pipeline : error requesting remote resource: error getting "bundleresolver" "jobs/b":';

  test.each<[string, FailureReason]>([
    [
      'cannot retrieve the oci image: Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
      'ImagePullBackOff',
    ],
    ['cannot retrieve the oci image: GET https://r/token: UNAUTHORIZED: authentication required', 'ImagePullBackOff'],
    ['could not find object in image with kind: pipeline and name: nope', 'ConfigurationError'],
  ])('%s: %s', (words, reason) => {
    expect(
      new Edited('bundle-no-such-tag').runSays('CouldntGetPipeline', `${REGISTRY} ${words}`).failure().reason,
    ).toBe(reason);
  });

  test('the image of the bundle and the image of a step get different advice under the same reason', () => {
    expect(new Edited('bundle-no-such-tag').failure().words?.next).toContain('workflowRef.containerImage');
    expect(new Edited('image-pull').failure().words?.next).toContain("step's image");
  });

  test('a task whose reference cannot be resolved is judged like the pipeline', () => {
    const edited = new Edited('fail-oom').withoutPod('work');
    const reasonOf = (words: string) =>
      edited.taskSays('work', 'TaskRunResolutionFailed', `${REGISTRY} ${words}`).failure().reason;
    expect(reasonOf('cannot retrieve the oci image: no such host')).toBe('ImagePullBackOff');
    expect(reasonOf('invalid tekton bundle')).toBe('ConfigurationError');
  });
});

describe('a pod or claim that the API server refuses', () => {
  test.each<[string, string, FailureReason, string]>([
    [
      'PodCreationFailed',
      'pods "x" is forbidden: exceeded quota: q, requested: pods=1',
      'ResourceExhausted',
      'ResourceQuota',
    ],
    [
      'PodCreationFailed',
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": privileged',
      'Forbidden',
      'pod security',
    ],
    [
      'PodAdmissionFailed',
      'pods "x" is forbidden: violates PodSecurity "restricted:latest": privileged',
      'Forbidden',
      'pod security',
    ],
    [
      'PodAdmissionFailed',
      'pods "x" is forbidden: unable to validate against any security context constraint',
      'Forbidden',
      'pod security',
    ],
    ['PodAdmissionFailed', 'something new', 'Forbidden', ''],
    [
      'PodCreationFailed',
      'translating TaskSpec to Pod: serviceaccounts "nope" not found',
      'ConfigurationError',
      'service account',
    ],
    [
      'PodCreationFailed',
      'pods "x" is forbidden: error looking up service account jobs/nope: serviceaccount "nope" not found',
      'ConfigurationError',
      'service account',
    ],
    ['PodCreationFailed', 'admission webhook "policy.example.test" denied the request: no', 'Forbidden', 'policy'],
    [
      'PodCreationFailed',
      "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no",
      'Forbidden',
      'policy',
    ],
    [
      'PodCreationFailed',
      'pods "x" is forbidden: User "sa" cannot create resource "pods"',
      'Forbidden',
      'execution namespace',
    ],
    [
      'PodCreationFailed',
      'Internal error occurred: failed calling webhook "x.example.test": EOF',
      'Unknown',
      'webhook',
    ],
    [
      'PodCreationFailed',
      'failed to create task run pod "x": non-existent variable in "$(params.x)"',
      'ConfigurationError',
      'parameter value',
    ],
    ['PodCreationFailed', 'spec.containers[0].image: Required value', 'ConfigurationError', ''],
    ['PodCreationFailed', 'the forbiddenness of it', 'ConfigurationError', ''],
  ])('%s, %s: %s', (taskReason, message, reason, next) => {
    const edited = new Edited('quota').runSays('Failed').withoutPod('work').taskSays('work', taskReason, message);
    expect(edited.failure()).toMatchObject({ reason, message, failedTaskName: 'work', wasExecutionFailure: false });
    expect(edited.failure().words?.next ?? '').toContain(next);
  });

  test.each(['CouldntCreateWorkspacePVC', 'ReasonCouldntCreateOrUpdateAffinityAssistantStatefulSet'])(
    '%s of a run is judged by the same words',
    (reason) => {
      const reasonOf = (message: string) => new Edited('param-missing').runSays(reason, message).failure().reason;
      expect(reasonOf('persistentvolumeclaims "x" is forbidden: exceeded quota: q')).toBe('ResourceExhausted');
      expect(reasonOf('persistentvolumeclaims is forbidden: User "x" cannot create')).toBe('Forbidden');
      expect(reasonOf('storageclass "nope" not found')).toBe('ConfigurationError');
    },
  );
});

describe('containers that cannot start', () => {
  test('what the kubelet says of them is part of the message', () => {
    expect(new Edited('v1.9-config-error').failure().message).toBe(
      'Failed to create pod due to config error: secret "nope" not found',
    );
  });

  test.each([
    ['StartError', 'StepFailed'],
    ['StartError', 'Failed'],
    ['ContainerCannotRun', 'Failed'],
  ])('%s under %s: the step is the failed one and did not run', (reason, taskReason) => {
    const edited = new Edited('fail-exit1-bundle').withoutPod('cleanup').taskSays('work', taskReason);
    const { status } = edited.task('work');
    status.steps = [{ ...edited.stepOf('work', 1), terminationReason: undefined }];
    Object.assign(edited.stepOf('work', 0).terminated, { reason, exitCode: 128 });
    expect(edited.failure()).toMatchObject({
      reason: 'ConfigurationError',
      failedStepName: 'main',
      exitCode: 128,
      wasExecutionFailure: false,
    });
  });
});

describe('a failed step', () => {
  test('has its log, and where that is', () => {
    expect(new Edited('fail-exit1').failure().words?.next).toContain(
      'kubectl logs fail-exit1-work-pod -c step-prepare',
    );
  });

  test('whose container was killed from outside is not sent to its log, and one killed within is', () => {
    const edited = new Edited('v1.9-pod-deleted');
    expect(edited.failure().words?.next).toContain('find out what killed pod pod-deleted-work-pod');
    edited.stepOf('work', 0).terminationReason = 'Error';
    expect(edited.failure().words?.next).toContain('kubectl logs');
  });
});

test.each(['bundle-bad-cache', 'resolver-unknown', 'cancelfinally-resolving'])(
  '%s: where the cause is open, the advice names all that it can be',
  (scenario) => {
    expect(new Edited(scenario).failure().words?.next).toMatch(
      /resolvers run.*installed and switched on.*registry answers/,
    );
  },
);
