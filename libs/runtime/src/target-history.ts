import type { EventStore } from '#event-store';
import type { Pending } from '#execution';
import type { Executions, Loaded } from './executions.ts';
import type { Projector } from './projector.ts';
import type { ReadModel } from './read-model.ts';
import { isStoreFault } from './store-fault.ts';

const CATCH_UP_MS = 250;
/** Of those in line, the first so many are asked whether they still are. */
const ASKED = 10;

/** Unknown: the read model has not taken in the newest events yet. */
export type PlaceInLine = 'Next' | 'Behind' | 'Unknown';

/** What the log knows of other executions of a target. */
export class TargetHistory {
  constructor(
    private readonly store: Pick<EventStore, 'head'>,
    private readonly projector: Pick<Projector, 'reached'>,
    private readonly readModel: Pick<ReadModel, 'list' | 'waitingFor' | 'holding'>,
    private readonly executions: Pick<Executions, 'load'>,
  ) {}

  /** True only when the log, up to its newest event, names no other execution of this target. */
  async isFirst(execution: Pending): Promise<boolean> {
    if (!(await this.isComplete())) return false;
    const { items } = await this.readModel.list({ target: execution.spec.targetResource }, { limit: 2 });
    return items.every((row) => row.id === execution.id);
  }

  /** First come, first served by place in the log: nobody who would wait is overtaken by somebody who would wait. */
  async placeInLine(execution: Pending): Promise<PlaceInLine> {
    if (!(await this.isComplete())) return 'Unknown';
    const { executionNamespace } = execution.settings;
    for (const id of await this.readModel.waitingFor(executionNamespace, execution.runName, ASKED)) {
      if (id === execution.id) return 'Next';
      if (await this.isInLine(id)) return 'Behind';
    }
    return 'Next';
  }

  /** Others that have the lock of this execution's run, as far as the log says up to its newest event. */
  async holders(execution: Pending): Promise<readonly Loaded[]> {
    await this.isComplete();
    const { executionNamespace } = execution.settings;
    const ids = await this.readModel.holding(executionNamespace, execution.runName, ASKED);
    return Promise.all(ids.filter((id) => id !== execution.id).map((id) => this.executions.load(id)));
  }

  /** One that is being cancelled takes no lock, and one that cannot be read (a newer version wrote it) keeps nobody. */
  private async isInLine(id: string): Promise<boolean> {
    try {
      const { execution } = await this.executions.load(id);
      return execution.phase === 'Pending' && execution.cancellation === undefined;
    } catch (error) {
      if (isStoreFault(error)) throw error;
      return false;
    }
  }

  private async isComplete(): Promise<boolean> {
    return this.projector.reached(await this.store.head(), CATCH_UP_MS);
  }
}
