import type { Execution, Finished } from '#execution';
import { formatDuration } from '#execution';
import type { ExecutionNamed } from './naming.ts';
import { naming } from './naming.ts';
import { clock, named } from './words.ts';

type Living = Exclude<Execution, { phase: 'Absent' }>;

export type PreflightReason =
  'ResourceBusy' | 'CooldownActive' | 'PreviousExecutionFailed' | 'ExhaustedRetries' | 'ExponentialBackoff';

/** May this workflow run on this target at that moment? The service only answers; the caller decides. */
export interface Preflight {
  readonly allowed: boolean;
  /** Why not. */
  readonly reason?: PreflightReason;
  /** For people: what stands against it, or that nothing does. */
  readonly message: string;
  /** When time alone makes it allowed, as far as is known: then, ISO 8601. */
  readonly until?: string;
  readonly by?: ExecutionNamed;
  /** Of this workflow on this target, newest first, that failed and changed nothing. */
  readonly consecutiveFailures: number;
}

export interface PreflightQuestion {
  readonly target: string;
  readonly workflowId: string;
  /** ISO 8601. */
  readonly at: string;
}

/** So many failures in a row, and a person has to look. */
export const MAX_CONSECUTIVE_FAILURES = 5;
const FIRST_BACKOFF_MS = 60_000;
const LONGEST_BACKOFF_MS = 600_000;

/**
 * The answer, from executions folded at the moment of the question: at least those that have the lock of the target or
 * are to take it, and the recent ones of the workflow on it. Others are looked past, and their order does not matter. Pure.
 *
 * The lock belongs to the target, whatever the workflow: being busy and cooling down are judged for all of them. Failures
 * are those of the workflow on the target: that one remedy does not work is no reason to forbid another, which is also how
 * kubernaut routes. The worst is told first: what time does not mend hides behind nothing but the lock.
 */
export function preflight(question: PreflightQuestion, executions: readonly Execution[]): Preflight {
  const ofTarget = executions.filter((each) => each.phase !== 'Absent').filter((each) => isOnTarget(each, question));
  const verdicts = verdictsOn(question, ofTarget);
  const consecutiveFailures = verdicts.failures.length;
  const obstacle = lockObstacle(ofTarget) ?? failureObstacle(question, verdicts);
  if (obstacle !== undefined) return { allowed: false, ...obstacle, consecutiveFailures };
  const message = `workflow ${named(question.workflowId)} may run on ${named(question.target)}`;
  return { allowed: true, message, consecutiveFailures };
}

/**
 * Whether older executions of the workflow on the target can change nothing of the answer: one of these wipes the slate, or
 * may have changed the target. Pure.
 */
export const isDecisive = (executions: readonly Execution[]): boolean =>
  executions.some((each) => each.phase === 'Finished' && isTelling(each) && !isHarmlessFailure(each));

type Obstacle = Pick<Preflight, 'message' | 'until'> & Required<Pick<Preflight, 'reason' | 'by'>>;

const isOnTarget = ({ spec }: Living, { target }: PreflightQuestion): boolean => spec.targetResource === target;

/** Whoever has the lock, or else whoever was accepted first and is going to take it. */
function lockObstacle(ofTarget: readonly Living[]): Obstacle | undefined {
  const holder = ofTarget.find(hasLock);
  if (holder !== undefined) return heldBy(holder);
  const [first] = ofTarget.filter(isToRun).sort((a, b) => inOrder(a.createdAt, b.createdAt) || inOrder(a.id, b.id));
  if (first === undefined) return undefined;
  return {
    reason: 'ResourceBusy',
    message: `${whose(first)} was accepted and is about to run on it`,
    by: naming(first),
  };
}

const hasLock = (execution: Living): boolean =>
  execution.phase === 'Running' ||
  (execution.phase === 'Finished' && (execution.lock.state === 'Held' || execution.lock.state === 'Releasing'));

