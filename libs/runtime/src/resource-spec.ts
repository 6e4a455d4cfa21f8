import type { DeadlineLimits, ExecutionSettings, ExecutionSpec, ExecutionStatus } from '#execution';
import { LABELS, parseDuration, sameSpec } from '#execution';
import type { KubeObject } from '#kubernetes';

/** What the configuration says about executions; copied into each when it is accepted. */
export interface ExecutionDefaults extends ExecutionSettings {
  /** A create that keeps failing for passing reasons this long ends the execution, in milliseconds. */
  readonly creationPatienceMs: number;
  /** How long Tekton has for what it should do. */
  readonly deadlines: DeadlineLimits;
  /** A deleted resource is kept no longer than this for what is left of its execution, in milliseconds. */
  readonly deletionPatienceMs: number;
  /** The resource of a finished execution is deleted after this, in milliseconds; absent: never. */
  readonly ttlAfterFinishedMs?: number;
}

/** The settings that hold for one execution: the configuration's, where its spec says nothing. */
export function settingsFor(spec: ExecutionSpec, defaults: ExecutionDefaults): ExecutionSettings {
  const { serviceAccountName, timeout, onConflict } = spec.executionConfig ?? {};
  return {
    executionNamespace: defaults.executionNamespace,
    pipelineName: defaults.pipelineName,
    serviceAccountName: serviceAccountName ?? defaults.serviceAccountName,
    timeoutMs: (timeout === undefined ? undefined : parseDuration(timeout)) ?? defaults.timeoutMs,
    onConflict: onConflict ?? defaults.onConflict,
    cooldownMs: defaults.cooldownMs,
  };
}

/**
 * The spec of a WorkflowExecution object. The API server's schema has checked its shape (here bytes become types);
 * what is required is looked at once more, because a CRD can be changed.
 * @throws Error that names the field
 */
export function specOf(object: KubeObject): ExecutionSpec {
  const spec = object.spec as ExecutionSpec | undefined;
  const required = {
    'spec.remediationRequestRef.name': spec?.remediationRequestRef?.name,
    'spec.workflowRef.workflowId': spec?.workflowRef?.workflowId,
    'spec.workflowRef.version': spec?.workflowRef?.version,
    'spec.workflowRef.containerImage': spec?.workflowRef?.containerImage,
    'spec.targetResource': spec?.targetResource,
  };
  const missing = Object.entries(required).find(([, value]) => typeof value !== 'string' || value === '');
  if (spec === undefined || missing !== undefined)
    throw new Error(
      `WorkflowExecution ${object.metadata.namespace ?? ''}/${object.metadata.name}: expected text in ` +
        `${missing?.[0] ?? 'spec'}; the installed CRD is not this version's, install charts/workflow-execution/crds`,
    );
  return spec;
}

const EXECUTION_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The execution id an object is labelled with; undefined when there is none or it cannot be one. */
export function executionIdLabel(object: KubeObject): string | undefined {
  const id = object.metadata.labels?.[LABELS.executionId];
  return id !== undefined && EXECUTION_ID.test(id) ? id : undefined;
}

/** Executions a WorkflowExecution may belong to, by its label and by the status we gave it. Claims: the log decides. */
export function claimedExecutionIds(object: KubeObject): readonly string[] {
  const shown = (object.status as Partial<ExecutionStatus> | undefined)?.execution?.id;
  const label = executionIdLabel(object);
  const ids = [label, typeof shown === 'string' && EXECUTION_ID.test(shown) ? shown : undefined];
  return [...new Set(ids.filter((id) => id !== undefined))];
}

/** True when the object shows the same wish as an execution that entered by REST: same place, same spec. */
export function showsSameWish(
  object: KubeObject,
  execution: { resource: { namespace: string; name: string }; spec: ExecutionSpec },
): boolean {
  const { namespace, name } = execution.resource;
  return (
    object.metadata.namespace === namespace && object.metadata.name === name && sameSpec(specOf(object), execution.spec)
  );
}
