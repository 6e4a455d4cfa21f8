import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
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
import { cursorOf, placeOf } from '../cursor.ts';
import { instant } from '../instant.ts';
import { checkedLimit } from '../page-limit.ts';
import type { Stretch } from './event-search.ts';
import { searchEvents } from './event-search.ts';
import type { Compare } from './event-table.ts';
import { EventTable } from './event-table.ts';
import { searchExecutions } from './execution-search.ts';
import { listQuestion } from './list-question.ts';
import { LOOKUPS } from './lookups.ts';
import { executionsAt, holdersAt, waitingAt } from './moments.ts';
import { writeRow } from './row-table.ts';
import { rowOf } from './rows.ts';
import { inTransaction, TABLE_NAMES } from './schema.ts';
import type { Slots } from './slots.ts';
import { Statements } from './statements.ts';
import { targetPage } from './targets.ts';

/** Rows and events in one SQLite file, and the way to the next one. Made by `openSqliteReadModel`. */
export class SqliteReadModel implements ReadModel, LogIndex {
  #sql: Statements;
  #events: EventTable;

  constructor(
    db: DatabaseSync,
    private readonly slots: Slots,
    private readonly compare: Compare,
  ) {
    this.#sql = new Statements(db);
    this.#events = new EventTable(this.#sql, compare);
  }

  async checkpoint(): Promise<Position> {
    const kept = this.#sql.first('SELECT position FROM checkpoint');
    return kept === undefined ? START : (kept['position'] as Position);
  }

  async apply(changes: readonly RowChange[], events: readonly EventEntry[], checkpoint: Position): Promise<void> {
    try {
      inTransaction(this.#sql.db, () => {
        for (const change of changes) writeRow(this.#sql, change);
        this.#events.write(events);
        this.#sql.run('INSERT OR REPLACE INTO checkpoint (only, position) VALUES (1, ?)', checkpoint);
      });
    } catch (error) {
      this.#events.texts.forget();
      throw error;
    }
  }

  async size(): Promise<number> {
    return this.#events.newest().seq;
  }

