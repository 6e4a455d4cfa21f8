import type { EventStore, RecordedEvent } from '#event-store';
import { pagesOf } from '#event-store';
import type { CancelMode, Command, CreateExecution } from '#execution';
import { problemsOf, refusedInClear, statusOf, streamOf } from '#execution';
import type { Clock, Cluster } from '#kubernetes';
import { ClusterError, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { CommandOrigin, Dispatched, Dispatcher } from './dispatcher.ts';
import type { Executions, Loaded } from './executions.ts';
import { IdempotencyKeys, KeyReused } from './idempotency-keys.ts';
import type { Ids } from './ids.ts';
import type { Observing } from './observing.ts';
import type { Projector } from './projector.ts';
import type { ExecutionFilter, ExecutionPage, ReadModel } from './read-model.ts';
import type { ExecutionDefaults } from './resource-spec.ts';
import { settingsFor } from './resource-spec.ts';
import type { Sensitivity } from './sensitive/sensitivity.ts';
import { sensitiveIn } from './sensitive/sensitivity.ts';
import type { CommandAnswer, CommandContext, CreateRequest, ExecutionService, ExecutionView } from './service.ts';
import { refusedAnswer, SpecRefused } from './service.ts';

export interface StoredExecutionsParts {
  readonly store: EventStore;
  readonly executions: Executions;
  readonly dispatcher: Dispatcher;
  readonly observing: Observing;
  readonly readModel: ReadModel;
  readonly projector: Projector;
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly defaults: ExecutionDefaults;
  readonly sensitivity: Sensitivity;
}

/** How long a list waits for the read model to take in what was written before the call. */
const READ_YOUR_WRITES_MS = 1_000;

/** The service as its doors see it, over the log and the read model. */
export class StoredExecutions implements ExecutionService {
  private readonly keys: IdempotencyKeys;

  constructor(private readonly parts: StoredExecutionsParts) {
    this.keys = new IdempotencyKeys(parts.store, parts.clock);
  }

  async create(request: CreateRequest, context: CommandContext): Promise<CommandAnswer> {
    // Before anything is remembered of it: not even a hash of such a request may reach the log.
    const inClear = sensitiveIn(request.spec.parameters, this.parts.sensitivity.isSensitive);
    const problems = [...problemsOf(request.spec), ...refusedInClear(inClear)];
    if (problems.length > 0) throw new SpecRefused(problems);
    const freshId = this.parts.ids.execution(this.parts.clock.now());
    const claim =
      request.idempotencyKey === undefined
        ? undefined
        : await this.keys.claim(request.idempotencyKey, request, freshId, this.origin(context));
    if (claim === KeyReused)
      return {
        kind: 'Refused',
        code: 'IdempotencyKeyReused',
        message: 'this Idempotency-Key was used with another request',
      };
    const executionId = claim?.executionId ?? freshId;
    const known = await this.parts.executions.load(executionId);
    if (known.last !== undefined) return { ...done(known, []), repeated: true };
    if (await this.isTaken(request)) {
      // Perhaps by this very execution, from a request with the same key that came a moment earlier.
      const accepted = await this.parts.executions.load(executionId);
      if (accepted.last !== undefined) return { ...done(accepted, []), repeated: true };
      return {
        kind: 'Refused',
        code: 'ResourceExists',
        message: `a WorkflowExecution named ${request.namespace}/${request.name ?? ''} exists already`,
      };
    }
    return this.give(executionId, this.createCommand(executionId, request), context);
  }

  async sync(executionId: string, context: CommandContext): Promise<CommandAnswer> {
    const loaded = await this.parts.executions.load(executionId);
    if (loaded.last === undefined) return unknown(executionId);
    const after = await this.parts.observing.observeNow(loaded);
    const recorded = await this.typesBetween(executionId, loaded, after);
    void context; // what is seen is recorded in the service's own name: nobody can claim to have seen it
    return done(after, recorded);
  }

  async cancel(executionId: string, mode: CancelMode, reason: string, context: CommandContext): Promise<CommandAnswer> {
    return this.give(executionId, { type: 'CancelExecution', at: this.now(), mode, reason }, context);
  }

  async release(executionId: string, reason: string, context: CommandContext): Promise<CommandAnswer> {
    return this.give(executionId, { type: 'ReleaseExecution', at: this.now(), cause: 'Operator', reason }, context);
  }

  async get(executionId: string): Promise<ExecutionView | undefined> {
    return viewOf(await this.parts.executions.load(executionId));
  }

  async list(filter: ExecutionFilter, page: { cursor?: string; limit: number }): Promise<ExecutionPage> {
    await this.parts.projector.reached(await this.parts.store.head(), READ_YOUR_WRITES_MS);
    return this.parts.readModel.list(filter, page);
  }

  async events(executionId: string, after: number, limit: number): Promise<readonly RecordedEvent[] | undefined> {
    if ((await this.parts.executions.load(executionId)).last === undefined) return undefined;
    const found: RecordedEvent[] = [];
    for await (const page of pagesOf(this.parts.store, streamOf(executionId), after + 1)) {
      found.push(...page);
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  private async give(executionId: string, command: Command, context: CommandContext): Promise<CommandAnswer> {
    return answer(await this.parts.dispatcher.dispatch(executionId, command, this.origin(context)));
  }

  private createCommand(executionId: string, request: CreateRequest): CreateExecution {
    const { spec, namespace, name = `wfe-${executionId}` } = request;
    const settings = settingsFor(spec, this.parts.defaults);
    const { policy } = this.parts.sensitivity;
    return {
      type: 'CreateExecution',
      at: this.now(),
      executionId,
      entry: 'rest',
      resource: { namespace, name },
      spec,
      settings,
      sensitive: { policy, redacted: [], found: [], problems: [] },
    };
  }

  /** A name given by the caller may be in use; one made from the id cannot be. */
  private async isTaken({ namespace, name }: CreateRequest): Promise<boolean> {
    if (name === undefined) return false;
    try {
      await this.parts.cluster.get(WORKFLOW_EXECUTIONS, { namespace, name });
      return true;
    } catch (error) {
      // The cluster being away is no reason to refuse: if the name turns out to be taken, the execution says so.
      if (error instanceof ClusterError) return false;
      throw error;
    }
  }

  private async typesBetween(executionId: string, before: Loaded, after: Loaded): Promise<readonly string[]> {
    if (before.last?.revision === after.last?.revision) return [];
    const events = await this.events(executionId, before.last?.revision ?? -1, 1_000);
    return (events ?? []).map((event) => event.type);
  }

  private origin(context: CommandContext): CommandOrigin {
    return { ...context, commandId: this.parts.ids.command() };
  }

  private now(): string {
    return new Date(this.parts.clock.now()).toISOString();
  }
}

function answer(dispatched: Dispatched): CommandAnswer {
  if (dispatched.kind === 'Refused') return refusedAnswer(dispatched);
  return done(dispatched.loaded, dispatched.recorded);
}

function done({ id, execution, last }: Loaded, recorded: readonly string[]): Extract<CommandAnswer, { kind: 'Done' }> {
  if (execution.phase === 'Absent' || last === undefined)
    throw new Error(`execution ${id} was accepted but has no event`);
  const { revision, position } = last;
  return { kind: 'Done', executionId: id, resource: execution.resource, revision, position, recorded, repeated: false };
}

const unknown = (id: string): CommandAnswer => ({
  kind: 'Refused',
  code: 'ExecutionUnknown',
  message: `there is no execution ${id}`,
});

function viewOf({ execution, last }: Loaded): ExecutionView | undefined {
  if (execution.phase === 'Absent' || last === undefined) return undefined;
  const { revision, type, hash, position, time } = last;
  const status = statusOf(execution, { revision, type, hash });
  return status === undefined ? undefined : { execution, status, revision, position, updatedAt: time };
}
