import { conditionsOf } from './conditions.ts';
import type { StatusCondition } from './conditions.ts';
import { unreachable } from './decision.ts';
import { formatDuration } from './duration.ts';
import type { FailureDetails } from './failure.ts';
import type { RunRef } from './spec.ts';
import type { Execution, Finished, Pending, Running } from './state.ts';
import { messageOf } from './status-message.ts';
import { shownCondition, shownFailure, shownHolder, shownSkip } from './status-texts.ts';
import type { ShownHolder, ShownSkip } from './status-texts.ts';

/** The last event a status shows. */
export interface LastEvent {
  readonly revision: number;
  readonly type: string;
  readonly hash: string;
}

/** `status` of a WorkflowExecution (product.md section 3). Constant in size whatever the history. */
export interface ExecutionStatus {
  readonly phase: 'Pending' | 'Running' | 'Completed' | 'Failed' | 'Skipped';
  readonly outcome?: 'Success' | 'Failed' | 'Cancelled' | 'Skipped';
  readonly message: string;
  readonly observedGeneration?: number;
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly duration?: string;
  readonly pipelineRunRef?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
  };
  readonly pipelineRunStatus?: {
    readonly status: string;
    readonly reason: string;
    readonly message: string;
    readonly completedTasks: number;
    readonly totalTasks: number;
  };
  readonly failureDetails?: FailureDetails;
  readonly skipDetails?: ShownSkip;
  readonly lock?: {
    readonly state: 'Waiting' | 'Held' | 'Released';
    readonly holder?: ShownHolder;
    /** End of the cooldown: of this execution's, or of the one it waits for. */
    readonly until?: string;
  };
  readonly execution: { readonly id: string; readonly lastEvent: LastEvent };
  readonly conditions: readonly StatusCondition[];
}

/** What the resource should show for this state; undefined while there is no execution. Pure: audit uses it too. */
export function statusOf(execution: Execution, lastEvent: LastEvent): ExecutionStatus | undefined {
  if (execution.phase === 'Absent') return undefined;
  return {
    ...phaseOf(execution),
    message: messageOf(execution),
    ...(execution.observedGeneration !== undefined && { observedGeneration: execution.observedGeneration }),
    ...runFields(execution),
    ...lockField(execution),
    execution: { id: execution.id, lastEvent },
    conditions: conditionsOf(execution),
  };
}

type Living = Exclude<Execution, { phase: 'Absent' }>;
type PhaseFields = Pick<ExecutionStatus, 'phase' | 'outcome' | 'failureDetails' | 'skipDetails'>;

const PHASE_OF_OUTCOME = { Success: 'Completed', Failed: 'Failed', Cancelled: 'Failed', Skipped: 'Skipped' } as const;

function phaseOf(execution: Living): PhaseFields {
  if (execution.phase !== 'Finished') return { phase: execution.phase };
  const { outcome, failure, skip } = execution;
  return {
    phase: PHASE_OF_OUTCOME[outcome],
    outcome,
    ...(failure && { failureDetails: shownFailure(failure) }),
    ...(skip && { skipDetails: shownSkip(skip) }),
  };
}

function runFields(execution: Living): Partial<ExecutionStatus> {
  switch (execution.phase) {
    case 'Pending':
      return {};
    case 'Running':
      return runningFields(execution);
    case 'Finished':
      return endedFields(execution);
    default:
      return unreachable(execution);
  }
}

function runningFields(execution: Running): Partial<ExecutionStatus> {
  const tasks = Object.values(execution.tasks);
  const { progress } = execution;
  return {
    pipelineRunRef: reference(execution.run),
    ...(progress?.startTime !== undefined && { startTime: progress.startTime }),
    ...(progress && {
      pipelineRunStatus: {
        ...shownCondition(progress.condition),
        completedTasks: tasks.filter((task) => task.state !== 'Started').length,
        totalTasks: progress.totalTasks ?? tasks.length,
      },
    }),
  };
}

function endedFields(execution: Finished): Partial<ExecutionStatus> {
  const run = execution.ended;
  if (run === undefined) return {};
  const { startTime, completionTime, condition, completedTasks, totalTasks } = run;
  const ranMs = startTime && completionTime ? Date.parse(completionTime) - Date.parse(startTime) : undefined;
  return {
    pipelineRunRef: reference(run.ref),
    pipelineRunStatus: { ...shownCondition(condition), completedTasks, totalTasks },
    ...(startTime !== undefined && { startTime }),
    ...(completionTime !== undefined && { completionTime }),
    ...(ranMs !== undefined && Number.isFinite(ranMs) && { duration: formatDuration(ranMs) }),
  };
}

function reference(run: RunRef): NonNullable<ExecutionStatus['pipelineRunRef']> {
  return { apiVersion: 'tekton.dev/v1', kind: 'PipelineRun', namespace: run.namespace, name: run.name, uid: run.uid };
}

function lockField(execution: Living): Pick<ExecutionStatus, 'lock'> {
  switch (execution.phase) {
    case 'Pending':
      return waitingLock(execution);
    case 'Running':
      return { lock: { state: 'Held' } };
    case 'Finished':
      return finishedLock(execution);
    default:
      return unreachable(execution);
  }
}

function waitingLock({ waiting }: Pending): Pick<ExecutionStatus, 'lock'> {
  if (waiting === undefined) return {};
  const { holder } = waiting;
  const until = holder.until === undefined ? {} : { until: holder.until };
  return { lock: { state: 'Waiting', holder: shownHolder(holder), ...until } };
}

function finishedLock({ lock }: Finished): Pick<ExecutionStatus, 'lock'> {
  switch (lock.state) {
    case 'None':
      return {};
    case 'Held':
      return { lock: { state: 'Held', until: lock.until } };
    case 'Releasing':
      return { lock: { state: 'Held' } };
    case 'Released':
      return { lock: { state: 'Released' } };
    default:
      return unreachable(lock);
  }
}
