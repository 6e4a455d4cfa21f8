import type { KubeObject } from '#kubernetes';
import { secondsIso } from './seconds-iso.ts';
import type { Condition, RunObject, RunStatus, TaskRunObject } from './objects.ts';
import { conditionOf, isDone, transitioned } from './objects.ts';

/** A run as it is now, and what surrounds it. */
export interface RunWorld {
  readonly run: RunObject;
  /** Looks a task run up by name in the run's namespace, without asking who owns it: as Tekton does. */
  readonly taskRunNamed: (name: string) => TaskRunObject | undefined;
  readonly nowMs: number;
  /** Recorded delays are divided by this. Time limits are not. */
  readonly speed: number;
}

/** What to write next; absent parts need no write. */
export interface RunPlan {
  /** A write of its own, before the first status. */
  readonly metadata?: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly create?: readonly KubeObject[];
  readonly cancel?: readonly { readonly name: string; readonly message: string }[];
  readonly status?: RunStatus;
  /** When to look again even if nothing happens. */
  readonly dueAtMs?: number;
}

export const CANCELLED = 'TaskRun cancelled as the PipelineRun it belongs to has been cancelled.';
export const TIMED_OUT = 'TaskRun cancelled as the PipelineRun it belongs to has timed out.';

/** Task runs in the run's child references that still run, whoever owns them. */
export const runningChildren = (world: RunWorld, { childReferences = [] }: RunStatus): readonly TaskRunObject[] =>
  childReferences
    .map(({ name }) => world.taskRunNamed(name))
    .filter((taskRun) => taskRun !== undefined)
    .filter((taskRun) => !isDone(taskRun) && taskRun.spec.status === undefined);

export const cancelled = (world: RunWorld, status: RunStatus): RunStatus =>
  ended(world, status, 'False', 'Cancelled', `PipelineRun "${world.run.metadata.name}" was cancelled`);

export function ended(
  world: RunWorld,
  status: RunStatus,
  end: 'True' | 'False',
  reason: string,
  message: string,
): RunStatus {
  const completionTime = secondsIso(world.nowMs);
  return withCondition(world, { ...status, completionTime }, { status: end, reason, message });
}

export const withCondition = (
  { run, nowMs }: RunWorld,
  status: RunStatus,
  condition: Omit<Condition, 'type' | 'lastTransitionTime'>,
): RunStatus => ({ ...status, conditions: transitioned(conditionOf(run), condition, secondsIso(nowMs)) });

export const soonest = (plan: RunPlan, dueAtMs: number): RunPlan => ({
  ...plan,
  dueAtMs: Math.min(plan.dueAtMs ?? dueAtMs, dueAtMs),
});
