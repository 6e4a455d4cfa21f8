import type { KubeObject } from '#kubernetes';
import { formatGoDuration, parseGoDuration } from './go-duration.ts';

type Fields = Record<string, unknown>;

/** Everything Tekton v1 knows in a PipelineRun's spec. */
const KNOWN = new Set([
  'pipelineRef',
  'pipelineSpec',
  'params',
  'status',
  'timeouts',
  'taskRunTemplate',
  'workspaces',
  'taskRunSpecs',
  'managedBy',
]);
const NO_VALUE =
  'cannot create patch for round tripped newBytes: cannot marshal interface: json: error calling MarshalJSON for type v1.ParamValue: impossible ParamValues.Type: ""';
const DEFAULT_LIMIT = '1h0m0s';

/** The run as Tekton's defaulting webhook stores it, or why that cannot read it. */
export function defaulted(object: KubeObject, isNew: boolean): KubeObject | string {
  const spec = fieldsOf(object.spec);
  const unknown = Object.keys(spec).find((field) => !KNOWN.has(field));
  if (unknown !== undefined) return undecodable(`json: unknown field ${JSON.stringify(unknown)}`);
  const timeouts = normalised(fieldsOf(spec.timeouts));
  if (typeof timeouts === 'string') return undecodable(timeouts);
  const params = Array.isArray(spec.params) ? (spec.params as unknown[]).map(fieldsOf) : undefined;
  if (params?.some(({ value }) => value === undefined || value === null)) return NO_VALUE;
  const template = fieldsOf(spec.taskRunTemplate);
  return {
    ...object,
    metadata: isNew ? withoutChains(object.metadata) : object.metadata,
    spec: {
      ...spec,
      ...(params && { params: params.map((param) => ({ ...param, value: storedValue(param.value) })) }),
      timeouts: { pipeline: DEFAULT_LIMIT, ...timeouts },
      taskRunTemplate: { ...template, serviceAccountName: template.serviceAccountName ?? 'default' },
    },
  };
}

const undecodable = (what: string): string => `cannot decode incoming new object: ${what}`;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Durations as Go prints them, or what Go's parser says. */
function normalised(timeouts: Fields): Record<string, string> | string {
  const printed: Record<string, string> = {};
  for (const [name, text] of Object.entries(timeouts)) {
    const ms = parseGoDuration(String(text));
    if (typeof ms === 'string') return ms;
    printed[name] = formatGoDuration(ms);
  }
  return printed;
}

/** Strings, and lists and maps of strings, stay; anything else becomes a string. */
function storedValue(value: unknown): unknown {
  if (typeof value === 'string') return value;
  const parts: unknown[] = typeof value === 'object' && value !== null ? Object.values(value) : [undefined];
  return parts.every((part) => typeof part === 'string') ? value : JSON.stringify(value);
}

/** Signatures of Tekton Chains cannot be brought along. */
function withoutChains(metadata: KubeObject['metadata']): KubeObject['metadata'] {
  if (metadata.annotations === undefined) return metadata;
  const kept = Object.entries(metadata.annotations).filter(([name]) => !name.startsWith('chains.tekton.dev/'));
  return { ...metadata, annotations: Object.fromEntries(kept) };
}
