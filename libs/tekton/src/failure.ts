import type { RunFailure } from '#execution';
import { clip, TEXT_LIMITS } from '#execution';
import type { Cause } from './cause.ts';
import { cause } from './cause.ts';
import type { Children } from './children.ts';
import { culpritOf } from './culprit.ts';
import type { Condition } from './read.ts';
import { present } from './read.ts';
import { causeOfRun } from './run-causes.ts';
import type { Run } from './run.ts';
import { blockingCause, causeOfTask } from './task-causes.ts';
import type { TaskRun } from './task-run.ts';
import { endOf } from './task-run.ts';
import { whatHappened } from './words.ts';

/** Why an ended run did not succeed: facts page, "how to find the culprit". */
export function failureOf(run: Run, children: Children): RunFailure | undefined {
  const { condition, outcome } = run;
  if (condition === undefined || outcome === undefined || outcome === 'Succeeded') return undefined;
  const culprit = culpritOf(run, children);
  const { reason, message, next } = verdictOn(run, condition, culprit, children);
  return present({
    reason,
    message: clip(message, TEXT_LIMITS.message),
    failedTaskName: culprit?.task,
    failedTaskRunName: culprit?.name,
    failedTaskIndex: culprit?.index,
    failedStepName: culprit?.failedStep?.name,
    exitCode: culprit?.failedStep?.exitCode,
    failedAt: (culprit && endOf(culprit)) ?? run.completionTime ?? condition.since,
    wasExecutionFailure: mayHaveRun(children),
    words: wordsOf(whatHappened(run, children, culprit), next),
  });
}

/**
 * Tekton says success, and yet it counted a task run that belongs to another run; or it says any end, and that is an
 * earlier run's: nothing of ours may have run. Such an end is not believed.
 */
export function falseEnd(run: Run, children: Children): RunFailure | undefined {
  const isTakenOver = run.outcome === 'Succeeded' && children.foreign.length > 0;
  if (run.outcome === undefined || !(isTakenOver || run.isPredecessors)) return undefined;
  const told = run.outcome === 'Succeeded' ? 'success' : 'an end';
  return present({
    reason: 'ExecutionRaceCondition',
    message: clip(
      `Tekton reported ${told}, but ${adopted(run, children)}: its own tasks did not all run.`,
      TEXT_LIMITS.message,
    ),
    failedAt: run.completionTime,
    wasExecutionFailure: children.unseen > 0 || children.own.some((task) => task.mayHaveRun),
    words: { next: ADOPTED_NEXT },
  });
}

function adopted({ isPredecessors, ref }: Run, { foreign }: Children): string {
  if (foreign.length > 0) return `the run took over task runs of another run (${foreign.join(', ')})`;
  return isPredecessors ? `it gave the run the status of an earlier run of the name ${ref.name}` : '';
}

const ADOPTED_NEXT = 'see that no task runs of earlier runs of this name are left, then create a new execution.';

interface Verdict extends Cause {
  readonly message: string;
}

function verdictOn(run: Run, condition: Condition, culprit: TaskRun | undefined, children: Children): Verdict {
  const { message } = condition;
  switch (run.outcome) {
    case 'Cancelled':
      return { ...cause('Cancelled'), message };
    case 'TimedOut':
      return outOfTime(condition, culprit);
    default:
      return failed(run, condition, culprit, children);
  }
}

/** The limit is the cause, unless a task had failed before it or could never start. */
function outOfTime({ message }: Condition, culprit: TaskRun | undefined): Verdict {
  if (culprit?.state === 'Failed')
    return { ...causeOfTask(culprit), message: `${messageOf(culprit, '')}; then: ${message}` };
  const blocked = culprit && blockingCause(culprit);
  if (blocked) return { ...blocked, message: messageOf(culprit, message) };
  return { ...cause('DeadlineExceeded', TASKS_LIMIT.test(message) ? TASKS_NEXT : PIPELINE_NEXT), message };
}

/** Both limits come from spec.executionConfig.timeout; only the words say which of them it was. */
const TASKS_LIMIT = /\bfailed due to tasks failed to finish within\b/;
const PIPELINE_NEXT =
  'raise spec.executionConfig.timeout (the limit of the whole run), or find out what the last running step waited for.';
const TASKS_NEXT =
  'raise spec.executionConfig.timeout (the tasks have all of it but a share kept for finally tasks), or find out what the last running step waited for.';

function failed(run: Run, condition: Condition, culprit: TaskRun | undefined, children: Children): Verdict {
  const { message } = condition;
  const own = causeOfRun(condition);
  if (own !== undefined) return { ...own, message };
  if (culprit?.state === 'Failed' || culprit?.state === 'Cancelled') {
    return { ...causeOfTask(culprit), message: messageOf(culprit, message) };
  }
  if (culprit !== undefined) return { ...cause('TaskFailed', REVIVED_NEXT), message };
  if (children.foreign.length > 0) {
    return { ...cause('ExecutionRaceCondition', ADOPTED_NEXT), message: `${message}; ${adopted(run, children)}` };
  }
  if (run.skippedTasks.some(({ reason }) => OUT_OF_TIME.test(reason))) {
    return { ...cause('DeadlineExceeded', PIPELINE_NEXT), message };
  }
  return { ...cause(condition.reason === 'Failed' ? 'TaskFailed' : 'Unknown'), message };
}

const REVIVED_NEXT =
  "look at the task's pod: it runs again after its run had failed, and may still be changing the target.";

/** A run also counts as failed when a task was skipped because a time limit had passed. */
const OUT_OF_TIME = /\btimeout has been reached\b/;

/** The task run's words, with what the kubelet says of a container that cannot start. */
function messageOf({ condition, failedStep }: TaskRun, otherwise: string): string {
  const message = condition?.message ?? '';
  const waiting = failedStep?.waitingFor;
  if (message === '') return waiting ?? otherwise;
  return waiting === undefined || message.includes(waiting) ? message : `${message}: ${waiting}`;
}

function wordsOf(what: string, next: string | undefined): RunFailure['words'] {
  const words = { ...(what !== '' && { what }), ...(next !== undefined && { next }) };
  return Object.keys(words).length === 0 ? undefined : words;
}

/** A child that is not seen or not ours may have run: only what was seen not to run is known not to have run. */
const mayHaveRun = ({ own, foreign, unseen }: Children): boolean =>
  unseen > 0 || foreign.length > 0 || own.some((task) => task.mayHaveRun);
