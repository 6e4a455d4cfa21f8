import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AppendOrder, AppendOutcome, ArchiveOrder, ArchiveOutcome, Failure, Probed } from './protocol.ts';
import type { SqliteFault } from './faults.ts';
import { GENESIS_HASH, hashOfTexts } from '../hash-chain.ts';
import { placementOf } from '../placement.ts';
import { categoryOf } from '../prepare.ts';
import { CorruptionError } from '../errors.ts';
import { FilePlace } from './file-place.ts';
import { isFull, notApplied, perhapsApplied, sqliteFault } from './faults.ts';

/** The last event of a stream. */
interface StreamEndRow {
  readonly revision: number;
  readonly hash: string;
}

/**
 * Writes groups of appends, one transaction each: every append in it is judged and written by itself, against what the
 * ones before it wrote, and all of them become durable with one commit.
 */
export class Appender {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #place: FilePlace;
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(db: DatabaseSync, file: string) {
    this.#db = db;
    this.#file = file;
    this.#place = new FilePlace(file);
    this.#statements = prepareStatements(db);
  }

  /** One outcome for each append, in order. Never throws for a fault of the disk: that is an outcome too. */
  appendGroup(appends: readonly AppendOrder[]): AppendOutcome[] {
    const outcomes = this.#transaction('append', () => appends.map((append) => this.#append(append)));
    if (Array.isArray(outcomes)) return outcomes;
    // Nothing of the group was written. One of them may be what does not fit: each gets a try of its own.
    const isWorthSplitting = outcomes.kind === 'unavailable' && appends.length > 1;
    return isWorthSplitting ? appends.flatMap((append) => this.appendGroup([append])) : appends.map(() => outcomes);
  }

  /** Only what is followed by another event goes: of every stream something is left to read. */
  archive({ stream, events, archive }: ArchiveOrder): ArchiveOutcome {
    return this.#transaction('archive', (): ArchiveOutcome => {
      const end = this.#statements.streamEnd.get(stream) as StreamEndRow | undefined;
      if (end === undefined || end.revision < events) return { kind: 'conflict', actual: end?.revision ?? 'none' };
      this.#statements.archive.run(archive, stream, events);
      return { kind: 'archived' };
    });
  }

  /** Writes to the disk as an append would, beside the log. */
  probe(): Probed | Failure {
    return this.#transaction('probe', (): Probed => {
      this.#statements.probe.run();
      return { kind: 'probed' };
    });
  }

  #transaction<T extends object>(operation: string, write: () => T): T | Failure {
    const message = this.#place.problem();
    if (message !== undefined) return { kind: 'unavailable', message };
    let isCommitting = false;
    try {
      this.#statements.begin.run();
      const result = write();
      isCommitting = true;
      this.#statements.commit.run();
      return result;
    } catch (error) {
      const fault = sqliteFault(error);
      this.#rollBack();
      return isCommitting && !isFull(fault)
        ? { kind: 'unknown', message: perhapsApplied(fault, this.#file).message }
        : this.#failure(fault, operation);
    }
  }

  #failure(fault: SqliteFault, operation: string): Failure {
    const error = notApplied(fault, this.#file, operation);
    return { kind: error instanceof CorruptionError ? 'corrupt' : 'unavailable', message: error.message };
  }

  /** Some faults end the transaction by themselves. */
  #rollBack(): void {
    if (this.#db.isTransaction) this.#statements.rollback.run();
  }

  #append(append: AppendOrder): AppendOutcome {
    const { stream, events } = append;
    const end = this.#statements.streamEnd.get(stream) as StreamEndRow | undefined;
    const placement = placementOf(
      append.expected,
      events.map((event) => event.id),
      { last: end?.revision ?? -1, idAt: (revision) => this.#idAt(stream, revision) },
    );
    if (placement.kind !== 'append') return placement;
    return this.#write(append, placement.revision, end?.hash ?? GENESIS_HASH);
  }

  #idAt(stream: string, revision: number): string | undefined {
    const row = this.#statements.idAt.get(stream, revision);
    return row?.['id'] as string | undefined;
  }

  #write({ stream, events }: AppendOrder, revision: number, previousHash: string): AppendOutcome {
    const category = categoryOf(stream);
    if (revision === 0) this.#statements.category.run(category);
    const hashes: string[] = [];
    let position = 0;
    for (const [index, event] of events.entries()) {
      const { id, type, schemaVersion, dataText, metadataText } = event;
      const at = revision + index;
      const previous = hashes.at(-1) ?? previousHash;
      const hash = hashOfTexts(previous, { ...event, stream, revision: at });
      position = Number(
        this.#statements.event.run(
          stream,
          at,
          category,
          id,
          type,
          schemaVersion,
          dataText,
          metadataText,
          previous,
          hash,
        ).lastInsertRowid,
      );
      hashes.push(hash);
    }
    return { kind: 'appended', revision, position: position - events.length + 1, previousHash, hashes };
  }
}

function prepareStatements(
  db: DatabaseSync,
): Record<
  'begin' | 'commit' | 'rollback' | 'streamEnd' | 'idAt' | 'category' | 'event' | 'archive' | 'probe',
  StatementSync
> {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    streamEnd: db.prepare('SELECT revision, hash FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1'),
    idAt: db.prepare('SELECT id FROM events WHERE stream = ? AND revision = ?'),
    category: db.prepare('INSERT OR IGNORE INTO categories (name) VALUES (?)'),
    event: db.prepare(`
      INSERT INTO events (stream, revision, category, id, type, schema_version, data, metadata, previous_hash, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    archive: db.prepare("UPDATE events SET data = '', metadata = ? WHERE stream = ? AND revision < ? AND data <> ''"),
    probe: db.prepare('INSERT INTO probe VALUES (1, 1) ON CONFLICT (only) DO UPDATE SET count = count + 1'),
  };
}
