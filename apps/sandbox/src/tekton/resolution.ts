import { createHash } from 'node:crypto';
import type { ParamSpec, PipelineSpec, RunObject } from './objects.ts';
import type { Recording, Tokens } from './recording.ts';
import type { Scenario } from './scenarios.ts';
import { recordingOf } from './scenarios.ts';

/** Value of a param of the run's resolver reference. */
export function resolverParam(run: RunObject, name: string): string | undefined {
  const value = run.spec.pipelineRef?.params?.find((param) => param.name === name)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** The pipeline as Tekton stores it in the run: parameters filled in. */
export function resolvedPipeline(run: RunObject, scenario: Scenario): PipelineSpec | undefined {
  const { pipelineSpec } = recordingOf(scenario);
  const { echo } = scenario;
  if (pipelineSpec === undefined || echo === undefined) return pipelineSpec;
  const { parameter, task, result } = echo;
  const given = run.spec.params?.find(({ name }) => name === parameter)?.value;
  const recorded = pipelineSpec.params?.find(({ name }) => name === result);
  const value = given ?? recorded?.default ?? '';
  return {
    ...pipelineSpec,
    params: [{ name: parameter, type: 'string', default: recorded?.default ?? '' }],
    results: [...(pipelineSpec.results ?? []), { name: result, value: `$(tasks.${task}.results.${result})` }],
    tasks: pipelineSpec.tasks.map((each) =>
      each.name === task ? { ...each, params: [{ name: result, value }] } : each,
    ),
  };
}

/** Names of declared parameters that have no default and that the run does not give. */
export function missingParameters(run: RunObject, { params = [] }: PipelineSpec): readonly string[] {
  const given = new Set((run.spec.params ?? []).map(({ name }) => name));
  return params
    .filter((spec: ParamSpec) => spec.default === undefined && !given.has(spec.name))
    .map(({ name }) => name);
}

/** What the reference was resolved to: the digest it names, or one made from the reference, as a registry would have. */
export function provenanceOf(run: RunObject, { provenance }: Recording): object {
  const bundle = resolverParam(run, 'bundle') ?? '';
  const [repository, digest] = bundle.split('@', 2) as [string, string?];
  const sha256 = digest?.replace(/^sha256:/, '') ?? createHash('sha256').update(bundle).digest('hex');
  return {
    ...(provenance?.featureFlags && { featureFlags: provenance.featureFlags }),
    refSource: {
      digest: { sha256 },
      entryPoint: resolverParam(run, 'name') ?? '',
      uri: repository.replace(/:[^:/]*$/, ''),
    },
  };
}

/** Values for the tokens in the recorded end of a run that never came to a task. */
export function outcomeTokens(run: RunObject): Tokens {
  const bundle = resolverParam(run, 'bundle') ?? '';
  const [, host = '', path = '', tag = 'latest'] = /^([^/]*)\/([^:@]*)(?:[:@](.*))?$/.exec(bundle) ?? [];
  return {
    namespace: run.metadata.namespace ?? '',
    run: run.metadata.name,
    manifestUrl: `https://${host}/v2/${path}/manifests/${tag}`,
    tag,
  };
}
