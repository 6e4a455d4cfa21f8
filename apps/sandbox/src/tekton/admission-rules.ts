import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '#kubernetes';
import { durationMs } from './go-duration.ts';
import type { Param, RunObject } from './objects.ts';
import { asRun, isDone } from './objects.ts';

type Complaints = readonly string[];

interface Workspace {
  readonly name?: string;
  readonly [source: string]: unknown;
}

const LONGEST_NAME = 63;
const STATUSES = ['Cancelled', 'CancelledRunFinally', 'StoppedRunFinally', 'PipelineRunPending'];

/** What Tekton's validating webhook says about a new run; empty when it is admitted. */
export function complaintsAboutRun(object: KubeObject): Complaints {
  const run = asRun(object);
  return [
    ...aboutName(run),
    ...aboutPipeline(run),
    ...aboutParams(run.spec.params ?? []),
    ...aboutTimeouts(run.spec.timeouts ?? {}),
    ...aboutStatus(run),
    ...aboutWorkspaces((run.spec as { workspaces?: readonly Workspace[] }).workspaces ?? []),
  ];
}

/** From creation on only `spec.status` may change, and once the run is done nothing in the spec. */
export function complaintsAboutUpdate(object: KubeObject, previous: KubeObject): Complaints {
  const [run, before] = [asRun(object), asRun(previous)];
  if (isDeepStrictEqual(run.spec, before.spec)) return [];
  if (run.spec.managedBy !== before.spec.managedBy) {
    return ['invalid value: managedBy is immutable: spec.spec.managedBy'];
  }
  if (isDone(before)) return ['invalid value: Once the PipelineRun is complete, no updates are allowed: spec'];
  const isSame = isDeepStrictEqual({ ...run.spec, status: undefined }, { ...before.spec, status: undefined });
  if (!isSame) return ['invalid value: Once the PipelineRun has started, only status updates are allowed: spec'];
  const isBelated = run.spec.status === 'PipelineRunPending' && before.status?.startTime !== undefined;
  return isBelated
    ? ['invalid value: PipelineRun cannot be Pending after it is started: spec.status']
    : aboutStatus(run);
}

const aboutName = ({ metadata: { name } }: RunObject): Complaints =>
  name !== undefined && name.length > LONGEST_NAME
    ? [`Invalid resource name: length must be no more than ${LONGEST_NAME} characters: metadata.name`]
    : [];

function aboutPipeline({ spec }: RunObject): Complaints {
  const { pipelineRef: ref } = spec;
  const hasInline = (spec as { pipelineSpec?: unknown }).pipelineSpec !== undefined;
  if (ref !== undefined && hasInline) return ['expected exactly one, got both: spec.pipelineRef, spec.pipelineSpec'];
  if (ref === undefined) {
    return hasInline ? [] : ['expected exactly one, got neither: spec.pipelineRef, spec.pipelineSpec'];
  }
  if (ref.resolver !== undefined) {
    return ref.name === undefined ? [] : ['invalid value: invalid URI for request: spec.pipelineRef.name'];
  }
  if (ref.params !== undefined) {
    const both = 'expected exactly one, got both: spec.pipelineRef.name, spec.pipelineRef.params';
    return [...(ref.name === undefined ? [] : [both]), 'missing field(s): spec.pipelineRef.resolver'];
  }
  return ref.name === undefined ? ['missing field(s): spec.pipelineRef.name'] : [];
}

const RESULT_REFERENCE = /\$\((tasks\.[^.)]+\.results\.[^)]+)\)/g;

function aboutParams(params: readonly Param[]): Complaints {
  const names = params.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const references = params.map(({ name, value }) => ({
    name,
    found: [...JSON.stringify(value).matchAll(RESULT_REFERENCE)].map(([, path]) => path),
  }));
  return [
    ...[...twice].map((name) => `expected exactly one, got both: spec.params[${name}].name`),
    ...references
      .filter(({ found }) => found.length > 0)
      .map(
        ({ name, found }) =>
          `invalid value: cannot use result expressions in [${found.join(' ')}] as PipelineRun parameter values: spec.params[${name}].value`,
      ),
  ];
}

function aboutTimeouts(timeouts: NonNullable<RunObject['spec']['timeouts']>): Complaints {
  const negative = Object.entries(timeouts).filter(([, text]) => (durationMs(text) ?? 0) < 0);
  if (negative.length > 0)
    return negative.map(([name, text]) => `invalid value: ${text} should be >= 0: spec.timeouts.${name}`);
  const pipelineMs = durationMs(timeouts.pipeline) ?? 0;
  if (pipelineMs === 0) return [];
  const parts = (['tasks', 'finally'] as const).filter((name) => timeouts[name] !== undefined);
  const tooLong = parts.filter(
    (name) => durationMs(timeouts[name]) === 0 || (durationMs(timeouts[name]) ?? 0) > pipelineMs,
  );
  if (tooLong.length > 0) return tooLong.map((name) => aboutPart(name, timeouts[name] as string));
  const sumMs = parts.reduce((sum, name) => sum + (durationMs(timeouts[name]) ?? 0), 0);
  if (sumMs <= pipelineMs) return [];
  return [
    `invalid value: ${timeouts.tasks} + ${timeouts.finally} should be <= pipeline duration: spec.timeouts.finally, spec.timeouts.tasks`,
  ];
}

const aboutPart = (name: string, text: string): string =>
  `invalid value: ${text}${durationMs(text) === 0 ? ' (no timeout)' : ''} should be <= pipeline duration: spec.timeouts.${name}`;

function aboutStatus({ spec: { status } }: RunObject): Complaints {
  if (status === undefined || status === '' || STATUSES.includes(status)) return [];
  return [
    `invalid value: ${status} should be Cancelled, CancelledRunFinally, StoppedRunFinally or PipelineRunPending: spec.status`,
  ];
}

const SOURCES = ['persistentVolumeClaim', 'volumeClaimTemplate', 'emptyDir', 'configMap', 'secret', 'projected', 'csi'];

function aboutWorkspaces(workspaces: readonly Workspace[]): Complaints {
  const names = workspaces.map(({ name }) => name);
  return workspaces.flatMap((workspace, index) => {
    const first = names.indexOf(workspace.name);
    if (first !== index) {
      return [
        `workspace "${workspace.name}" provided by pipelinerun more than once, at index ${first} and ${index}: spec.workspaces[${index}].name`,
      ];
    }
    if (SOURCES.some((source) => workspace[source] !== undefined)) return [];
    const fields = ['configmap', 'emptydir', 'persistentvolumeclaim', 'secret', 'volumeclaimtemplate'];
    return [
      `expected exactly one, got neither: ${fields.map((field) => `spec.workspaces[${index}].${field}`).join(', ')}`,
    ];
  });
}
