import type { EventFilter, EventPlaces, IdPage, LogIndex, MomentFilter } from '#audit';
import type { Direction, Position } from '#event-store';
import { START } from '#event-store';
import { streamOf } from '#execution';
import type {
  EventEntry,
  ExecutionFilter,
  ExecutionPage,
  ExecutionRow,
  ReadModel,
  ResourcePlace,
  RowChange,
  Successor,
} from '#runtime';
import { cursorOf, placeOf } from '../../src/cursor.ts';
import { instant } from '../../src/instant.ts';
import { checkedLimit } from '../../src/page-limit.ts';

export type Compare = (a: Position, b: Position) => number;

/** The order of positions that end with a number, as those of the logs in memory do. */
const byNumber: Compare = (a, b) => numberOf(a) - numberOf(b);
const numberOf = (position: Position): number => (position === START ? 0 : Number(/\d+$/.exec(position)?.[0]));

/** The port said with arrays: slow, and easy to believe. What other implementations are compared with. */
export class ArrayReadModel implements ReadModel, LogIndex {
  private rows = new Map<string, ExecutionRow>();
  private changes = new Map<string, RowChange>();
  private entries = new Map<string, EventEntry>();
  private position: Position = START;

  constructor(private readonly compare: Compare = byNumber) {}

  async checkpoint(): Promise<Position> {
    return this.position;
  }

  async apply(changes: readonly RowChange[], events: readonly EventEntry[], checkpoint: Position): Promise<void> {
    for (const change of changes) {
      const { row } = change;
      if (row.revision < (this.rows.get(row.id)?.revision ?? 0)) continue;
      this.rows.set(row.id, row);
      this.changes.set(row.id, change);
    }
    for (const event of events) this.entries.set(`${event.executionId}@${event.revision}`, event);
    this.position = checkpoint;
  }

  async size(): Promise<number> {
    return this.entries.size;
  }

  async successor(): Promise<Successor> {
    const model = new ArrayReadModel(this.compare);
    return { model, take: async () => this.become(model), discard: async () => undefined };
  }

  private become({ rows, changes, entries, position }: ArrayReadModel): void {
    Object.assign(this, { rows, changes, entries, position });
  }

  async list(filter: ExecutionFilter, page: { cursor?: string; limit: number }): Promise<ExecutionPage> {
    const limit = checkedLimit(page.limit);
    const after = page.cursor === undefined ? undefined : placeOf(filter, page.cursor);
    const all = this.matching(filter).filter((row) => after === undefined || newestFirst(after, row) < 0);
    const items = all.slice(0, limit);
    const last = items.at(-1);
    return all.length > limit && last !== undefined ? { items, next: cursorOf(filter, last) } : { items };
  }

  /** Every row a list with this filter gives, in its order. */
  matching({ from: first, to: end, ...equal }: ExecutionFilter): ExecutionRow[] {
    const [from, to] = [first, end].map((time) => (time === undefined ? undefined : instant(time)));
    const wanted = Object.entries(equal) as [keyof ExecutionRow, unknown][];
    return [...this.rows.values()]
      .filter((row) => wanted.every(([field, value]) => value === undefined || row[field] === value))
      .filter((row) => from === undefined || row.createdAt >= from)
      .filter((row) => to === undefined || row.createdAt < to)
      .sort(newestFirst);
  }

  async get(id: string): Promise<ExecutionRow | undefined> {
    return this.rows.get(id);
  }

  async open(after: string | undefined, limit: number): Promise<readonly string[]> {
    const ids = [...this.rows.keys()];
    const rest = after === undefined ? ids : ids.slice(ids.indexOf(after) + 1);
    return rest.filter((id) => this.rows.get(id)?.isOpen).slice(0, checkedLimit(limit));
  }

  async holding(runNamespace: string, runName: string, limit: number): Promise<readonly string[]> {
    return [...this.rows.values()]
      .filter((row) => isLocked(row.lock))
      .filter((row) => row.runNamespace === runNamespace && row.runName === runName)
      .map((row) => row.id)
      .slice(0, checkedLimit(limit));
  }

