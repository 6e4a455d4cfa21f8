import type { Pending, WorkspaceBinding } from '#execution';
import { LABELS, parseDuration } from '#execution';
import { ASLEEP } from './asleep.ts';
import { bundleReference } from './bundle-reference.ts';
import { marks } from './label-value.ts';
import type { Timeouts } from './timeouts.ts';
import { timeoutsFor } from './timeouts.ts';

/** A Tekton v1 PipelineRun as this service creates it. */
export interface PipelineRun {
  readonly apiVersion: 'tekton.dev/v1';
  readonly kind: 'PipelineRun';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    /** Created asleep; started once its creation is in the log (ADR 7). */
    readonly status: typeof ASLEEP;
    readonly pipelineRef: { readonly resolver: 'bundles'; readonly params: readonly Param[] };
    readonly params: readonly Param[];
    readonly timeouts: Timeouts;
    readonly taskRunTemplate: { readonly serviceAccountName: string };
    readonly workspaces?: readonly WorkspaceBinding[];
  };
}

export interface Param {
  readonly name: string;
  readonly value: string;
}

/** The parameter that names the target, unless the caller gives one of that name. */
export const TARGET_PARAMETER = 'TARGET_RESOURCE';

/**
 * The run that carries an execution out. The same execution always gives the same object, so that a second attempt
 * to create it asks for the same thing.
 * @param values what stands behind the hashes in the spec, by name
 * @throws Error when one is missing, a bug: no hash may be passed for a value
 */
export function pipelineRunFor(execution: Pending, values: Readonly<Record<string, string>> = {}): PipelineRun {
  const { spec, settings } = execution;
  const { labels, annotations } = marksOf(execution);
  const workspaces = spec.executionConfig?.workspaces ?? [];
  return {
    apiVersion: 'tekton.dev/v1',
    kind: 'PipelineRun',
    metadata: {
      name: execution.runName,
      namespace: settings.executionNamespace,
      labels,
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec: {
      status: ASLEEP,
      pipelineRef: { resolver: 'bundles', params: resolverParams(execution) },
      params: parametersOf(execution, values),
      timeouts: timeoutsFor(limitOf(execution)),
      taskRunTemplate: { serviceAccountName: spec.executionConfig?.serviceAccountName ?? settings.serviceAccountName },
      ...(workspaces.length > 0 && { workspaces }),
    },
  };
}

const marksOf = ({ id, resource, spec }: Pending) =>
  marks({
    [LABELS.executionId]: id,
    [LABELS.workflowExecution]: resource.name,
    [LABELS.sourceNamespace]: resource.namespace,
    [LABELS.workflowId]: spec.workflowRef.workflowId,
  });

/**
 * `kind` is always named, because the resolver's default is `task`. Its `serviceAccount` is not: it is no longer
 * documented, a missing account is ignored without a word, and the account a workflow runs as holds rights on the
 * target, which is no reason for it to hold registry credentials too. Bundles in a private registry are pulled with
 * the pull secrets of the account that the cluster's `bundleresolver-config` names.
 */
const resolverParams = ({ spec, settings }: Pending): readonly Param[] => [
  { name: 'bundle', value: bundleReference(spec.workflowRef.containerImage, spec.workflowRef.containerDigest) },
  { name: 'name', value: settings.pipelineName },
  { name: 'kind', value: 'pipeline' },
];

/** Ordered by name, by UTF-16 units: the order must not depend on a locale or on how the caller wrote the map. */
function parametersOf({ spec, redacted = [] }: Pending, values: Readonly<Record<string, string>>): readonly Param[] {
  const missing = redacted.find((name) => !Object.hasOwn(values, name));
  if (missing !== undefined) throw new Error(`expected the value of parameter ${missing}; found only its hash`);
  const given = Object.entries({ ...spec.parameters, ...values });
  return [...new Map([[TARGET_PARAMETER, spec.targetResource], ...given])]
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The execution's own limit; a text that is no duration was refused long before a run is made. */
const limitOf = ({ spec, settings }: Pending): number =>
  parseDuration(spec.executionConfig?.timeout ?? '') ?? settings.timeoutMs;