  async list(filter: ExecutionFilter, page: { cursor?: string; limit: number }): Promise<ExecutionPage> {
    const limit = checkedLimit(page.limit);
    const after = page.cursor === undefined ? undefined : placeOf(filter, page.cursor);
    const found = (await searchExecutions(() => this.#sql, listQuestion(filter), after, limit + 1)).map(rowOf);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return found.length > limit && last !== undefined ? { items, next: cursorOf(filter, last) } : { items };
  }

  async get(id: string): Promise<ExecutionRow | undefined> {
    return this.#sql.all(LOOKUPS.get, id).map(rowOf)[0];
  }

  async open(after: string | undefined, limit: number): Promise<readonly string[]> {
    return this.#ids(LOOKUPS.open, after ?? null, checkedLimit(limit));
  }

  async holding(runNamespace: string, runName: string, limit: number): Promise<readonly string[]> {
    return this.#ids(LOOKUPS.holding, runNamespace, runName, checkedLimit(limit));
  }

  async withResource(after: string | undefined, limit: number): Promise<readonly ResourcePlace[]> {
    const found = this.#sql.all(LOOKUPS.withResource, after ?? null, checkedLimit(limit));
    return found.map(({ id, namespace, name }) => ({ id, namespace, name }) as ResourcePlace);
  }

  async cooledDown(at: string, limit: number): Promise<readonly string[]> {
    return this.#ids(LOOKUPS.cooledDown, instant(at), checkedLimit(limit));
  }

  async nextCooldownEnd(): Promise<string | undefined> {
    return this.#sql.all(LOOKUPS.nextCooldownEnd)[0]?.['lock_until'] as string | undefined;
  }

  async waitingFor(runNamespace: string, runName: string, limit: number): Promise<readonly string[]> {
    return this.#ids(LOOKUPS.waitingFor, runNamespace, runName, checkedLimit(limit));
  }

  async expired(finishedAt: string, limit: number): Promise<readonly string[]> {
    return this.#ids(LOOKUPS.expired, instant(finishedAt), checkedLimit(limit));
  }

  async oldestEnd(): Promise<string | undefined> {
    return this.#sql.all(LOOKUPS.oldestEnd)[0]?.['finished_at'] as string | undefined;
  }

  async indexed(): Promise<Position> {
    const [{ seq, position }, checkpoint] = [this.#events.newest(), await this.checkpoint()];
    return seq > 0 && this.compare(position, checkpoint) > 0 ? position : checkpoint;
  }

  async events(
    filter: EventFilter,
    page: { readonly from: Position | 'end'; readonly direction: Direction; readonly limit: number },
  ): Promise<EventPlaces> {
    const { from, direction } = page;
    const limit = checkedLimit(page.limit);
    const indexed = await this.indexed();
    const stretch = this.#stretch(from, direction);
    const { found, upTo } = searchEvents(this.#sql, this.#events.texts, filter, stretch, direction, limit);
    const places = found.slice(0, limit).map(({ position, execution, revision }) => ({
      position: position as Position,
      stream: streamOf(execution as string),
      revision: revision as number,
    }));
    const last = places.at(-1);
    if (found.length > limit && last !== undefined) return { places, next: last.position, end: false };
    if (upTo !== undefined) {
      const next = this.#events.positionAt(upTo);
      await nextTurn();
      return { places, next, end: false };
    }
    if (direction === 'backwards') return { places, next: START, end: true };
    const isBeyond = from !== 'end' && this.compare(from, indexed) > 0;
    return { places, next: isBeyond ? from : indexed, end: true };
  }

  async executionsAt(
    moment: string,
    filter: MomentFilter,
    page: { readonly cursor?: string; readonly limit: number },
  ): Promise<IdPage> {
    return executionsAt(() => this.#sql, instant(moment), filter, { ...page, limit: checkedLimit(page.limit) });
  }

  async holdersAt(target: string, moment: string): Promise<readonly string[]> {
    return holdersAt(this.#sql, target, instant(moment));
  }

  async waitingAt(target: string, moment: string, limit: number): Promise<readonly string[]> {
    return waitingAt(this.#sql, target, instant(moment), checkedLimit(limit));
  }

  async targets(page: { readonly cursor?: string; readonly limit: number; readonly locked?: boolean }): Promise<{
    readonly targets: readonly string[];
    readonly next?: string;
  }> {
    return targetPage(this.#sql, { ...page, limit: checkedLimit(page.limit) });
  }

  async archivable(unchangedSince: string, limit: number): Promise<readonly string[]> {
    return this.#ids(LOOKUPS.archivable, instant(unchangedSince), checkedLimit(limit));
  }

  async reset(): Promise<void> {
    inTransaction(this.#sql.db, () => {
      for (const table of TABLE_NAMES) this.#sql.run(`DELETE FROM ${table}`);
    });
    this.#events.texts.forget();
  }

  async successor(): Promise<Successor> {
    const model = new SqliteReadModel(this.slots.next(), this.slots, this.compare);
    let isTaken = false;
    return {
      model,
      take: async () => {
        await this.slots.settle();
        this.slots.promote();
        isTaken = true;
        [this.#sql, this.#events] = [model.#sql, model.#events];
      },
      discard: async () => (isTaken ? undefined : this.slots.discard()),
    };
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    this.slots.close();
  }

  /** Numbers after a position, or before it. */
  #stretch(from: Position | 'end', direction: Direction): Stretch {
    const before = this.#events.newest().seq + 1;
    if (from === 'end') return { after: direction === 'forwards' ? before : 0, before };
    const rank = this.#events.rank(from);
    if (direction === 'forwards') return { after: rank, before };
    const isThere = rank > 0 && this.compare(this.#events.positionAt(rank), from) === 0;
    return { after: 0, before: isThere ? rank : rank + 1 };
  }

  #ids(sql: string, ...values: SQLInputValue[]): string[] {
    return this.#sql.all(sql, ...values).map((record) => record['id'] as string);
  }
}

/** SQLite answers at once: whoever asks again and again, because little matches, would keep everybody else waiting. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
