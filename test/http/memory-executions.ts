import type { ArchiveReader, LogIndex } from '#audit';
import type { RecordedEvent } from '#event-store';
import { MemoryEventStore, MemoryLog } from '#event-store';
import type { Command, Execution, ExecutionEvent, ExecutionSpec, LastEvent } from '#execution';
import { ABSENT, decide, evolve, problemsOf, runNameOf, same, statusOf, streamOf } from '#execution';
import type {
  CommandAnswer,
  CommandContext,
  CreateRequest,
  ExecutionFilter,
  ExecutionPage,
  ExecutionRow,
  ExecutionService,
  ExecutionView,
  WebhookService,
} from '#runtime';
import { Webhooks } from '../../libs/runtime/src/webhooks/webhooks.ts';
import { quietLog, quietTelemetry } from '../../libs/runtime/test/support/quiet.ts';
import type { Vouchers } from '../../src/wiring/vouchers.ts';
import { MemoryCluster, systemClock } from '#kubernetes';
import { ClusterResources, CursorError, refusedAnswer, SpecRefused, systemIds } from '#runtime';
import { ScanningLogIndex } from '../../libs/audit/test/support/scanning-log-index.ts';
import { SETTINGS } from '../../libs/execution/test/support/examples.ts';
import { memoryTypes } from '../../apps/sandbox/src/memory-types.ts';
import { ArrayReadModel } from '../../libs/read-model/test/support/array-read-model.ts';
import type { AuditedLog, Replaying } from '../../src/wiring/assembled.ts';
import { keptRows } from '../../src/wiring/kept-rows.ts';
import { replayingOf } from '../../src/wiring/replaying.ts';
import { foldedIndex, foldedReadModel } from './folded-index.ts';

interface Stream {
  state: Execution;
  readonly events: RecordedEvent[];
}

/** An ExecutionService with the real model and a log in memory: what the edge is tested against. */
export class MemoryExecutions implements ExecutionService {
  /** When set, every call fails with it: the store is gone. */
  fault: Error | undefined;
  /** When set, every call waits for it first. */
  gate: Promise<void> | undefined;
  /** Calls that came in, answered or not. */
  entered = 0;
  readonly contexts: CommandContext[] = [];
  private readonly streams = new Map<string, Stream>();
  private readonly keys = new Map<string, { request: CreateRequest; id: string }>();
  private readonly disk = new MemoryLog();
  private readonly written = new MemoryEventStore(this.disk);
  /** The log it writes, as others read it. */
  readonly log: AuditedLog = {
    store: gated(
      counted(this.written, (count) => (this.eventsRead += count)),
      () => this.enter(),
    ),
    index: gated(indexOf(this.written), () => this.enter()),
    caughtUp: () => this.enter(),
  };
  /** One webhook, of a replica that does not act. */
  readonly webhooks: WebhookService = new Webhooks({
    ...{ store: this.log.store, clock: systemClock, ids: systemIds, telemetry: quietTelemetry, log: quietLog },
    random: Math.random,
    webhooks: [
      {
        ...{ name: 'pager', url: 'https://pager.example.test/hook', begin: 'now' },
        wants: async () => true,
        sender: { send: async () => ({ kind: 'Delivered' }) },
      },
    ],
  });

  /** What stands beside the log; nothing unless a test says so. */
  vouchers: Vouchers = { gather: async () => ({ without: [] }) };

  /** None unless a test says so. */
  archives: ArchiveReader = { read: async () => undefined };

  /** Nothing of it is shown by any resource. */
  readonly replaying: Replaying = replayingOf(
    this.log,
    {
      ...keptRows(new ArrayReadModel((a, b) => this.written.compare(a, b))),
      get: async (id) => (await foldedReadModel(this.written)).get(id),
    },
    new ClusterResources(new MemoryCluster({ clock: systemClock, types: memoryTypes() }), []),
    systemClock,
  );

  /** Events that were read from the log, by whomever. */
  eventsRead = 0;

  get eventCount(): number {
    return this.disk.events.length;
  }

