import { observe } from '#tekton';
import type { FailureReason, RunOutcome } from '#execution';
import { capturedRun, capturedTaskRuns, hasMoment, SCENARIOS } from './captures.ts';

interface Expected {
  readonly outcome?: RunOutcome;
  /** Tasks of the resolved pipeline. */
  readonly total?: number;
  /** `task state[#attempt]` in the run's order. */
  readonly tasks?: readonly string[];
  readonly reason?: FailureReason;
  /** `task/step exit N`, as far as they are known. */
  readonly at?: string;
  readonly ran?: boolean;
}

const succeeded = (total: number, ...tasks: string[]): Expected => ({ outcome: 'Succeeded', total, tasks });
const refused = (reason: FailureReason, total?: number): Expected => ({
  outcome: 'Failed',
  ...(total !== undefined && { total }),
  reason,
  ran: false,
});
const threeTasks = succeeded(3, 'work Succeeded', 'report Succeeded', 'cleanup Succeeded');
const oneTask = succeeded(1, 'work Succeeded');

/** Read off the recorded objects by hand: what a person who knows Tekton would say happened. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  'bad-taskrunspec': refused('ConfigurationError', 1),
  'born-cancelled': { outcome: 'Cancelled', reason: 'Cancelled', ran: false },
  'bundle-21-layers': refused('ConfigurationError'),
  'bundle-bad-cache': refused('ConfigurationError'),
  // Every task succeeded, so steps ran; the promised pipeline result is missing.
  'bundle-bad-sa': {
    outcome: 'Failed',
    total: 3,
    tasks: ['work Succeeded', 'cleanup Succeeded'],
    reason: 'ConfigurationError',
    ran: true,
  },
  'bundle-bad-secret': {
    outcome: 'Failed',
    total: 3,
    tasks: ['work Succeeded', 'cleanup Succeeded'],
    reason: 'ConfigurationError',
    ran: true,
  },
  'bundle-invalid-pipeline': refused('ConfigurationError'),
  'bundle-kind-default': refused('ConfigurationError'),
  'bundle-no-annotation': refused('ConfigurationError'),
  'bundle-no-such-object': refused('ConfigurationError'),
  // The registry has no such manifest: the bundle image cannot be pulled.
  'bundle-no-such-tag': refused('ImagePullBackOff'),
  'bundle-not-tekton': refused('ConfigurationError'),
  'bundle-param-missing': refused('ConfigurationError'),
  'bundle-raw-layer': oneTask,
  'bundle-task-as-pipeline': refused('ConfigurationError'),
  'bundle-unknown-field': refused('ConfigurationError'),
  'bundle-upper-kind': refused('ConfigurationError'),
  'cancel-resolving': { outcome: 'Cancelled', reason: 'Cancelled', ran: false },
  // a failed before the cancellation: the run itself says Failed.
  'cancelfinally-after-failure': {
    outcome: 'Failed',
    total: 4,
    tasks: ['a Failed', 'b Cancelled', 'fin Succeeded'],
    reason: 'TaskFailed',
    at: 'a/main exit 2',
    ran: true,
  },
  'cancelfinally-resolving': refused('ConfigurationError'),
  'cancelled-run-finally': {
    outcome: 'Cancelled',
    total: 2,
    tasks: ['work Cancelled', 'cleanup Succeeded'],
    reason: 'Cancelled',
    at: 'work/main',
    ran: true,
  },
  cancelled: {
    outcome: 'Cancelled',
    total: 2,
    tasks: ['work Cancelled'],
    reason: 'Cancelled',
    at: 'work/main',
    ran: true,
  },
  'cluster-resolver': oneTask,
  // Deleted while it ran: the last state a watcher sees is no end.
  'deleted-running': { total: 1, tasks: ['work Running'] },
  'fail-exit1-bundle': {
    outcome: 'Failed',
    total: 3,
    tasks: ['work Failed', 'cleanup Succeeded'],
    reason: 'TaskFailed',
    at: 'work/main exit 3',
    ran: true,
  },
  // main also reports exit code 1, but was skipped because prepare failed.
  'fail-exit1': {
    outcome: 'Failed',
    total: 3,
    tasks: ['work Failed', 'cleanup Succeeded'],
    reason: 'TaskFailed',
    at: 'work/prepare exit 1',
    ran: true,
  },
  'fail-oom': {
    outcome: 'Failed',
    total: 1,
    tasks: ['work Failed'],
    reason: 'OOMKilled',
    at: 'work/main exit 137',
    ran: true,
  },
  'hook-down-live': oneTask,
  // The steps' exit code 1 is Tekton's invention; no container ever started.
  'image-pull': {
    outcome: 'Failed',
    total: 1,
    tasks: ['work Failed'],
    reason: 'ImagePullBackOff',
    at: 'work/main',
    ran: false,
  },
  'inline-param-missing': refused('ConfigurationError', 1),
  'long-name': succeeded(1, 'work-with-a-rather-long-task-name Succeeded'),
  'managed-elsewhere': {},
  'name-reuse': oneTask,
  'no-timeout': oneTask,
  'ok-bundle-cached': threeTasks,
  'ok-bundle-digest': threeTasks,
  'ok-bundle-tag': threeTasks,
  'ok-inline': threeTasks,
  'onerror-step': oneTask,
  'param-extra': threeTasks,
  'param-missing': refused('ConfigurationError', 1),
  pending: oneTask,
  'pending-cancelled': { outcome: 'Cancelled', reason: 'Cancelled', ran: false },
  'pipeline-not-found': refused('ConfigurationError'),
  // The task run was revived after the run had failed for good; its end is no longer in any object.
  'pod-deleted': { outcome: 'Failed', total: 1, tasks: ['work Running'], reason: 'TaskFailed', at: 'work', ran: true },
  'privileged-allowed': oneTask,
  // Timed out because the quota never let the pod be created.
  quota: {
    outcome: 'TimedOut',
    total: 1,
    tasks: ['work Cancelled'],
    reason: 'ResourceExhausted',
    at: 'work',
    ran: false,
  },
  'resolver-unknown': refused('ConfigurationError'),
  'retries-ok': succeeded(1, 'work Succeeded#3'),
  sidecar: oneTask,
  'stopped-run-finally': {
    outcome: 'Cancelled',
    total: 3,
    tasks: ['work Succeeded', 'cleanup Succeeded'],
    reason: 'Cancelled',
    ran: true,
  },
  'substitution-ok': oneTask,
  'task-not-found': refused('ConfigurationError', 1),
  'taskref-bundle': succeeded(2, 'a Succeeded', 'b Succeeded'),
  'timeout-pipeline': {
    outcome: 'TimedOut',
    total: 1,
    tasks: ['work Cancelled'],
    reason: 'DeadlineExceeded',
    at: 'work/main',
    ran: true,
  },
  // The task's own limit: Tekton calls the run plainly failed.
  'timeout-task': {
    outcome: 'Failed',
    total: 1,
    tasks: ['work Failed'],
    reason: 'DeadlineExceeded',
    at: 'work/main',
    ran: true,
  },
  'timeouts-pipeline-2h': oneTask,
  'timeouts-tasks-2h': oneTask,
  'v1.9-cancelled': {
    outcome: 'Cancelled',
    total: 1,
    tasks: ['work Cancelled'],
    reason: 'Cancelled',
    at: 'work/main',
    ran: true,
  },
  'v1.9-config-error': {
    outcome: 'Failed',
    total: 1,
    tasks: ['work Failed'],
    reason: 'ConfigurationError',
    at: 'work/main',
    ran: false,
  },
  'v1.9-fail-evicted': {
    outcome: 'Failed',
    total: 1,
    tasks: ['work Failed'],
    reason: 'ResourceExhausted',
    at: 'work/main exit 137',
    ran: true,
  },
  'v1.9-fail-exit1': {
    outcome: 'Failed',
    total: 1,
    tasks: ['work Failed'],
    reason: 'TaskFailed',
    at: 'work/main exit 1',
    ran: true,
  },
  'v1.9-ok-bundle': oneTask,
  'v1.9-pod-deleted': {
    outcome: 'Failed',
    total: 1,
    tasks: ['work Failed'],
    reason: 'TaskFailed',
    at: 'work/main exit 137',
    ran: true,
  },
  'v1.9-timeout-pipeline': {
    outcome: 'TimedOut',
    total: 1,
    tasks: ['work Cancelled'],
    reason: 'DeadlineExceeded',
    at: 'work/main',
    ran: true,
  },
  'v1.9-timeouts-tasks-2h': oneTask,
  'volume-claim': oneTask,
  'workspace-extra': oneTask,
};

function summaryOf(scenario: string, moment = 'final'): Expected {
  const observed = observe(capturedRun(scenario, moment), capturedTaskRuns(scenario, moment));
  const { failure, outcome, totalTasks, tasks } = observed;
  const step = failure?.failedStepName === undefined ? '' : `/${failure.failedStepName}`;
  const exit = failure?.exitCode === undefined ? '' : ` exit ${failure.exitCode}`;
  return {
    ...(outcome !== undefined && { outcome }),
    ...(totalTasks !== undefined && { total: totalTasks }),
    ...(tasks.length > 0 && {
      tasks: tasks.map(
        ({ pipelineTask, state, attempt }) => `${pipelineTask} ${state}${attempt > 1 ? `#${attempt}` : ''}`,
      ),
    }),
    ...(failure !== undefined && { reason: failure.reason, ran: failure.wasExecutionFailure }),
    ...(failure?.failedTaskName !== undefined && { at: `${failure.failedTaskName}${step}${exit}` }),
  };
}

describe('every recorded run is understood', () => {
  test('the table names every recorded scenario', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual([...SCENARIOS].sort());
  });

  test.each(SCENARIOS)('%s: its end', (scenario) => {
    expect(summaryOf(scenario)).toEqual(EXPECTED[scenario]);
  });

  test.each(SCENARIOS)('%s: failure is set exactly when it ended without success, and says when', (scenario) => {
    const { outcome, failure } = observe(capturedRun(scenario, 'final'), capturedTaskRuns(scenario, 'final'));
    expect(failure !== undefined).toBe(outcome !== undefined && outcome !== 'Succeeded');
    if (failure) expect([failure.failedAt, failure.message]).toEqual([expect.any(String), expect.stringMatching(/./)]);
  });

  test.each(SCENARIOS.filter((scenario) => hasMoment(scenario, 'created')))(
    '%s: just created, it has neither condition nor end',
    (scenario) => {
      const { condition, outcome, startTime, tasks } = observe(capturedRun(scenario, 'created'), []);
      expect({ condition, outcome, startTime, tasks }).toEqual({ tasks: [] });
    },
  );

  test.each(SCENARIOS.filter((scenario) => hasMoment(scenario, 'resolving')))(
    '%s: resolving, it has started and not ended',
    (scenario) => {
      const { condition, outcome, startTime, totalTasks } = observe(capturedRun(scenario, 'resolving'), []);
      expect([condition?.status, condition?.reason.startsWith('Resolving'), typeof startTime, outcome]).toEqual([
        'Unknown',
        true,
        'string',
        undefined,
      ]);
      if (condition?.reason === 'ResolvingPipelineRef') expect(totalTasks).toBeUndefined();
    },
  );

  test.each(SCENARIOS.filter((scenario) => hasMoment(scenario, 'running')))(
    '%s: running, its tasks are shown and it has not ended',
    (scenario) => {
      const observed = observe(capturedRun(scenario, 'running'), capturedTaskRuns(scenario, 'running'));
      expect([observed.condition?.status, observed.outcome, observed.failure]).toEqual([
        'Unknown',
        undefined,
        undefined,
      ]);
      expect(observed.totalTasks).toBeGreaterThan(0);
      for (const task of observed.tasks) expect(['Running', 'Pending']).toContain(task.state);
    },
  );
});
