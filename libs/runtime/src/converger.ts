import type { Bridge } from './bridge.ts';
import type { Executions } from './executions.ts';
import type { NoticeDriver } from './notice-driver.ts';
import type { Observing } from './observing.ts';
import type { ResourceDriver } from './resource-driver.ts';
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
    const observed = await this.observing.observe(accepted);
    const secured = await this.resources.secure(observed);
    const driven = await this.runs.converge(secured);
    const shown = await this.resources.show(driven.loaded);
    this.notices.tell(shown.loaded);
    return soonest(driven.againMs, shown.againMs);
  }
}
