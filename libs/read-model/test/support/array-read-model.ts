import type { Position } from '#event-store';
import { START } from '#event-store';
import type { ExecutionFilter, ExecutionPage, ExecutionRow, ReadModel, ResourcePlace, RowChange } from '#runtime';
import { cursorOf, placeOf } from '../../src/cursor.ts';
import { instant } from '../../src/instant.ts';
import { checkedLimit } from '../../src/page-limit.ts';

/** The port said with arrays: slow, and easy to believe. What other implementations are compared with. */
export class ArrayReadModel implements ReadModel {
  private readonly rows = new Map<string, ExecutionRow>();
  private position: Position = START;

  async checkpoint(): Promise<Position> {
    return this.position;
  }

  async apply(changes: readonly RowChange[], checkpoint: Position): Promise<void> {
    for (const { row } of changes)
      if (row.revision >= (this.rows.get(row.id)?.revision ?? 0)) this.rows.set(row.id, row);
    this.position = checkpoint;
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
      .filter((row) => row.lock === 'Held' || row.lock === 'Releasing')
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

  async oldestEnd(): Promise<string | undefined> {
    return this.finished()[0]?.finishedAt;
  }

  async reset(): Promise<void> {
    this.rows.clear();
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

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

type Placed = Pick<ExecutionRow, 'createdAt' | 'id'>;
const newestFirst = (a: Placed, b: Placed): number => compare(b.createdAt, a.createdAt) || compare(b.id, a.id);
