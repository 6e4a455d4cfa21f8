import { History } from './history.ts';
import type { Change } from './history.ts';
import type { Journal } from './journal.ts';
import { keyOf } from './object.ts';
import type { KubeObject } from './object.ts';

/** Lines after which the journal is written anew, one for each living object. */
const JOURNAL_LIMIT = 20_000;

/**
 * The sandbox's etcd: objects by collection ("group/plural") and key ("namespace/name"), one revision counter for
 * everything, and the recent changes. Every call is synchronous, so a request handler that does not wait is atomic.
 */
export class ObjectStore {
  readonly #collections = new Map<string, Map<string, KubeObject>>();
  readonly #sorted = new Map<string, readonly KubeObject[]>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #history: History;
  readonly #journal: Journal | undefined;
  readonly #journalLimit: number;
  #revision = 1;

  constructor(options: { historyLimit: number; journal?: Journal; journalLimit?: number }) {
    this.#journalLimit = options.journalLimit ?? JOURNAL_LIMIT;
    this.#history = new History(options.historyLimit);
    this.#journal = options.journal;
    if (options.journal) this.#restore(options.journal);
  }

  /** Revision of the latest change; every write makes the next one. */
  get revision(): number {
    return this.#revision;
  }

  get(collection: string, key: string): KubeObject | undefined {
    return this.#collections.get(collection)?.get(key);
  }

  collections(): readonly string[] {
    return [...this.#collections.keys()];
  }

  /** Objects of a collection, sorted by key. */
  list(collection: string): readonly KubeObject[] {
    const known = this.#sorted.get(collection);
    if (known) return known;
    const entries = [...(this.#collections.get(collection) ?? [])];
    const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    this.#sorted.set(collection, sorted);
    return sorted;
  }

  /** The collection as it was at `revision`, or undefined when the history no longer reaches back that far. */
  listAt(collection: string, revision: number): readonly KubeObject[] | undefined {
    const changes = this.#history.after(revision);
    if (changes === undefined) return undefined;
    const then = new Map(this.#collections.get(collection));
    for (const change of changes.toReversed()) {
      if (change.collection !== collection) continue;
      if (change.previous) then.set(keyOf(change.previous), change.previous);
      else then.delete(keyOf(change.object));
    }
    return [...then].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** Stores the object under the next revision and returns it as stored. */
  put(collection: string, object: KubeObject): KubeObject {
    const previous = this.get(collection, keyOf(object));
    const stored = this.#stamped(object);
    this.#commit({
      type: previous ? 'MODIFIED' : 'ADDED',
      collection,
      revision: this.#revision,
      object: stored,
      ...(previous ? { previous } : {}),
    });
    return stored;
  }

  /** Removes the object and returns its last state, stamped with the revision of the removal. */
  remove(collection: string, key: string, last?: KubeObject): KubeObject {
    const previous = this.get(collection, key);
    if (previous === undefined) throw new Error(`expected ${collection} ${key} to exist in order to remove it`);
    const object = this.#stamped(last ?? previous);
    this.#commit({ type: 'DELETED', collection, revision: this.#revision, object, previous });
    return object;
  }

  /** Changes after `revision`, oldest first, or undefined when some of them have been compacted away. */
  changesAfter(revision: number): readonly Change[] | undefined {
    return this.#history.after(revision);
  }

  /** Forgets the changes up to `revision`: watches and exact lists from before it are Gone. */
  compact(revision = this.#revision): void {
    this.#history.compact(Math.min(revision, this.#revision));
  }

  /** Calls the listener after every change, in order, before the writer has its answer. */
  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #stamped(object: KubeObject): KubeObject {
    this.#revision += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#revision) } };
  }

  #commit(change: Change): void {
    this.#apply(change);
    this.#history.record(change);
    this.#record(change);
    for (const listener of this.#listeners) listener(change);
  }

  #apply(change: Pick<Change, 'type' | 'collection' | 'object'>): void {
    const objects = this.#collections.get(change.collection) ?? new Map<string, KubeObject>();
    this.#collections.set(change.collection, objects);
    if (change.type === 'DELETED') objects.delete(keyOf(change.object));
    else objects.set(keyOf(change.object), change.object);
    this.#sorted.delete(change.collection);
  }

  #restore(journal: Journal): void {
    for (const entry of journal.replay()) {
      this.#apply(entry);
      this.#revision = entry.revision;
    }
    this.#history.compact(this.#revision);
    journal.rewrite(this.#revision, this.#everything());
  }

  #record(change: Change): void {
    if (!this.#journal) return;
    if (this.#journal.appended < this.#journalLimit) this.#journal.append(change);
    else this.#journal.rewrite(this.#revision, this.#everything());
  }

  #everything(): readonly Pick<Change, 'collection' | 'object'>[] {
    return this.collections().flatMap((collection) => this.list(collection).map((object) => ({ collection, object })));
  }
}
