import type { Execution, ResourceRef } from '#execution';

/** The execution an answer speaks of. */
export interface ExecutionNamed {
  readonly executionId: string;
  readonly resource: ResourceRef;
  readonly workflowId: string;
}

export const naming = ({ id, resource, spec }: Exclude<Execution, { phase: 'Absent' }>): ExecutionNamed => ({
  executionId: id,
  resource,
  workflowId: spec.workflowRef.workflowId,
});