/** One that is being cancelled takes no lock any more. */
const isToRun = (execution: Living): boolean => execution.phase === 'Pending' && execution.cancellation === undefined;

function heldBy(holder: Living): Obstacle {
  const by = naming(holder);
  if (holder.phase !== 'Finished' || holder.lock.state !== 'Held') {
    const does = holder.phase === 'Finished' ? 'is giving the lock back' : 'is running on it';
    return { reason: 'ResourceBusy', message: `${whose(holder)} ${does}`, by };
  }
  const { until } = holder.lock;
  const message = `${whose(holder)} has ended and keeps the lock until ${clock(until)}`;
  return { reason: 'CooldownActive', message, until, by };
}

interface Verdicts {
  /** The newest that ended in a way that says something. */
  readonly last?: Finished;
  /** Newest first: those that failed and changed nothing, up to the first that did not. */
  readonly failures: readonly Finished[];
}

function verdictsOn({ workflowId }: PreflightQuestion, ofTarget: readonly Living[]): Verdicts {
  const telling = ofTarget
    .filter((each) => each.spec.workflowRef.workflowId === workflowId)
    .filter((each) => each.phase === 'Finished')
    .filter(isTelling)
    .sort((a, b) => inOrder(b.finishedAt, a.finishedAt) || inOrder(b.id, a.id));
  const end = telling.findIndex((each) => !isHarmlessFailure(each));
  const [last] = telling;
  return { ...(last && { last }), failures: end < 0 ? telling : telling.slice(0, end) };
}

/**
 * A skipped execution, one that lost the race for the lock and one that was cancelled before it did anything say nothing of
 * whether the workflow works on the target: they neither count nor interrupt the count.
 */
function isTelling({ outcome, failure }: Finished): boolean {
  switch (outcome) {
    case 'Success':
      return true;
    case 'Failed':
      return failure?.reason !== 'ExecutionRaceCondition';
    case 'Cancelled':
      return failure?.wasExecutionFailure === true;
    case 'Skipped':
      return false;
  }
}

const mayHaveChanged = ({ outcome, failure }: Finished): boolean =>
  outcome !== 'Success' && failure?.wasExecutionFailure !== false;
const isHarmlessFailure = (execution: Finished): boolean =>
  execution.outcome !== 'Success' && !mayHaveChanged(execution);

function failureObstacle(question: PreflightQuestion, { last, failures }: Verdicts): Obstacle | undefined {
  if (last === undefined || last.outcome === 'Success') return undefined;
  const by = naming(last);
  if (mayHaveChanged(last)) {
    const message = `${whose(last)} did not succeed and may have changed the target: look at it before anything is run again`;
    return { reason: 'PreviousExecutionFailed', message, by };
  }
  if (failures.length >= MAX_CONSECUTIVE_FAILURES) {
    const message = `it failed ${failures.length} times in a row without changing anything, last as ${whose(last)}: find out why first`;
    return { reason: 'ExhaustedRetries', message, by };
  }
  const waitMs = backoffMs(failures.length);
  const untilMs = Date.parse(last.finishedAt) + waitMs;
  if (Date.parse(question.at) >= untilMs) return undefined;
  const until = new Date(untilMs).toISOString();
  const times = failures.length === 1 ? 'it failed' : `it failed ${failures.length} times in a row`;
  const message = `${times} without changing anything, last as ${whose(last)}: wait ${formatDuration(waitMs)}, until ${clock(until)}`;
  return { reason: 'ExponentialBackoff', message, until, by };
}

/** After so many failures in a row: 1, 2, 4, 8, and never more than 10 minutes. */
export const backoffMs = (failures: number): number =>
  Math.min(FIRST_BACKOFF_MS * 2 ** (failures - 1), LONGEST_BACKOFF_MS);

const whose = ({ resource, spec }: Living): string =>
  `${named(`${resource.namespace}/${resource.name}`)} (workflow ${named(spec.workflowRef.workflowId)})`;

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
