import { APPLIES } from './applies.ts';
import { READS } from './reads.ts';
import type { Conversation } from './steps.ts';
import { WRITES } from './writes.ts';

/**
 * Conversations with an API server whose answers were recorded from a real one (Kubernetes 1.36). Each starts on a
 * server that knows only the WorkflowExecution CRD and the probe's, in a namespace of its own.
 */
export const CONVERSATIONS: readonly Conversation[] = [...WRITES, ...APPLIES, ...READS];
