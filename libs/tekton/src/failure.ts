import type { FailureReason, RunFailure } from '#execution';
import { clip, TEXT_LIMITS } from '#execution';
import type { Children } from './children.ts';
import type { Condition } from './read.ts';
import { present } from './read.ts';
import { blockingReason, reasonOfRun, reasonOfTask } from './reasons.ts';
import type { Run } from './run.ts';
import type { TaskRun } from './task-run.ts';
import { endOf } from './task-run.ts';

/** Why an ended run did not succeed: facts page, "how to find the culprit". */
export function failureOf(run: Run, children: Children): RunFailure | undefined {
  const { condition, outcome } = run;
  if (condition === undefined || outcome === undefined || outcome === 'Succeeded') return undefined;
  const culprit = culpritOf(run, condition, children.own);
  const verdict = verdictOn(run, condition, culprit);
  return present({
    reason: verdict.reason,
    message: verdict.message,
    failedTaskName: culprit?.task,
    failedTaskRunName: culprit?.name,
    failedTaskIndex: culprit?.index,
    failedStepName: culprit?.failedStep?.name,
    exitCode: culprit?.failedStep?.exitCode,
    failedAt: (culprit && endOf(culprit)) ?? run.completionTime ?? condition.since,
    wasExecutionFailure: mayHaveRun(children),
  });
}

/**
 * Tekton says success, and yet it counted a task run that belongs to another run: nothing of ours may have run.
 * Such a success is not believed.
 */
export function falseSuccess(run: Run, children: Children): RunFailure | undefined {
  if (run.outcome !== 'Succeeded' || children.foreign.length === 0) return undefined;
  const names = children.foreign.join(', ');
  return present({
    reason: 'ExecutionRaceCondition',
    message: clip(
      `Tekton reported success, but the run took over task runs of another run (${names}): its own tasks did not all run.`,
      TEXT_LIMITS.message,
    ),
    failedAt: run.completionTime,
    wasExecutionFailure: children.own.some((task) => task.mayHaveRun),
  });
}

/** Reasons with which a run ends because of its tasks; with any other its own message is the cause. */
const THROUGH_TASKS = new Set(['Failed', 'Cancelled', 'PipelineRunTimeout']);

/**
 * The first task run that failed, one that was not merely cancelled if there is one. When none has failed, but one
 * alone has not ended well, it is that one: a task run can be revived after its run has failed.
 */
function culpritOf(run: Run, condition: Condition, own: readonly TaskRun[]): TaskRun | undefined {
  if (!THROUGH_TASKS.has(condition.reason) && run.outcome === 'Failed') return undefined;
  const failed = own.filter(({ state }) => state === 'Failed').sort(byEnd);
  const cancelled = own.filter(({ state }) => state === 'Cancelled').sort(byEnd);
  const unfinished = own.filter(({ state }) => state === 'Running' || state === 'Pending');
  return failed[0] ?? cancelled[0] ?? (unfinished.length === 1 ? unfinished[0] : undefined);
}

/** Sorting is stable, so tasks that ended within the same second stay in the run's own order. */
const byEnd = (a: TaskRun, b: TaskRun): number => millis(endOf(a)) - millis(endOf(b));
const millis = (time: string | undefined): number => (time === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(time));

interface Verdict {
  readonly reason: FailureReason;
  readonly message: string;
}

function verdictOn(run: Run, condition: Condition, culprit: TaskRun | undefined): Verdict {
  const { message } = condition;
  if (run.outcome === 'Cancelled') return { reason: 'Cancelled', message };
  if (run.outcome === 'TimedOut') {
    const blocked = culprit && blockingReason(culprit);
    return blocked
      ? { reason: blocked, message: messageOf(culprit, message) }
      : { reason: 'DeadlineExceeded', message };
  }
  if (condition.reason !== 'Failed') return { reason: reasonOfRun(condition), message };
  if (culprit === undefined) return { reason: ranOutOfTime(run) ? 'DeadlineExceeded' : 'TaskFailed', message };
  if (culprit.state !== 'Failed' && culprit.state !== 'Cancelled') return { reason: 'TaskFailed', message };
  return { reason: reasonOfTask(culprit), message: messageOf(culprit, message) };
}

const messageOf = (culprit: TaskRun | undefined, otherwise: string): string =>
  culprit?.condition?.message === undefined || culprit.condition.message === '' ? otherwise : culprit.condition.message;

/** A run also counts as failed when a task was skipped because a time limit had passed. */
const ranOutOfTime = (run: Run): boolean =>
  run.skippedTasks.some(({ reason }) => /\btimeout has been reached\b/.test(reason));

/** A child we cannot see may have run: only what was seen not to run is known not to have run. */
const mayHaveRun = ({ own, unseen }: Children): boolean => unseen > 0 || own.some((task) => task.mayHaveRun);