  async create(request: CreateRequest, context: CommandContext): Promise<CommandAnswer> {
    await this.enter();
    const known = request.idempotencyKey === undefined ? undefined : this.keys.get(request.idempotencyKey);
    if (known !== undefined) {
      if (!same(known.request, request)) return refused('IdempotencyKeyReused', 'the key was used for another request');
      return this.done(known.id, [], true);
    }
    const problems = problemsOf(request.spec);
    if (problems.length > 0) throw new SpecRefused(problems);
    const id = crypto.randomUUID();
    const resource = { namespace: request.namespace, name: request.name ?? `wfe-${id.slice(0, 8)}` };
    if (this.rows().some((row) => row.namespace === resource.namespace && row.name === resource.name))
      return refused('ResourceExists', `WorkflowExecution ${resource.namespace}/${resource.name} exists`);
    if (request.idempotencyKey !== undefined) this.keys.set(request.idempotencyKey, { request, id });
    const { spec } = request;
    const at = now();
    return this.handle(
      id,
      { type: 'CreateExecution', at, executionId: id, entry: 'rest', resource, spec, settings: settingsFor(spec) },
      context,
    );
  }

  async sync(id: string, context: CommandContext): Promise<CommandAnswer> {
    await this.enter();
    return this.handle(id, { type: 'SyncExecution', at: now(), observation: { kind: 'RunMissing' } }, context);
  }

  async cancel(
    id: string,
    mode: 'Graceful' | 'Immediate',
    reason: string,
    context: CommandContext,
  ): Promise<CommandAnswer> {
    await this.enter();
    return this.handle(id, { type: 'CancelExecution', at: now(), mode, reason }, context);
  }

  async release(id: string, reason: string, context: CommandContext): Promise<CommandAnswer> {
    await this.enter();
    return this.handle(id, { type: 'ReleaseExecution', at: now(), cause: 'Operator', reason }, context);
  }

  async get(id: string): Promise<ExecutionView | undefined> {
    await this.enter();
    return this.viewOf(this.streams.get(id)?.events ?? []);
  }

  async list(filter: ExecutionFilter, page: { cursor?: string; limit: number }): Promise<ExecutionPage> {
    await this.enter();
    const { from, to, ...exact } = filter;
    const after = page.cursor === undefined ? 0 : Number(/^c(\d+)$/.exec(page.cursor)?.[1] ?? NaN);
    if (Number.isNaN(after)) throw new CursorError('not a cursor of this list');
    const rows = this.rows()
      .filter((row) => Object.entries(exact).every(([key, value]) => row[key as keyof ExecutionRow] === value))
      .filter((row) => (from === undefined || row.createdAt >= from) && (to === undefined || row.createdAt < to));
    const items = rows.slice(after, after + page.limit);
    return { items, ...(after + items.length < rows.length && { next: `c${after + items.length}` }) };
  }

  async events(id: string, after: number, limit: number): Promise<readonly RecordedEvent[] | undefined> {
    await this.enter();
    return this.streams.get(id)?.events.slice(after + 1, after + 1 + limit);
  }

  /** Lets the cluster do something: records what an observation leads to. */
  observe(id: string, observation: Extract<Command, { type: 'SyncExecution' }>['observation']): CommandAnswer {
    const context: CommandContext = { actor: { user: 'bridge' }, source: 'resource' };
    return this.handle(id, { type: 'SyncExecution', at: now(), observation }, context);
  }

  private async enter(): Promise<void> {
    this.entered += 1;
    await this.gate;
    if (this.fault !== undefined) throw this.fault;
  }

  private handle(id: string, command: Command, context: CommandContext): CommandAnswer {
    this.contexts.push(context);
    const stream = this.streams.get(id) ?? { state: ABSENT, events: [] };
    const decision = decide(command, stream.state);
    if (decision.kind === 'Refused') return refusedAnswer(decision);
    for (const event of decision.events) this.record(id, stream, event, command.at, context);
    this.streams.set(id, stream);
    return this.done(
      id,
      decision.events.map((event) => event.type),
      false,
    );
  }

  private record(id: string, stream: Stream, event: ExecutionEvent, time: string, context: CommandContext): void {
    const { actor, source, traceparent } = context;
    stream.state = evolve(stream.state, { ...event, time });
    const correlationId = stream.state.phase === 'Absent' ? '' : stream.state.spec.remediationRequestRef.name;
    const commandId = crypto.randomUUID();
    // In memory, an append is done when it was asked for.
    void this.written.append(streamOf(id), 'any', [
      {
        id: crypto.randomUUID(),
        type: event.type,
        schemaVersion: 1,
        data: JSON.parse(JSON.stringify(event.data)) as RecordedEvent['data'],
        metadata: {
          time,
          actor,
          source,
          commandId,
          correlationId,
          causationId: commandId,
          ...(traceparent !== undefined && { traceparent }),
        },
      },
    ]);
    stream.events.push(this.disk.events.at(-1)!);
  }

