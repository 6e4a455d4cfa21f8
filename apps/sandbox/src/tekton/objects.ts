import type { KubeObject } from '#kubernetes';

/** The parts of Tekton's objects the scripted Tekton reads and writes. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

export interface Param {
  readonly name: string;
  readonly value: unknown;
}

export interface ParamSpec {
  readonly name: string;
  readonly type?: string;
  readonly default?: unknown;
}

export interface PipelineTask {
  readonly name: string;
  readonly runAfter?: readonly string[];
  readonly params?: readonly Param[];
  readonly [field: string]: unknown;
}

export interface PipelineSpec {
  readonly params?: readonly ParamSpec[];
  readonly results?: readonly Param[];
  readonly tasks: readonly PipelineTask[];
  readonly finally?: readonly PipelineTask[];
}

export interface ChildReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly pipelineTaskName: string;
}

export interface RunStatus {
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly finallyStartTime?: string;
  readonly conditions?: readonly Condition[];
  readonly pipelineSpec?: PipelineSpec;
  readonly provenance?: object;
  readonly childReferences?: readonly ChildReference[];
  readonly skippedTasks?: readonly { readonly name: string; readonly reason: string }[];
  readonly results?: readonly Param[];
}

export interface RunObject extends KubeObject {
  readonly spec: {
    readonly pipelineRef?: { readonly resolver?: string; readonly name?: string; readonly params?: readonly Param[] };
    readonly params?: readonly Param[];
    readonly status?: string;
    readonly timeouts?: { readonly pipeline?: string; readonly tasks?: string; readonly finally?: string };
    readonly taskRunTemplate?: { readonly serviceAccountName?: string };
    readonly managedBy?: string;
  };
  readonly status?: RunStatus;
}

interface Running {
  readonly startedAt?: string;
}

export interface StepStatus {
  readonly name: string;
  readonly running?: Running;
  readonly waiting?: object;
  readonly terminated?: object;
  readonly [field: string]: unknown;
}

export interface TaskRunStatus {
  readonly startTime?: string;
  readonly completionTime?: string;
  readonly podName?: string;
  readonly conditions?: readonly Condition[];
  readonly steps?: readonly StepStatus[];
  readonly results?: readonly (Param & { readonly type?: string })[];
  readonly [field: string]: unknown;
}

export interface TaskRunObject extends KubeObject {
  readonly spec: {
    readonly params?: readonly Param[];
    readonly status?: string;
    readonly statusMessage?: string;
    readonly timeout?: string;
    readonly [field: string]: unknown;
  };
  readonly status?: TaskRunStatus;
}

/** What a sandbox that validates nothing of Tekton's may hold: absent parts read as empty. */
export const asRun = (object: KubeObject): RunObject => ({ ...object, spec: object.spec ?? {} }) as RunObject;
export const asTaskRun = (object: KubeObject): TaskRunObject =>
  ({ ...object, spec: object.spec ?? {} }) as TaskRunObject;

export const conditionOf = (object: RunObject | TaskRunObject): Condition | undefined =>
  object.status?.conditions?.find(({ type }) => type === 'Succeeded');

export const isDone = (object: RunObject | TaskRunObject): boolean =>
  ['True', 'False'].includes(conditionOf(object)?.status ?? '');

/** The condition with its transition time, which moves only when the status changes. */
export function transitioned(
  before: Condition | undefined,
  next: Omit<Condition, 'type' | 'lastTransitionTime'>,
  now: string,
): readonly Condition[] {
  const lastTransitionTime = before?.status === next.status ? before.lastTransitionTime : now;
  return [{ type: 'Succeeded', ...next, lastTransitionTime }];
}

/** Where the scripted Tekton keeps what it must still know after a restart, in the objects themselves. */
export const NOTES = {
  /** Milliseconds since the epoch at which a run was picked up, or a task run created. */
  startedAt: 'sandbox.local/started-at-ms',
  /** Milliseconds since the epoch at which a task run was told to stop. */
  cancelledAt: 'sandbox.local/cancelled-at-ms',
  /** Scenario a task run is played from. */
  scenario: 'sandbox.local/scenario',
} as const;

/** The number in a note. */
export const noted = ({ metadata }: KubeObject, name: string): number | undefined => {
  const note = Number(metadata.annotations?.[name]);
  return Number.isFinite(note) ? note : undefined;
};

export const startedAtMs = (object: KubeObject): number | undefined => noted(object, NOTES.startedAt);
