import { UnknownEventError } from '#event-store';
import { foldedAt } from '../folded.ts';
import type { ExecutionCheck } from './execution-check.ts';
import type { Compared, ShownResource } from './projections.ts';
import type { Difference } from './report.ts';

type Placed = Omit<ShownResource, 'status'>;

/** Rows and resources of executions the log does not know. */
export class Strays {
  constructor(
    private readonly parts: Compared,
    private readonly executions: Pick<ExecutionCheck, 'exists'>,
  ) {}

  async row(id: string): Promise<readonly Difference[]> {
    if (await this.executions.exists(id)) return [];
    if ((await this.parts.rows.get(id)) === undefined) return [];
    return [{ executionId: id, where: 'row', path: '', log: null, found: 'a row' }];
  }

  /** One that is on its way out belongs to nobody any more. */
  async resource(listed: Placed): Promise<readonly Difference[]> {
    const { resources } = this.parts;
    if (listed.isDeleted || !resources.isServed(listed.namespace)) return [];
    for (const id of new Set([listed.uid, ...listed.claims])) if (await this.isShownBy(id, listed)) return [];
    const { namespace, name, uid } = listed;
    const now = await resources.read({ namespace, name, uid });
    if (now === undefined || now.isDeleted) return [];
    const found = `WorkflowExecution ${namespace}/${name}`;
    return [{ executionId: uid, where: 'status', path: '', log: null, found }];
  }

  private async isShownBy(id: string, { uid }: Placed): Promise<boolean> {
    if (!(await this.executions.exists(id))) return false;
    try {
      const { execution } = await foldedAt(this.parts.store, id);
      if (execution.phase === 'Absent') return false;
      const { binding } = execution;
      if (binding.state === 'Unbound') return true; // it is being bound
      return (binding.state === 'Removed' ? binding.uid : binding.resource.uid) === uid;
    } catch (error) {
      if (error instanceof UnknownEventError) return true; // whose it is, a newer version knows
      throw error;
    }
  }
}
