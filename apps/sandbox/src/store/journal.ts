import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from './history.ts';
import { isFields } from './object.ts';
import type { KubeObject } from './object.ts';

type Entry = Pick<Change, 'type' | 'collection' | 'revision' | 'object'>;

/**
 * The objects of the sandbox in a file, one JSON line per change, so that the next start continues with them. A line
 * is handed to the operating system before the write is acknowledged: it survives the end of the process, not of the
 * machine. A last line that was cut short is dropped.
 */
export class Journal {
  readonly #path: string;
  #file: number | undefined;
  #appended = 0;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, 'cluster.ndjson');
  }

  replay(): readonly Entry[] {
    if (!existsSync(this.#path)) return [];
    const lines = readFileSync(this.#path, 'utf8').split('\n');
    const complete = lines.slice(0, -1);
    return complete.map((line, index) => this.#entry(line, index + 1));
  }

  /** Replaces the file by one line per living object and a last one that keeps the revision. */
  rewrite(revision: number, objects: readonly Pick<Change, 'collection' | 'object'>[]): void {
    this.close();
    const fresh = `${this.#path}.new`;
    const file = openSync(fresh, 'w');
    for (const { collection, object } of objects) writeLine(file, { type: 'ADDED', collection, revision, object });
    closeSync(file);
    renameSync(fresh, this.#path);
    this.#file = openSync(this.#path, 'a');
    this.#appended = 0;
    this.append({ type: 'DELETED', collection: 'revision', revision, object: REVISION_MARK });
  }

  append(change: Entry): void {
    if (this.#file === undefined) throw new Error(`expected ${this.#path} to be open; it was closed before this write`);
    const { type, collection, revision, object } = change;
    writeLine(this.#file, { type, collection, revision, object });
    this.#appended += 1;
  }

  /** Lines written since the last rewrite. */
  get appended(): number {
    return this.#appended;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #entry(line: string, number: number): Entry {
    const entry: unknown = JSON.parse(line);
    if (!isEntry(entry)) {
      throw new Error(
        `expected a change in line ${number} of ${this.#path}; remove the file to start with an empty cluster`,
      );
    }
    return entry;
  }
}

/** A removal of nothing: it carries the revision over a restart when no object does. */
const REVISION_MARK: KubeObject = { apiVersion: 'v1', kind: 'Revision', metadata: { name: 'revision' } };

function writeLine(file: number, entry: Entry): void {
  writeSync(file, `${JSON.stringify(entry)}\n`);
}

function isEntry(value: unknown): value is Entry {
  return (
    isFields(value) &&
    typeof value['collection'] === 'string' &&
    typeof value['revision'] === 'number' &&
    isFields(value['object']) &&
    isFields(value['object']['metadata'])
  );
}
