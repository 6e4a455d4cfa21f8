import type { Command, Observation, Source } from '#execution';
import type { Clock } from '#kubernetes';
import type { Dispatched, Dispatcher } from './dispatcher.ts';
import type { Loaded } from './executions.ts';
import type { Ids } from './ids.ts';
import { ownOrigin } from './origin.ts';

type Undated<C> = C extends Command ? Omit<C, 'at'> : never;

/** How bridge, drivers and scheduler put what they saw and did back in: as commands. */
export class Reconciliation {
  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Folds an observation into the log. @returns the execution as it stands afterwards */
  async sync(loaded: Loaded, observation: Observation, source: Exclude<Source, 'rest'> = 'driver'): Promise<Loaded> {
    return (await this.command(loaded.id, { type: 'SyncExecution', observation }, source)).loaded;
  }

  /** Gives a command in the service's own name. */
  async command(executionId: string, command: Undated<Command>, source: Exclude<Source, 'rest'>): Promise<Dispatched> {
    const dated = { ...command, at: new Date(this.clock.now()).toISOString() } as Command;
    return this.dispatcher.dispatch(executionId, dated, ownOrigin(this.ids, source));
  }
}
