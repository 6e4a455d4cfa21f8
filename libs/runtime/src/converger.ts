import { NotLeaderError } from '#kubernetes';
import type { Bridge } from './bridge.ts';
import type { Executions, Loaded } from './executions.ts';
import type { NoticeDriver } from './notice-driver.ts';
import type { Observing } from './observing.ts';
import type { ResourceDriver } from './resource-driver.ts';
import type { Driven } from './run-creation.ts';
import type { RunDriver } from './run-driver.ts';
import { soonest } from './soonest.ts';

/**
 * Brings one execution and the cluster together: what is seen goes into the log, what the log demands goes into the
 * cluster. Level-triggered: it may be called at any time, any number of times, by one worker per execution.
 */
export class Converger {
  constructor(
    private readonly executions: Executions,
    private readonly bridge: Bridge,
    private readonly observing: Observing,
    private readonly runs: RunDriver,
    private readonly resources: ResourceDriver,
    private readonly notices: NoticeDriver,
  ) {}

  /** @returns when to look again if nothing happens before, in milliseconds */
  async converge(id: string): Promise<number | undefined> {
    const known = await this.executions.load(id);
    const accepted = known.execution.phase === 'Absent' ? await this.bridge.accept(id) : known;
    if (accepted.execution.phase === 'Absent') return undefined;
    const driven = await this.drive(accepted);
    const shown = await this.resources.show(driven.loaded);
    this.notices.tell(shown.loaded);
    if ('fault' in driven) throw driven.fault;
    return soonest(driven.againMs, shown.againMs);
  }

  /** Trouble with the run keeps nobody from seeing what the log says, nor a deleted resource from going: it comes after that. */
  private async drive(accepted: Loaded): Promise<Driven | Faulty> {
    try {
      const secured = await this.secure(await this.observing.observe(accepted));
      const driven = await this.runs.converge(secured.loaded);
      return { ...secured, ...driven };
    } catch (fault) {
      if (fault instanceof NotLeaderError) throw fault;
      return { loaded: await this.executions.load(accepted.id), fault };
    }
  }

  /** No run is begun without a resource that is secured; one that exists is followed, ended and removed all the same. */
  private async secure(loaded: Loaded): Promise<Driven | Faulty> {
    try {
      return { loaded: await this.resources.secure(loaded) };
    } catch (fault) {
      const hasRun = loaded.execution.phase === 'Running' || loaded.execution.phase === 'Finished';
      if (!hasRun || fault instanceof NotLeaderError) throw fault;
      return { loaded, fault };
    }
  }
}

/** What could be done was done, and this stood in the way of the rest. */
interface Faulty {
  readonly loaded: Loaded;
  readonly fault: unknown;
}