  private done(executionId: string, recorded: readonly string[], repeated: boolean): CommandAnswer {
    const stream = this.streams.get(executionId);
    const last = stream?.events.at(-1);
    if (stream === undefined || stream.state.phase === 'Absent' || last === undefined)
      throw new Error('no such stream');
    const { revision, position } = last;
    return { kind: 'Done', executionId, resource: stream.state.resource, revision, position, recorded, repeated };
  }

  private viewOf(events: readonly RecordedEvent[]): ExecutionView | undefined {
    const last = events.at(-1);
    if (last === undefined) return undefined;
    const execution = events.reduce<Execution>(
      (state, event) => evolve(state, { ...(event as unknown as ExecutionEvent), time: event.metadata.time }),
      ABSENT,
    );
    if (execution.phase === 'Absent') return undefined;
    const { revision, position, metadata } = last;
    const lastEvent: LastEvent = { revision, type: last.type, hash: last.hash };
    return { execution, status: statusOf(execution, lastEvent)!, revision, position, updatedAt: metadata.time };
  }

  /** Newest first. */
  private rows(): ExecutionRow[] {
    const rows = [...this.streams.values()].map(({ events }) => rowOf(this.viewOf(events)!));
    return rows.reverse();
  }
}

/** The same, telling how many events it gave out. */
function counted(store: MemoryEventStore, count: (events: number) => void): MemoryEventStore {
  const readAll = store.readAll.bind(store);
  return Object.assign(store, {
    readAll: async (...args: Parameters<typeof readAll>) => {
      const slice = await readAll(...args);
      count(slice.events.length);
      return slice;
    },
  });
}

function indexOf(store: MemoryEventStore): LogIndex {
  const scanning = new ScanningLogIndex(store);
  return { ...foldedIndex(store), events: (...asked) => scanning.events(...asked) };
}

const settingsFor = ({ executionConfig }: ExecutionSpec) => ({
  ...SETTINGS,
  onConflict: executionConfig?.onConflict ?? SETTINGS.onConflict,
});

/** The same, but every call waits and fails as the service does. */
function gated<Port extends object>(port: Port, enter: () => Promise<void>): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      const isPlain = typeof value !== 'function' || name === 'compare' || name === 'follows' || name === 'subscribe';
      if (isPlain) return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      const call = value.bind(target) as (...given: unknown[]) => unknown;
      if (name === 'links') return () => entered(enter, call() as AsyncIterable<unknown>);
      return async (...args: unknown[]): Promise<unknown> => {
        await enter();
        return call(...args);
      };
    },
  });
}

async function* entered<T>(enter: () => Promise<void>, iterable: AsyncIterable<T>): AsyncGenerator<T> {
  await enter();
  yield* iterable;
}

function rowOf({ execution, status, revision, updatedAt }: ExecutionView): ExecutionRow {
  const { outcome, phase, failureDetails } = status;
  const spec: ExecutionSpec = execution.spec;
  return {
    id: execution.id,
    namespace: execution.resource.namespace,
    name: execution.resource.name,
    phase,
    ...(outcome !== undefined && { outcome }),
    ...(failureDetails !== undefined && { reason: failureDetails.reason }),
    target: spec.targetResource,
    workflowId: spec.workflowRef.workflowId,
    workflowVersion: spec.workflowRef.version,
    remediationRequest: spec.remediationRequestRef.name,
    runNamespace: execution.settings.executionNamespace,
    runName: runNameOf(spec.targetResource),
    lock: execution.phase === 'Finished' ? execution.lock.state : execution.phase === 'Running' ? 'Held' : 'None',
    createdAt: execution.createdAt,
    updatedAt,
    revision,
    isOpen: execution.phase !== 'Finished',
    isQueued: false,
    hasResource: false,
  };
}

const refused = (code: 'IdempotencyKeyReused' | 'ResourceExists', message: string): CommandAnswer => ({
  kind: 'Refused',
  code,
  message,
});

const now = (): string => new Date().toISOString();
