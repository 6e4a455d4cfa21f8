import { MemoryEventStore, MemoryLog } from '#event-store';
import type { Command, ExecutionEvent, JsonObject, Source } from '#execution';
import { decide, fold, SCHEMA_VERSIONS, sha256Hex, streamOf } from '#execution';
import { foldedAt, stepsOf } from '../../src/replay/folded.ts';
import type { Folded, Step } from '../../src/replay/folded.ts';

const SERVICE = 'system:workflow-execution-service';

/** Who gives a command, when nobody else is named: people by REST, the service for itself. */
const DOORS: Readonly<Record<Command['type'], { readonly user: string; readonly source: Source }>> = {
  CreateExecution: { user: 'ada', source: 'rest' },
  SyncExecution: { user: SERVICE, source: 'driver' },
  CancelExecution: { user: 'grace', source: 'rest' },
  ReleaseExecution: { user: SERVICE, source: 'scheduler' },
};

/** A log in memory that is written as the service writes it: commands are decided, and events say who and why. */
export class StoryLog {
  readonly log = new MemoryLog('00000000-0000-4000-8000-000000000004');
  readonly store = new MemoryEventStore(this.log);
  private given = 0;

  /** Gives commands to one execution. @returns the types of the events they led to */
  async give(id: string, ...commands: readonly Command[]): Promise<readonly string[]> {
    const types: string[] = [];
    for (const command of commands) types.push(...(await this.giveOne(id, command)));
    return types;
  }

  steps(id: string): Promise<readonly Step[]> {
    return stepsOf(this.store, id);
  }

  now(id: string): Promise<Folded> {
    return foldedAt(this.store, id);
  }

  /** Appends events as they are, whatever the model says of them. */
  async append(id: string, time: string, ...events: readonly ExecutionEvent[]): Promise<void> {
    const revision = (await this.steps(id)).length - 1;
    const commandId = uuid(`command ${(this.given += 1)}`);
    await this.write(id, revision, commandId, { user: SERVICE, source: 'driver' }, time, events);
  }

  private async giveOne(id: string, command: Command): Promise<readonly string[]> {
    const steps = await this.steps(id);
    const decision = decide(command, fold(steps.map(({ fact }) => fact)));
    if (decision.kind === 'Refused' || decision.events.length === 0) return [];
    const isCreatedByResource = command.type === 'CreateExecution' && command.entry === 'resource';
    const door = isCreatedByResource ? { user: SERVICE, source: 'resource' as const } : DOORS[command.type];
    const commandId = uuid(`command ${(this.given += 1)}`);
    await this.write(id, steps.length - 1, commandId, door, command.at, decision.events);
    return decision.events.map(({ type }) => type);
  }

  private async write(
    id: string,
    revision: number,
    commandId: string,
    { user, source }: { readonly user: string; readonly source: Source },
    time: string,
    events: readonly ExecutionEvent[],
  ): Promise<void> {
    const last = (await this.steps(id)).at(-1)?.event.id;
    const causationId = source === 'rest' ? commandId : (last ?? commandId);
    const metadata = { time, actor: { user }, source, commandId, correlationId: 'rr', causationId };
    const fresh = events.map(({ type, data }, index) => ({
      id: uuid(`${commandId} ${index} ${id}`),
      type,
      schemaVersion: SCHEMA_VERSIONS[type],
      data: JSON.parse(JSON.stringify(data)) as JsonObject,
      metadata,
    }));
    await this.store.append(streamOf(id), revision < 0 ? 'none' : revision, fresh);
  }
}

/** A UUID that this text always has. */
export function uuid(text: string): string {
  const hex = sha256Hex(text);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
