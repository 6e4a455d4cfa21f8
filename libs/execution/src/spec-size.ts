import { clip, clipTexts, sizeOf, TEXT_LIMITS } from './clip.ts';
import { sha256Hex } from './sha256.ts';
import type { ExecutionSpec } from './spec.ts';

/** Largest spec that is run, in bytes of its JSON: it is recorded whole, in one event of at most 256 KiB. */
export const SPEC_BYTES = 131_072;

/** The part of a spec that is kept as it is although the whole is too large. */
const PART_BYTES = 8_192;

/**
 * The spec as it is recorded: whole, or, when it is too large to be run anyway, its beginning. Each cut part carries
 * a mark with the sha256 of the whole, so that two large specs are still told apart.
 */
export function recordable(spec: ExecutionSpec): ExecutionSpec {
  if (sizeOf(spec) <= SPEC_BYTES) return spec;
  const { parameters, confidence, rationale, executionConfig, cancel } = spec;
  return {
    remediationRequestRef: clipTexts(spec.remediationRequestRef, TEXT_LIMITS.message),
    workflowRef: clipTexts(spec.workflowRef, TEXT_LIMITS.message),
    targetResource: clip(spec.targetResource, TEXT_LIMITS.message),
    ...(confidence !== undefined && { confidence }),
    ...(rationale !== undefined && { rationale: clip(rationale, TEXT_LIMITS.rationale) }),
    ...(cancel !== undefined && { cancel }),
    ...(parameters && { parameters: isSmall(parameters) ? parameters : { '…cut': mark(parameters) } }),
    ...(executionConfig && {
      executionConfig: isSmall(executionConfig) ? executionConfig : cutConfig(executionConfig),
    }),
  };
}

const isSmall = (part: object): boolean => sizeOf(part) <= PART_BYTES;

const mark = (part: unknown): string => {
  const json = JSON.stringify(part);
  return `${json.length} characters, sha256 ${sha256Hex(json)}`;
};

/** Without its workspaces: they are the part that can be large. */
function cutConfig(config: NonNullable<ExecutionSpec['executionConfig']>): typeof config {
  const { workspaces, ...rest } = config;
  return {
    ...clipTexts(rest, TEXT_LIMITS.message),
    ...(workspaces && { workspaces: [{ name: `…cut: ${mark(workspaces)}` }] }),
  };
}
