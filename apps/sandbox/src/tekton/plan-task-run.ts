import { childName } from './child-name.ts';
import { secondsIso } from './seconds-iso.ts';
import { durationMs, formatGoDuration } from './go-duration.ts';
import type { StepStatus, TaskRunObject, TaskRunStatus } from './objects.ts';
import { conditionOf, isDone, NOTES, noted, startedAtMs, transitioned } from './objects.ts';
import type { Frame } from './recording.ts';
import { rendered } from './recording.ts';
import type { Scenario } from './scenarios.ts';
import { scenarioOf } from './scenarios.ts';
import { taskRecording } from './task-recording.ts';

export interface TaskRunPlan {
  readonly status?: TaskRunStatus;
  readonly dueAtMs?: number;
}

/** What becomes of a task run next: the recorded frame that is due, unless it was cancelled or ran out of time. */
export function planTaskRun(taskRun: TaskRunObject, { nowMs, speed, stopMs }: TaskRunMoment): TaskRunPlan {
  const bornMs = startedAtMs(taskRun);
  const reference = taskRun.metadata.annotations?.[NOTES.scenario];
  if (bornMs === undefined || reference === undefined) return {};
  const scenario = scenarioOf(reference);
  const isCancelled = taskRun.spec.status === 'TaskRunCancelled';
  if (isDone(taskRun)) return isCancelled ? {} : revived(taskRun, scenario, { bornMs, nowMs, speed });
  if (isCancelled) return planCancelled(taskRun, nowMs, stopMs);
  const limitMs = durationMs(taskRun.spec.timeout) ?? 0;
  const limitAtMs = limitMs > 0 ? Date.parse(taskRun.status?.startTime ?? '') + limitMs : Number.NaN;
  if (nowMs >= limitAtMs) return { status: timedOut(taskRun, nowMs, limitMs) };
  const plan = played(taskRun, scenario, { bornMs, nowMs, speed });
  return Number.isNaN(limitAtMs) ? plan : { ...plan, dueAtMs: Math.min(plan.dueAtMs ?? limitAtMs, limitAtMs) };
}

export interface TaskRunMoment {
  readonly nowMs: number;
  /** Recorded delays are divided by this. */
  readonly speed: number;
  /** Milliseconds from the cancellation of a task run to its end. */
  readonly stopMs: number;
}

/** The run ends when its task runs have been told to stop; they end some time later. */
function planCancelled(taskRun: TaskRunObject, nowMs: number, stopMs: number): TaskRunPlan {
  const endsAtMs = noted(taskRun, NOTES.cancelledAt) ?? Number.NEGATIVE_INFINITY;
  return nowMs < endsAtMs + stopMs ? { dueAtMs: endsAtMs + stopMs } : { status: cancelled(taskRun, nowMs) };
}

/** A task run that has ended ran out of time, or ended with a frame; it lives again when more frames follow that one. */
function revived(taskRun: TaskRunObject, scenario: Scenario, moment: Moment): TaskRunPlan {
  const condition = conditionOf(taskRun);
  if (condition?.reason === 'TaskRunTimeout') return {};
  const frames = framesOf(taskRun, scenario);
  const ended = frames.findIndex(({ status }) => status.conditions?.[0]?.reason === condition?.reason);
  return ended === -1 || ended === frames.length - 1 ? {} : played(taskRun, scenario, moment);
}

interface Moment {
  readonly bornMs: number;
  readonly nowMs: number;
  readonly speed: number;
}

function played(taskRun: TaskRunObject, scenario: Scenario, { bornMs, nowMs, speed }: Moment): TaskRunPlan {
  const at = (ms: number): number => bornMs + (ms * (scenario.pace ?? 1)) / speed;
  const frames = framesOf(taskRun, scenario);
  const due = frames.filter(({ ms }) => at(ms) <= nowMs);
  const next = frames[due.length];
  const current = due.at(-1);
  return {
    ...(current && { status: withEcho(taskRun, scenario, statusAt(taskRun, current, at)) }),
    ...(next && { dueAtMs: at(next.ms) }),
  };
}

const framesOf = ({ metadata }: TaskRunObject, scenario: Scenario): readonly Frame[] =>
  taskRecording(scenario, metadata.labels?.['tekton.dev/pipelineTask'] ?? '').frames;

function statusAt(taskRun: TaskRunObject, { status }: Frame, at: (ms: number) => number): TaskRunStatus {
  const { name } = taskRun.metadata;
  const { podName, ...rest } = rendered(status, { taskRun: name }, (ms) => secondsIso(at(ms)));
  // The recorded pod name is the task run's with a suffix; a long one would have been cut and hashed.
  return { ...rest, podName: podName ? childName(name, podName.slice(name.length)) : '' };
}

/** Longest result Tekton takes from a step. */
const RESULT_LENGTH = 4096;

function withEcho(taskRun: TaskRunObject, { echo }: Scenario, status: TaskRunStatus): TaskRunStatus {
  if (echo === undefined || status.results === undefined) return status;
  const given = taskRun.spec.params?.find(({ name }) => name === echo.result)?.value;
  const value = typeof given === 'string' ? given.slice(0, RESULT_LENGTH) : JSON.stringify(given ?? '');
  return { ...status, results: [...status.results, { name: echo.result, type: 'string', value }] };
}

/** Conditions whose message Tekton keeps when the task run is stopped: they are why it never started. */
const KEPT = new Set(['ExceededResourceQuota', 'ExceededNodeResources', 'PullImageFailed']);

function cancelled(taskRun: TaskRunObject, nowMs: number): TaskRunStatus {
  const message = `TaskRun "${taskRun.metadata.name}" was cancelled. ${taskRun.spec.statusMessage ?? ''}`.trimEnd();
  return stopped(taskRun, nowMs, 'TaskRunCancelled', message);
}

function timedOut(taskRun: TaskRunObject, nowMs: number, limitMs: number): TaskRunStatus {
  const message = `TaskRun "${taskRun.metadata.name}" failed to finish within "${formatGoDuration(limitMs)}"`;
  return stopped(taskRun, nowMs, 'TaskRunTimeout', message);
}

/** The pod is deleted, and Tekton itself writes the end of the steps that had none. */
function stopped(taskRun: TaskRunObject, nowMs: number, reason: string, message: string): TaskRunStatus {
  const before = conditionOf(taskRun);
  const now = secondsIso(nowMs);
  const previous =
    before !== undefined && KEPT.has(before.reason) ? `\nPrevious status: [${before.reason}] ${before.message}` : '';
  const { podName = '', startTime = now, steps = [] } = taskRun.status ?? {};
  return {
    ...taskRun.status,
    startTime,
    completionTime: now,
    podName,
    conditions: transitioned(before, { status: 'False', reason, message: message + previous }, now),
    steps: podName === '' ? steps : steps.map((step) => stoppedStep(step, reason, { podName, startTime, now })),
  };
}

function stoppedStep(
  step: StepStatus,
  reason: string,
  { podName, startTime, now }: { podName: string; startTime: string; now: string },
): StepStatus {
  if (step.terminated !== undefined) return step;
  const message = `Step ${step.name} terminated as pod ${podName} is terminated`;
  const terminated = { exitCode: 1, finishedAt: now, message, reason, startedAt: step.running?.startedAt ?? startTime };
  const kept = Object.entries(step).filter(([field]) => field !== 'running' && field !== 'waiting');
  return { ...Object.fromEntries(kept), name: step.name, terminated, terminationReason: reason };
}
