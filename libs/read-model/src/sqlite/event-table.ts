import type { Position } from '#event-store';
import { START } from '#event-store';
import type { EventEntry } from '#runtime';
import { writeSpans } from './spans.ts';
import type { Statements } from './statements.ts';
import { Texts } from './texts.ts';

export type Compare = (a: Position, b: Position) => number;

export const EVENT_SQL = {
  newest: 'SELECT seq, position FROM events ORDER BY seq DESC LIMIT 1',
  positionAt: 'SELECT position FROM events WHERE seq = ?',
  insert: `INSERT INTO events (seq, position, revision, time, execution, type, actor, correlation, target, workflow, outcome)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  /** What a later version may understand that an earlier one did not. */
  update: `UPDATE events INDEXED BY events_by_execution SET target = ?, workflow = ?, outcome = ?
    WHERE execution = ? AND revision = ?`,
} as const;

interface Newest {
  readonly seq: number;
  readonly position: Position;
}

/**
 * The events of executions in the order of the log, counted from 1 without gaps (`seq`). Positions are opaque: where one
 * stands among them is found by comparing it with some of them.
 */
export class EventTable {
  readonly texts: Texts;

  constructor(
    private readonly sql: Statements,
    private readonly compare: Compare,
  ) {
    this.texts = new Texts(sql);
  }

  /** The last one; number 0 at START when there is none. */
  newest(): Newest {
    const found = this.sql.first(EVENT_SQL.newest);
    return found === undefined
      ? { seq: 0, position: START }
      : { seq: found['seq'] as number, position: found['position'] as Position };
  }

  /** Within the caller's transaction. @throws PositionError for events of another log than those it has */
  write(entries: readonly EventEntry[]): void {
    if (entries.length === 0) return;
    const { seq, position } = this.newest();
    const known = seq === 0 ? 0 : this.#countUpTo(entries, position);
    for (const entry of entries.slice(0, known)) this.#update(entry);
    const added = entries.slice(known);
    const times = added.map((entry) => Date.parse(entry.time));
    for (const [index, entry] of added.entries()) this.#insert(seq + 1 + index, entry, times[index] ?? 0);
    writeSpans(this.sql, seq + 1, times);
  }

  /** How many events are at or before a position of the log. @throws PositionError for one of another log */
  rank(position: Position): number {
    const newest = this.newest();
    if (position === START || newest.seq === 0) return 0;
    if (this.compare(newest.position, position) <= 0) return newest.seq;
    let [from, to] = [0, newest.seq - 1];
    while (from < to) {
      const middle = Math.ceil((from + to) / 2);
      if (this.compare(this.positionAt(middle), position) <= 0) from = middle;
      else to = middle - 1;
    }
    return from;
  }

  positionAt(seq: number): Position {
    return this.sql.first(EVENT_SQL.positionAt, seq)?.['position'] as Position;
  }

  #countUpTo(entries: readonly EventEntry[], position: Position): number {
    const count = entries.findIndex((entry) => this.compare(entry.position, position) > 0);
    return count === -1 ? entries.length : count;
  }

  #insert(seq: number, entry: EventEntry, time: number): void {
    const { position, revision, executionId, type, actor, correlationId } = entry;
    const always = [executionId, type, actor, correlationId].map((text) => this.texts.idOf(text));
    this.sql.run(EVENT_SQL.insert, seq, position, revision, time, ...always, ...this.#perhaps(entry));
  }

  #update(entry: EventEntry): void {
    this.sql.run(EVENT_SQL.update, ...this.#perhaps(entry), this.texts.idOf(entry.executionId), entry.revision);
  }

  #perhaps({ target, workflowId, outcome }: EventEntry): (number | null)[] {
    return [target, workflowId, outcome].map((text) => (text === undefined ? null : this.texts.idOf(text)));
  }
}
