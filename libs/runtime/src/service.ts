import type {
  Actor,
  CancelMode,
  Execution,
  ExecutionSpec,
  ExecutionStatus,
  RefusalCode,
  ResourceRef,
  Source,
} from '#execution';
import type { Position, RecordedEvent } from '#event-store';
import type { ExecutionFilter, ExecutionPage } from './read-model.ts';

/**
 * What the service can be asked and told, whatever the door (REST, command line). Commands answer when their events
 * are durable. Faults of the store come through as the errors of #event-store, unchanged.
 */
export interface ExecutionService {
  /**
   * Accepts an execution. With an idempotency key, the same key and request give the first answer again; the same key
   * with another request is refused (`IdempotencyKeyReused`).
   * @throws SpecRefused when the spec cannot be run: nothing is recorded
   */
  create(request: CreateRequest, context: CommandContext): Promise<CommandAnswer>;
  /** Looks at the cluster now and folds what is seen into the log. */
  sync(executionId: string, context: CommandContext): Promise<CommandAnswer>;
  cancel(executionId: string, mode: CancelMode, reason: string, context: CommandContext): Promise<CommandAnswer>;
  release(executionId: string, reason: string, context: CommandContext): Promise<CommandAnswer>;

  /** Folded from the stream now; undefined when there is no such execution. */
  get(executionId: string): Promise<ExecutionView | undefined>;
  /** From the read model, newest first; waits (bounded) until it has caught up with what was written before the call. */
  list(filter: ExecutionFilter, page: { cursor?: string; limit: number }): Promise<ExecutionPage>;
  /** Events of one execution after a revision (exclusive); undefined when there is no such execution. */
  events(executionId: string, after: number, limit: number): Promise<readonly RecordedEvent[] | undefined>;
}

export interface CreateRequest {
  readonly spec: ExecutionSpec;
  /** Where its resource is created. */
  readonly namespace: string;
  /** Name of its resource; made from the id when absent. */
  readonly name?: string;
  readonly idempotencyKey?: string;
}

/** Who gives a command, by which door. */
export interface CommandContext {
  readonly actor: Actor;
  readonly source: Source;
  readonly traceparent?: string;
}

export type CommandAnswer =
  | {
      readonly kind: 'Done';
      readonly executionId: string;
      readonly resource: ResourceRef;
      /** Place of the newest event of the execution: at least what this command recorded. */
      readonly revision: number;
      readonly position: Position;
      /** Types of the events this command recorded; empty when it was asked before. */
      readonly recorded: readonly string[];
      /** True when an idempotency key gave an earlier answer again. */
      readonly repeated: boolean;
    }
  | { readonly kind: 'Refused'; readonly code: AnswerCode; readonly message: string };

export type AnswerCode =
  /** Archiving is nobody's order from outside. */
  | Exclude<RefusalCode, 'ExecutionOpen'>
  /** Same idempotency key, another request. */
  | 'IdempotencyKeyReused'
  /** A WorkflowExecution of that namespace and name exists already. */
  | 'ResourceExists';

/** The model's refusal as a door tells it. @throws Error for the refusal of an order that no door gives: a bug */
export function refusedAnswer({ code, message }: { code: RefusalCode; message: string }): CommandAnswer {
  if (code === 'ExecutionOpen') throw new Error(`expected an answer to an order of a door; found: ${message}`);
  return { kind: 'Refused', code, message };
}

/** An execution as it stands at one revision. */
export interface ExecutionView {
  readonly execution: Exclude<Execution, { phase: 'Absent' }>;
  readonly status: ExecutionStatus;
  readonly revision: number;
  readonly position: Position;
  /** Time of the event at that revision. */
  readonly updatedAt: string;
}

/** The spec cannot be run; every problem with its path. Nothing was recorded. */
export class SpecRefused extends Error {
  override readonly name = 'SpecRefused';
  constructor(readonly problems: readonly { readonly path: string; readonly message: string }[]) {
    super(problems.map((problem) => `${problem.path}: ${problem.message}`).join('; '));
  }
}

/** For readiness: each part says since when it has been well, or why it is not. */
export interface RuntimeHealth {
  readonly store: Health;
  readonly cluster: Health;
  readonly tekton: Health;
  readonly readModel: Health & { readonly lagEvents?: number };
  /** Whether the log is sealed and the seals are shown; the service works without. Absent when it is not to be sealed. */
  readonly seals?: Health;
}

export type Health = { readonly ok: true } | { readonly ok: false; readonly message: string };
