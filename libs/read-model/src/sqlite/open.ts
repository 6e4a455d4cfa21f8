import type { EventStore } from '#event-store';
import { SqliteReadModel } from './read-model.sqlite.ts';
import { Slots } from './slots.ts';

export interface SqliteReadModelOptions {
  /**
   * Path of the file, made when it is not there; ':memory:' for one that is gone when it is closed. Beside it, with a 2
   * in its name, the next one is built; then that one is the read model, and this path where the one after it is built.
   */
  readonly file: string;
  /** The order of the log it is filled from: that of its store. */
  readonly compare: EventStore['compare'];
}

/**
 * Opens the read model of a file. What another version of this program left in it is forgotten, as after `reset`; what
 * was left of an attempt to build it anew is removed.
 * @throws Error that says what to do when the file is no read model or cannot be opened
 */
export async function openSqliteReadModel({ file, compare }: SqliteReadModelOptions): Promise<SqliteReadModel> {
  const slots = Slots.at(file);
  return new SqliteReadModel(slots.db, slots, compare);
}
