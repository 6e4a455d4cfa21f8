import type { EventStore } from '#event-store';
import type { LogIndex, MomentFilter } from '../log-index.ts';
import type { Folded, Point } from './folded.ts';
import { foldedAt } from './folded.ts';
import { statusOf } from '#execution';

/** A moment in the history of the whole system, ISO 8601; absent: after the newest event. */
export type Moment = string | undefined;

/** Later than every recorded time: what is asked of the index about now. A clock that was set back hides nothing then. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';
/** Candidates looked through for one page at most, in pages of the index. */
const MAX_ROUNDS = 5;
/** Streams read at the same time. */
const AT_ONCE = 8;

export interface FoldedPage {
  readonly items: readonly Folded[];
  /** Opaque; absent on the last page. A page may be short, or empty, without being the last. */
  readonly next?: string;
}

/** The whole system at a moment: the index says where to look, and what is there is folded from the log. */
export class SystemAt {
  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly index: LogIndex,
  ) {}

  /** Executions as they stood at the moment, newest first. */
  async executions(
    moment: Moment,
    filter: MomentFilter,
    page: { readonly cursor?: string; readonly limit: number },
  ): Promise<FoldedPage> {
    const items: Folded[] = [];
    let { cursor } = page;
    for (let round = 0; round < MAX_ROUNDS && items.length < page.limit; round += 1) {
      const limit = page.limit - items.length;
      const found = await this.index.executionsAt(moment ?? END_OF_TIME, filter, { ...cursorOf(cursor), limit });
      items.push(...(await this.fold(found.ids, moment)).filter((each) => matches(each, filter)));
      cursor = found.next;
      if (cursor === undefined) break;
    }
    return { items, ...(cursor !== undefined && { next: cursor }) };
  }

  /** Those that had the lock of the target, as far as the index can tell. */
  async holders(target: string, moment: Moment): Promise<readonly Folded[]> {
    return this.fold(await this.index.holdersAt(target, moment ?? END_OF_TIME), moment);
  }

  /** Those that were accepted and had no run yet, in the order of the log, as far as the index can tell. */
  async pending(target: string, moment: Moment, limit: number): Promise<readonly Folded[]> {
    return this.fold(await this.index.waitingAt(target, moment ?? END_OF_TIME, limit), moment);
  }

  targets(page: { readonly cursor?: string; readonly limit: number; readonly locked?: boolean }) {
    return this.index.targets(page);
  }

  private async fold(ids: readonly string[], moment: Moment): Promise<readonly Folded[]> {
    const point: Point | undefined = moment === undefined ? undefined : { time: moment };
    const folded: Folded[] = [];
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const batch = ids.slice(from, from + AT_ONCE);
      folded.push(...(await Promise.all(batch.map((id) => foldedAt(this.store, id, point)))));
    }
    return folded;
  }
}

/** What the index knows by times alone is made sure of. */
function matches({ execution, last }: Folded, filter: MomentFilter): boolean {
  if (execution.phase === 'Absent' || last === undefined) return false;
  const status = statusOf(execution, last);
  const { spec, resource } = execution;
  const found: Required<{ [Key in keyof MomentFilter]: unknown }> = {
    phase: status?.phase,
    outcome: status?.outcome,
    target: spec.targetResource,
    workflowId: spec.workflowRef.workflowId,
    namespace: resource.namespace,
    remediationRequest: spec.remediationRequestRef.name,
  };
  return Object.entries(filter).every(
    ([field, value]) => value === undefined || found[field as keyof MomentFilter] === value,
  );
}

const cursorOf = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });
