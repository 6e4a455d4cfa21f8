import { sha256Hex } from './sha256.ts';

/** Names on the cluster side (product.md section 3). */
export const FINALIZER = 'workflowexecution.kubernaut.ai/finalizer';
export const API_VERSION = 'workflowexecution.kubernaut.ai/v1alpha1';
export const LABELS = {
  workflowExecution: 'kubernaut.ai/workflow-execution',
  sourceNamespace: 'kubernaut.ai/source-namespace',
  workflowId: 'kubernaut.ai/workflow-id',
  executionId: 'workflowexecution.kubernaut.ai/execution-id',
} as const;

export const STREAM_CATEGORY = 'workflowexecution';

/** Name of the stream of one execution. Ids are lower-case UUIDs. */
export const streamOf = (executionId: string): string => `${STREAM_CATEGORY}-${executionId}`;

/** Execution id of a stream's name; undefined for a stream of another category. */
export function executionIdOf(stream: string): string | undefined {
  return stream.startsWith(`${STREAM_CATEGORY}-`) ? stream.slice(STREAM_CATEGORY.length + 1) : undefined;
}

/** Name of the run for a target. It is the lock: two executions of one target want the same name. Case matters. */
export const runNameOf = (targetResource: string): string => `wfe-${sha256Hex(targetResource).slice(0, 16)}`;
