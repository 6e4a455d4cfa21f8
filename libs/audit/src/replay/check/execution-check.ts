import { StreamNotFoundError, UnknownEventError } from '#event-store';
import type { BoundResource, Execution, JsonObject } from '#execution';
import { desiredResource, statusOf, streamOf } from '#execution';
import type { Folded, Step } from '../folded.ts';
import { foldedFrom, stepsOf } from '../folded.ts';
import { keyedStatus, plain } from '../view.ts';
import type { Shown } from './compare.ts';
import { compare } from './compare.ts';
import type { Compared } from './projections.ts';
import type { ResourceSnapshot } from './resource-snapshot.ts';
import type { Look } from './suspects.ts';

/** Executions of the log, held against their rows and the statuses of their resources. */
export class ExecutionCheck {
  constructor(
    private readonly parts: Compared,
    private readonly snapshot: ResourceSnapshot,
  ) {}

  async exists(id: string): Promise<boolean> {
    try {
      return (await this.parts.store.readStream(streamOf(id), { limit: 1 })).events.length > 0;
    } catch (error) {
      if (error instanceof StreamNotFoundError) return false;
      throw error;
    }
  }

  /** What differs now. An execution that a newer version wrote is one that cannot be compared, which is told. */
  async look(id: string): Promise<Look> {
    try {
      return await this.compared(id);
    } catch (error) {
      if (!(error instanceof UnknownEventError)) throw error;
      return { differences: [{ executionId: id, where: 'row', path: '', log: error.message, found: null }] };
    }
  }

  private async compared(id: string): Promise<Look> {
    let steps = await stepsOf(this.parts.store, id);
    const all = [await this.row(id), await this.status(id, steps)].filter((shown) => shown !== undefined);
    // It went on meanwhile: what is shown is in the log all the same.
    if (all.some(({ revision = 0 }) => revision >= steps.length)) steps = await stepsOf(this.parts.store, id);
    const looks = all.map((shown) => lookAt(id, steps, shown));
    return {
      differences: looks.flatMap(({ differences }) => differences),
      behind: looks.flatMap(({ behind = [] }) => behind),
    };
  }

  private async row(id: string): Promise<Shown> {
    const kept = await this.parts.rows.get(id);
    const found = kept === undefined ? undefined : plain(kept);
    return {
      ...{ where: 'row', found, revisionPath: 'revision' },
      revision: wholeNumber(found?.['revision']),
      tell: (folded) => {
        const row = this.parts.rows.rowOf(folded);
        return row === undefined ? undefined : plain(row);
      },
    };
  }

  /** Undefined when no resource is to show this execution, or when it shows exactly what it should. */
  private async status(id: string, steps: readonly Step[]): Promise<Shown | undefined> {
    const { resources } = this.parts;
    const folded = foldedFrom(id, steps);
    const resource = shownBy(folded.execution);
    if (resource === undefined || !resources.isServed(resource.namespace)) return undefined;
    if (this.snapshot.showed(resource.uid, statusTold(folded))) return undefined;
    const status = (await resources.read(resource))?.status;
    const last = (status?.['execution'] as JsonObject | undefined)?.['lastEvent'] as JsonObject | undefined;
    return {
      ...{ where: 'status', revisionPath: 'execution.lastEvent.revision' },
      found: status && showing(status),
      revision: wholeNumber(last?.['revision']),
      tell: (each) => {
        const told = statusTold(each);
        return told && showing(told);
      },
    };
  }
}

function lookAt(id: string, steps: readonly Step[], shown: Shown): Look {
  const { differences, isBehind } = compare(id, steps, shown);
  const { where, revisionPath: path, revision } = shown;
  if (!isBehind || revision === undefined) return { differences };
  const difference = { executionId: id, where, path, log: steps.length - 1, found: revision };
  return { differences, behind: [{ difference, revision }] };
}

/** A resource that is let go shows what it showed last. */
function shownBy(execution: Execution): BoundResource | undefined {
  if (execution.phase === 'Absent' || desiredResource(execution).kind !== 'Shown') return undefined;
  const { binding } = execution;
  return binding.state === 'Bound' || binding.state === 'Deleting' ? binding.resource : undefined;
}

function statusTold({ execution, last }: Folded): JsonObject | undefined {
  if (last === undefined) return undefined;
  const { revision, type, hash } = last;
  const status = statusOf(execution, { revision, type, hash });
  return status && plain(status);
}

/** Conditions by type; the place in the log it shows is compared too. */
const showing = (status: JsonObject): JsonObject => ({
  ...keyedStatus(status),
  ...(status['execution'] !== undefined && { execution: status['execution'] }),
});

const wholeNumber = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) ? value : undefined;