  async withResource(after: string | undefined, limit: number): Promise<readonly ResourcePlace[]> {
    const rows = [...this.rows.values()];
    const rest = after === undefined ? rows : rows.slice(rows.findIndex((row) => row.id === after) + 1);
    const found = rest.filter((row) => row.hasResource).slice(0, checkedLimit(limit));
    return found.map(({ id, namespace, name }) => ({ id, namespace, name }));
  }

  async cooledDown(at: string, limit: number): Promise<readonly string[]> {
    const now = instant(at);
    return this.cooling()
      .filter((row) => (row.lockUntil ?? '') <= now)
      .map((row) => row.id)
      .slice(0, checkedLimit(limit));
  }

  async nextCooldownEnd(): Promise<string | undefined> {
    return this.cooling()[0]?.lockUntil;
  }

  async waitingFor(runNamespace: string, runName: string, limit: number): Promise<readonly string[]> {
    return [...this.rows.values()]
      .filter((row) => row.isQueued && row.runNamespace === runNamespace && row.runName === runName)
      .map((row) => row.id)
      .slice(0, checkedLimit(limit));
  }

  async expired(finishedAt: string, limit: number): Promise<readonly string[]> {
    const at = instant(finishedAt);
    return this.finished()
      .filter((row) => (row.finishedAt ?? '') <= at)
      .map((row) => row.id)
      .slice(0, checkedLimit(limit));
  }

