export { bundleReference } from './bundle-reference.ts';
export { labelValue } from './label-value.ts';
export { LIMITS as OBSERVATION_LIMITS } from './limits.ts';
export { observe } from './observe.ts';
export type { Param, PipelineRun } from './pipeline-run.ts';
export { pipelineRunFor, TARGET_PARAMETER } from './pipeline-run.ts';
export type { ApiError } from './refusal.ts';
export { runRefusal } from './refusal.ts';
export { substitutionsIn } from './substitution.ts';
