import { secondsIso } from './seconds-iso.ts';
import { durationMs, formatGoDuration } from './go-duration.ts';
import type { RunObject, RunStatus } from './objects.ts';
import { conditionOf, isDone, NOTES, startedAtMs, transitioned } from './objects.ts';
import { courseOf, isFrozen } from './course.ts';
import { planTasks } from './plan-tasks.ts';
import { filled, resolutionMs } from './recording.ts';
import { missingParameters, outcomeTokens, provenanceOf, resolvedPipeline, resolverParam } from './resolution.ts';
import type { RunPlan, RunWorld } from './run-status.ts';
import { cancelled, ended, runningChildren, soonest, TIMED_OUT, withCondition } from './run-status.ts';
import { recordingOf, scenarioOf } from './scenarios.ts';

const OURS = 'tekton.dev/pipeline';
const PENDING = 'PipelineRunPending';
const NOTHING: RunPlan = {};

/** What Tekton would do with a run next. Everything it needs to know is in the objects, so it can start anew any time. */
export function planRun(world: RunWorld): RunPlan {
  const { run } = world;
  const isForeign = run.spec.managedBy !== undefined && run.spec.managedBy !== OURS;
  if (isForeign || isDone(run) || run.metadata.deletionTimestamp !== undefined) return NOTHING;
  if (isAsleep(run)) return run.metadata.labels?.[OURS] === undefined ? pickUp(world) : { status: pending(world) };
  if (run.spec.status === 'Cancelled' && conditionOf(run)?.reason === PENDING) return cancelledAsleep(world);
  if (startedAtMs(run) === undefined) return pickUp(world);
  if (run.status?.pipelineSpec === undefined) return planResolution(world);
  if (run.spec.status !== 'Cancelled' && isFrozen(courseOf(world, run.status))) return planFrozen(world, run.status);
  return withTimeLimit(world, run.status, (status) => planTasks(world, status));
}

/** Labels are a write of their own, before the first status; a run that sleeps gets them, too, and has not started. */
const pickUp = ({ run, nowMs }: RunWorld): RunPlan => ({
  metadata: {
    labels: { [OURS]: resolverParam(run, 'name') ?? run.spec.pipelineRef?.name ?? run.metadata.name },
    annotations: isAsleep(run) ? {} : { [NOTES.startedAt]: String(nowMs) },
  },
});

/** Created with `spec.status: PipelineRunPending`; it starts when the field is taken away. */
const isAsleep = (run: RunObject): boolean => run.spec.status === PENDING;

/** As recorded of `pending-cancelled`: it ends at once, and has a start time only then. */
const cancelledAsleep = (world: RunWorld): RunPlan => ({
  status: cancelled(world, { ...world.run.status, startTime: secondsIso(world.nowMs) }),
});

/**
 * Every look ends in an error: no status, no limit enforced, nothing looked at again by itself. Only when something
 * writes to the run after twice its limit is it closed, by Tekton's safety net.
 */
function planFrozen(world: RunWorld, status: RunStatus): RunPlan {
  const limitMs = durationMs(world.run.spec.timeouts?.pipeline) ?? 0;
  const isOvershot = limitMs > 0 && world.nowMs >= Date.parse(status.startTime ?? '') + 2 * limitMs;
  return isOvershot ? timedOut(world, status, limitMs) : NOTHING;
}

function pending({ run, nowMs }: RunWorld): RunStatus {
  const message = `PipelineRun "${run.metadata.name}" is pending`;
  const condition = { status: 'Unknown', reason: PENDING, message } as const;
  return { conditions: transitioned(conditionOf(run), condition, secondsIso(nowMs)) };
}

function planResolution(world: RunWorld): RunPlan {
  const { run, nowMs, speed } = world;
  const scenario = scenarioOf(resolverParam(run, 'bundle') ?? '');
  const pace = Math.min(1, scenario.pace ?? 1);
  const { resolvingMs, resolvedMs } = resolutionMs(recordingOf(scenario));
  const at = (ms: number): number => (startedAtMs(run) as number) + (ms * pace) / speed;
  if (nowMs < at(resolvingMs)) return { dueAtMs: at(resolvingMs) };
  const status: RunStatus = { ...run.status, startTime: run.status?.startTime ?? secondsIso(nowMs) };
  if (run.spec.status === 'Cancelled') return { status: cancelled(world, status) };
  return withTimeLimit(world, status, () =>
    nowMs < at(resolvedMs) ? { status: resolving(world, status), dueAtMs: at(resolvedMs) } : resolved(world, status),
  );
}

const resolving = (world: RunWorld, status: RunStatus): RunStatus =>
  withCondition(world, status, {
    status: 'Unknown',
    reason: 'ResolvingPipelineRef',
    message: `PipelineRun ${world.run.metadata.namespace}/${world.run.metadata.name} awaiting remote resource`,
  });

function resolved(world: RunWorld, status: RunStatus): RunPlan {
  const { run } = world;
  const scenario = scenarioOf(resolverParam(run, 'bundle') ?? '');
  const { outcome, ...recording } = recordingOf(scenario);
  const pipelineSpec = resolvedPipeline(run, scenario);
  if (pipelineSpec === undefined) {
    const { reason, message } = outcome ?? { reason: 'CouldntGetPipeline', message: 'nothing was recorded' };
    return { status: ended(world, status, 'False', reason, filled(message, outcomeTokens(run))) };
  }
  const withPipeline = { ...status, pipelineSpec, provenance: provenanceOf(run, recording) };
  const missing = missingParameters(run, pipelineSpec);
  if (missing.length === 0) return planTasks(world, withPipeline);
  const { namespace, name } = run.metadata;
  const message = `[User error] PipelineRun ${namespace}/${name} is missing some parameters required by Pipeline ${namespace}/${resolverParam(run, 'name')}: pipelineRun missing parameters: [${missing.join(' ')}]`;
  return { status: ended(world, withPipeline, 'False', 'ParameterMissing', message) };
}

/** Ends the run when its own limit has passed since startTime; else follows the plan, and looks again at the limit. */
function withTimeLimit(world: RunWorld, status: RunStatus, plan: (status: RunStatus) => RunPlan): RunPlan {
  const limitMs = durationMs(world.run.spec.timeouts?.pipeline) ?? 0;
  if (limitMs <= 0 || status.startTime === undefined) return plan(status);
  const endMs = Date.parse(status.startTime) + limitMs;
  if (world.nowMs < endMs) return soonest(plan(status), endMs);
  return timedOut(world, status, limitMs);
}

function timedOut(world: RunWorld, status: RunStatus, limitMs: number): RunPlan {
  const message = `PipelineRun "${world.run.metadata.name}" failed to finish within "${formatGoDuration(limitMs)}"`;
  return {
    cancel: runningChildren(world, status).map(({ metadata: { name } }) => ({ name, message: TIMED_OUT })),
    status: ended(world, status, 'False', 'PipelineRunTimeout', message),
  };
}
