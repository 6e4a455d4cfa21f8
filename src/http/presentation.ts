import type { Folded } from '#audit';
import { statusOf } from '#execution';
import type { AnswerCode, CommandAnswer, ExecutionRow, ExecutionView } from '#runtime';
import { rowOf } from '#runtime';
import type { ExecutionAnswer, RowAnswer } from './schemas/answers.ts';
import { ProblemError } from './problem.ts';
import type { ProblemCode } from './problem-table.ts';

const CODES: Readonly<Record<AnswerCode, ProblemCode>> = {
  ExecutionUnknown: 'execution-unknown',
  SpecChanged: 'spec-changed',
  RunUnfinished: 'run-unfinished',
  CooldownNotOver: 'cooldown-not-over',
  ExecutionFinished: 'execution-finished',
  IdempotencyKeyReused: 'idempotency-key-reused',
  ResourceExists: 'resource-exists',
};

type Done = Extract<CommandAnswer, { kind: 'Done' }>;

/** The answer when the command was done. @throws ProblemError when it was refused */
export function done(answer: CommandAnswer): Done {
  if (answer.kind === 'Refused') throw new ProblemError(CODES[answer.code], answer.message);
  return answer;
}

export const unknownExecution = (id: string, when = ''): ProblemError =>
  new ProblemError('execution-unknown', `Expected the id of an execution; found ${id}, which is none${when}.`);

export function executionAnswer(view: ExecutionView): ExecutionAnswer {
  const { execution, status, revision, position, updatedAt } = view;
  const { id, resource, entry, spec, redacted, settings, runName, createdAt, cancellation } = execution;
  return {
    executionId: id,
    resource,
    revision,
    position,
    entry,
    spec: spec as unknown as ExecutionAnswer['spec'],
    ...(redacted && { redacted: [...redacted] }),
    settings,
    runName,
    createdAt,
    updatedAt,
    ...(cancellation && { cancellation }),
    status: status as unknown as ExecutionAnswer['status'],
  };
}

/** The state of an execution folded from the log. @throws Error for one that is not there: a bug */
export function foldedAnswer({ id, execution, last }: Folded): ExecutionAnswer {
  const status = last && statusOf(execution, last);
  if (execution.phase === 'Absent' || last === undefined || status === undefined)
    throw new Error(`expected an execution to show, found none of id ${id}`);
  const { revision, position, time } = last;
  return executionAnswer({ execution, status, revision, position, updatedAt: time });
}

/** The list entry of an execution folded from the log. @throws Error for one that is not there: a bug */
export function foldedRow(folded: Folded): RowAnswer {
  const row = rowOf(folded);
  if (row === undefined) throw new Error(`expected an execution to show, found none of id ${folded.id}`);
  return rowAnswer(row);
}

export function rowAnswer(row: ExecutionRow): RowAnswer {
  const { id, namespace, name, phase, outcome, reason, runNamespace, runName, lock, lockUntil } = row;
  const { startTime, completionTime, finishedAt } = row;
  return {
    executionId: id,
    resource: { namespace, name },
    phase,
    ...(outcome !== undefined && { outcome }),
    ...(reason !== undefined && { reason }),
    target: row.target,
    workflowId: row.workflowId,
    workflowVersion: row.workflowVersion,
    remediationRequest: row.remediationRequest,
    run: { namespace: runNamespace, name: runName },
    lock: { state: lock, ...(lockUntil !== undefined && { until: lockUntil }) },
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    ...(startTime !== undefined && { startTime }),
    ...(completionTime !== undefined && { completionTime }),
    ...(finishedAt !== undefined && { finishedAt }),
    revision: row.revision,
  };
}
