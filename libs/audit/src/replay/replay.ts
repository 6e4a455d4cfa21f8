import type { EventStore } from '#event-store';
import type { JsonObject } from '#execution';
import type { Causes } from './causes.ts';
import { causesOf } from './causes.ts';
import type { FieldChange } from './diff.ts';
import { changesBetween } from './diff.ts';
import type { Folded, Point, Step } from './folded.ts';
import { foldedFrom, newestRevision, stepsOf } from './folded.ts';
import type { HistoryEntry } from './history.ts';
import { historyOf } from './history.ts';
import { isArchived, upTo } from './points.ts';
import { viewOf } from './view.ts';
import type { Why } from './why.ts';
import { whyOf } from './why.ts';

export interface HistoryPage {
  readonly items: readonly HistoryEntry[];
  /** Revision to go on after; absent when nothing is left now. */
  readonly next?: number;
}

/** A place in one history. */
export interface Place {
  readonly revision: number;
  readonly time: string;
}

export interface Diff {
  /** Absent: before the first event in the log, where there was nothing, or only what is archived. */
  readonly from?: Place;
  readonly to: Place;
  readonly changes: readonly FieldChange[];
}

/**
 * What happened to one execution, answered from its stream alone. Every method answers undefined when there is no such
 * execution, or was none at the point asked for.
 * @throws PointError, MomentError, ArchivedError, and the store's errors
 */
export class Replay {
  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly nowMs: () => number,
  ) {}

  /** The state at a point: the fold of the history up to it. */
  async at(id: string, point: Point): Promise<Folded | undefined> {
    const steps = await this.steps(id, point);
    return steps && foldedFrom(id, steps);
  }

  /** The history up to a point, after a revision (exclusive), as people read it. */
  async history(
    id: string,
    { at, after, limit }: { readonly at?: Point; readonly after: number; readonly limit: number },
  ): Promise<HistoryPage | undefined> {
    const steps = await this.steps(id, at);
    if (steps === undefined) return undefined;
    const rest = historyOf(steps).filter(({ revision }) => revision > after);
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(rest.length > limit && last && { next: last.revision }) };
  }

  /** What changed from one point to another, also backwards; by default, what the newest event before `to` changed. */
  async diff(id: string, from: Point | undefined, to: Point | undefined): Promise<Diff | undefined> {
    const all = await stepsOf(this.store, id);
    if (all.length === 0) return undefined;
    const then = upTo(all, to, this.nowMs());
    const end = placeOf(then);
    if (end === undefined) return undefined;
    const before = from === undefined ? then.slice(0, -1) : upTo(all, from, this.nowMs());
    const start = placeOf(before);
    const after = viewOf(foldedFrom(id, then));
    const changes = changesBetween(
      start === undefined ? viewBefore(then, after) : viewOf(foldedFrom(id, before)),
      after,
    );
    return { ...(start && { from: start }), to: end, changes };
  }

  /** What led to an event, from it back to the command that began it; the newest event by default. */
  async causes(id: string, revision?: number): Promise<Causes | undefined> {
    const steps = await this.steps(id, revision === undefined ? undefined : { revision });
    return steps === undefined ? undefined : causesOf(steps, newestRevision(steps));
  }

  /** Why the execution is as it is, or was then. */
  async why(id: string, at?: Point): Promise<Why | undefined> {
    return whyOf((await this.steps(id, at)) ?? []);
  }

  private async steps(id: string, at: Point | undefined): Promise<readonly Step[] | undefined> {
    const all = await stepsOf(this.store, id);
    const steps = all.length === 0 ? all : upTo(all, at, this.nowMs());
    return steps.length === 0 ? undefined : steps;
  }
}

/** Before the first event in the log there was nothing, or what is archived: the same but for that. */
function viewBefore([first]: readonly Step[], after: JsonObject): JsonObject {
  return first !== undefined && isArchived(first) ? { ...after, archived: undefined } : {};
}

function placeOf(steps: readonly Step[]): Place | undefined {
  const event = steps.at(-1)?.event;
  return event && { revision: event.revision, time: event.metadata.time };
}