  async archivable(unchangedSince: string, limit: number): Promise<readonly string[]> {
    const at = instant(unchangedSince);
    return [...this.rows.values()]
      .filter((row) => !row.isOpen && !row.hasResource && row.archive === undefined && row.updatedAt <= at)
      .sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : a.updatedAt > b.updatedAt ? 1 : 0))
      .map((row) => row.id)
      .slice(0, checkedLimit(limit));
  }

  async oldestEnd(): Promise<string | undefined> {
    return this.finished()[0]?.finishedAt;
  }

  async indexed(): Promise<Position> {
    const newest = [...this.entries.values()].at(-1)?.position ?? START;
    return newest !== START && this.compare(newest, this.position) > 0 ? newest : this.position;
  }

  async events(
    filter: EventFilter,
    page: { readonly from: Position | 'end'; readonly direction: Direction; readonly limit: number },
  ): Promise<EventPlaces> {
    const limit = checkedLimit(page.limit);
    const forwards = page.direction === 'forwards';
    const [from, indexed] = [page.from, await this.indexed()];
    const isAhead = (entry: EventEntry): boolean =>
      from === 'end' ? !forwards : forwards === this.compare(entry.position, from) > 0 && entry.position !== from;
    if (from !== 'end') this.compare(from, indexed);
    const ahead = [...this.entries.values()].filter(isAhead).filter((entry) => matches(filter, entry));
    const inOrder = forwards ? ahead : ahead.reverse();
    const places = inOrder
      .slice(0, limit)
      .map(({ position, executionId, revision }) => ({ position, stream: streamOf(executionId), revision }));
    const last = places.at(-1);
    if (inOrder.length > limit && last !== undefined) return { places, next: last.position, end: false };
    const beyond = from !== 'end' && this.compare(from, indexed) > 0 ? from : indexed;
    return { places, next: forwards ? beyond : START, end: true };
  }

  async executionsAt(
    moment: string,
    filter: MomentFilter,
    page: { readonly cursor?: string; readonly limit: number },
  ): Promise<IdPage> {
    const at = instant(moment);
    const limit = checkedLimit(page.limit);
    const after = page.cursor === undefined ? undefined : placeOf({ ...filter, at }, page.cursor);
    const all = [...this.changes.values()]
      .filter((change) => isLike(filter, lookAt(change, at)))
      .map(({ row }) => row)
      .filter((row) => after === undefined || newestFirst(after, row) < 0)
      .sort(newestFirst);
    const ids = all.slice(0, limit).map(({ id }) => id);
    const last = all[limit - 1];
    return all.length > limit && last !== undefined ? { ids, next: cursorOf({ ...filter, at }, last) } : { ids };
  }

  async holdersAt(target: string, moment: string): Promise<readonly string[]> {
    const at = instant(moment);
    return [...this.changes.values()]
      .filter(({ row, milestones: { running, released } }) => {
        const isTaken = running !== undefined && running <= at;
        return row.target === target && isTaken && (released === undefined || released > at);
      })
      .map(({ row }) => row.id);
  }

  async waitingAt(target: string, moment: string, limit: number): Promise<readonly string[]> {
    const at = instant(moment);
    return [...this.changes.values()]
      .filter((change) => isLike({ target, phase: 'Pending' }, lookAt(change, at)))
      .map(({ row }) => row.id)
      .slice(0, checkedLimit(limit));
  }

  async targets(page: { readonly cursor?: string; readonly limit: number; readonly locked?: boolean }): Promise<{
    readonly targets: readonly string[];
    readonly next?: string;
  }> {
    const asked = { targets: page.locked === true ? 'locked' : 'all' };
    const limit = checkedLimit(page.limit);
    const after = page.cursor === undefined ? '' : placeOf(asked, page.cursor).id;
    const rows = [...this.rows.values()].filter(({ lock }) => page.locked !== true || isLocked(lock));
    const rest = [...new Set(rows.map(({ target }) => target))]
      .filter((target) => compare(target, after) > 0)
      .sort(compare);
    const targets = rest.slice(0, limit);
    const last = targets.at(-1);
    return rest.length > limit && last !== undefined
      ? { targets, next: cursorOf(asked, { createdAt: '', id: last }) }
      : { targets };
  }

  async reset(): Promise<void> {
    this.rows.clear();
    this.changes.clear();
    this.entries.clear();
    this.position = START;
  }

  async close(): Promise<void> {}

  private finished(): ExecutionRow[] {
    return [...this.rows.values()]
      .filter((row) => !row.isOpen && row.hasResource && row.finishedAt !== undefined)
      .sort((a, b) => compare(a.finishedAt ?? '', b.finishedAt ?? ''));
  }

  private cooling(): ExecutionRow[] {
    return [...this.rows.values()]
      .filter((row) => row.lock === 'Held' && row.lockUntil !== undefined)
      .sort((a, b) => compare(a.lockUntil ?? '', b.lockUntil ?? ''));
  }
}

const isLocked = (lock: ExecutionRow['lock']): boolean => lock === 'Held' || lock === 'Releasing';

/** The row as it was at a moment; undefined before it was accepted. */
function lookAt({ row, milestones }: RowChange, at: string): ExecutionRow | undefined {
  const { running, finished } = milestones;
  if (row.createdAt > at) return undefined;
  if (finished !== undefined && finished <= at) return row;
  const { outcome, ...open } = row;
  void outcome;
  return { ...open, phase: running !== undefined && running <= at ? 'Running' : 'Pending' };
}

const isLike = (filter: MomentFilter, row: ExecutionRow | undefined): boolean =>
  row !== undefined &&
  (Object.entries(filter) as [keyof MomentFilter, unknown][]).every(
    ([field, value]) => value === undefined || row[field] === value,
  );

function matches(filter: EventFilter, entry: EventEntry): boolean {
  const { types, from, to, ...equal } = filter;
  const time = instant(entry.time);
  return (
    (types === undefined || types.includes(entry.type)) &&
    (from === undefined || time >= instant(from)) &&
    (to === undefined || time < instant(to)) &&
    (Object.entries(equal) as [keyof EventEntry, unknown][]).every(
      ([field, value]) => value === undefined || entry[field] === value,
    )
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

type Placed = Pick<ExecutionRow, 'createdAt' | 'id'>;
const newestFirst = (a: Placed, b: Placed): number => compare(b.createdAt, a.createdAt) || compare(b.id, a.id);
