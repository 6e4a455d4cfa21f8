import type { EventStore } from '#event-store';
import type { Pending } from '#execution';
import type { Projector } from './projector.ts';
import type { ReadModel } from './read-model.ts';

const CATCH_UP_MS = 250;

/** What the log knows of earlier executions of a target. */
export class TargetHistory {
  constructor(
    private readonly store: Pick<EventStore, 'head'>,
    private readonly projector: Pick<Projector, 'reached'>,
    private readonly readModel: Pick<ReadModel, 'list'>,
  ) {}

  /** True only when the log, up to its newest event, names no other execution of this target. */
  async isFirst(execution: Pending): Promise<boolean> {
    if (!(await this.projector.reached(await this.store.head(), CATCH_UP_MS))) return false;
    const { items } = await this.readModel.list({ target: execution.spec.targetResource }, { limit: 2 });
    return items.every((row) => row.id === execution.id);
  }
}
