import type { EventStore, Position, RecordedEvent } from '#event-store';
import { ConcurrencyError, factOf } from '#event-store';
import type { Actor, Command, ExecutionEvent, JsonObject, NewEvent, RefusalCode, Source } from '#execution';
import { decide, evolve, SCHEMA_VERSIONS, streamOf } from '#execution';
import type { Clock } from '#kubernetes';
import { appendUntilKnown } from './append-until-known.ts';
import type { Executions, Loaded } from './executions.ts';
import { eventId } from './ids.ts';
import { factsForMetrics } from './event-facts.ts';
import type { Telemetry } from './telemetry.ts';

/** Who gave the command and why; see EventMetadata. */
export interface CommandOrigin {
  readonly actor: Actor;
  readonly source: Source;
  readonly commandId: string;
  readonly causationId?: string;
  readonly traceparent?: string;
}

export type Dispatched =
  | {
      readonly kind: 'Done';
      readonly loaded: Loaded;
      readonly recorded: readonly string[];
      readonly position?: Position;
    }
  | { readonly kind: 'Refused'; readonly code: RefusalCode; readonly message: string; readonly loaded: Loaded };

/** A command that meets a newer event this often in a row is given up: something records without end. */
const MAX_CONFLICTS = 20;

/** The one way into the log: load, fold, decide, append with the expected revision. Nothing else writes executions. */
export class Dispatcher {
  constructor(
    private readonly store: EventStore,
    private readonly executions: Executions,
    private readonly clock: Clock,
    private readonly telemetry: Telemetry,
  ) {}

  /**
   * Resolves when the command's events are durable, or when it records nothing.
   * @throws the store's UnavailableError (nothing was recorded) and OutcomeUnknownError (perhaps recorded; give the
   * same command with the same command id again)
   */
  async dispatch(executionId: string, command: Command, origin: CommandOrigin): Promise<Dispatched> {
    const startedMs = this.clock.monotonic();
    try {
      const done = await this.attempt(executionId, command, origin);
      const outcome = done.kind === 'Refused' ? 'refused' : done.recorded.length > 0 ? 'recorded' : 'nothing';
      const code = done.kind === 'Refused' ? done.code : 'ok';
      this.telemetry.commandHandled(command.type, outcome, code, this.secondsSince(startedMs));
      return done;
    } catch (error) {
      const code = error instanceof Error ? error.name : 'unknown';
      this.telemetry.commandHandled(command.type, 'failed', code, this.secondsSince(startedMs));
      throw error;
    }
  }

  private async attempt(executionId: string, command: Command, origin: CommandOrigin): Promise<Dispatched> {
    for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
      const loaded = await this.executions.load(executionId);
      const decision = decide(command, loaded.execution);
      if (decision.kind === 'Refused') return { ...decision, loaded };
      if (decision.events.length === 0) return { kind: 'Done', loaded, recorded: [] };
      const appended = await this.append(loaded, decision.events, command, origin);
      if (appended !== undefined) return appended;
      this.telemetry.appendConflict();
    }
    throw new Error(`execution ${executionId}: ${command.type} met a newer event ${MAX_CONFLICTS} times in a row`);
  }

  /** Undefined when somebody was faster: load and decide again. */
  private async append(
    loaded: Loaded,
    events: readonly ExecutionEvent[],
    command: Command,
    origin: CommandOrigin,
  ): Promise<Dispatched | undefined> {
    const stream = streamOf(loaded.id);
    const fresh = events.map((event, index) => recorded(event, index, stream, loaded, command, origin));
    const startedMs = this.clock.monotonic();
    const result = await this.appendOnce(stream, loaded.last?.revision ?? 'none', fresh);
    if (result === undefined) return undefined;
    this.telemetry.appended(this.secondsSince(startedMs), events.length);
    this.count(loaded, result.events);
    const now = this.executions.extend(loaded, result.events);
    return { kind: 'Done', loaded: now, recorded: events.map((event) => event.type), position: result.position };
  }

  private async appendOnce(
    stream: string,
    expected: number | 'none',
    events: readonly NewEvent[],
  ): Promise<Awaited<ReturnType<EventStore['append']>> | undefined> {
    try {
      return await appendUntilKnown(this.store, this.clock, stream, expected, events);
    } catch (error) {
      if (error instanceof ConcurrencyError) return undefined;
      throw error;
    }
  }

  private count(loaded: Loaded, events: readonly RecordedEvent[]): void {
    let state = loaded.execution;
    for (const event of events) {
      const fact = factOf(event);
      this.telemetry.eventRecorded(event.type, factsForMetrics(fact, state));
      state = evolve(state, fact);
    }
  }

  private secondsSince(startedMs: number): number {
    return Math.max(0, this.clock.monotonic() - startedMs) / 1000;
  }
}

function recorded(
  event: ExecutionEvent,
  index: number,
  stream: string,
  loaded: Loaded,
  command: Command,
  origin: CommandOrigin,
): NewEvent {
  const { actor, source, commandId, traceparent } = origin;
  return {
    id: eventId(stream, commandId, index),
    type: event.type,
    schemaVersion: SCHEMA_VERSIONS[event.type],
    data: event.data as unknown as JsonObject,
    metadata: {
      time: command.at,
      actor,
      source,
      commandId,
      correlationId: correlationOf(loaded, command),
      causationId: origin.causationId ?? (source === 'rest' ? commandId : (loaded.last?.id ?? commandId)),
      ...(traceparent !== undefined && { traceparent }),
    },
  };
}

function correlationOf({ execution }: Loaded, command: Command): string {
  if (execution.phase !== 'Absent') return execution.spec.remediationRequestRef.name;
  return command.type === 'CreateExecution' ? command.spec.remediationRequestRef.name : '';
}
