import type { KubeObject, ObjectName } from '../cluster.ts';
import { frozenJson } from './json.ts';
import type { ServedType } from './served-type.ts';

/** A stored object and its type. */
export interface Stored {
  readonly served: ServedType;
  readonly object: KubeObject;
}

/** One step of the cluster's history. Each has a resourceVersion of its own, one more than the step before. */
export interface Change extends Stored {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly previous: KubeObject | undefined;
}

/** Everything stored, and the latest part of its history. Objects in it are frozen. */
export class ObjectTable {
  private readonly collections = new Map<ServedType, Map<string, KubeObject>>();
  private readonly uids = new Map<string, Stored>();
  private readonly listeners = new Set<(change: Change) => void>();
  private changes: Change[] = [];
  private current = 0;

  constructor(private readonly maxHistory: number) {}

  /** The resourceVersion of now. */
  get version(): number {
    return this.current;
  }

  /** Changes after this version are remembered. */
  get oldestVersion(): number {
    return this.current - this.changes.length;
  }

  get(served: ServedType, name: ObjectName): KubeObject | undefined {
    return this.collections.get(served)?.get(keyOf(name));
  }

  byUid(uid: string): Stored | undefined {
    return this.uids.get(uid);
  }

  /** In the order of namespace and name. */
  list(served: ServedType): readonly KubeObject[] {
    const entries = [...(this.collections.get(served) ?? [])];
    return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** Stores the object under the next resourceVersion. */
  put(served: ServedType, object: KubeObject): KubeObject {
    const { collection, key } = this.place(served, object);
    const previous = collection.get(key);
    const stored = this.versioned(object);
    collection.set(key, stored);
    this.uids.set(stored.metadata.uid as string, { served, object: stored });
    this.record({ type: previous === undefined ? 'ADDED' : 'MODIFIED', served, object: stored, previous });
    return stored;
  }

  /** Removes the object; its last state, as given, gets the next resourceVersion. */
  remove(served: ServedType, object: KubeObject): KubeObject {
    const { collection, key } = this.place(served, object);
    const previous = collection.get(key);
    const last = this.versioned(object);
    collection.delete(key);
    this.uids.delete(last.metadata.uid as string);
    this.record({ type: 'DELETED', served, object: last, previous });
    return last;
  }

  /** The change after this version; absent when there is none yet or it is no longer remembered. */
  changeAfter(version: number): Change | undefined {
    return this.changes[version - this.oldestVersion];
  }

  /** Forgets the history. */
  compact(): void {
    this.changes = [];
  }

  /** Told of each change when it is stored. */
  subscribe(listener: (change: Change) => void): void {
    this.listeners.add(listener);
  }

  private place(served: ServedType, { metadata }: KubeObject): { collection: Map<string, KubeObject>; key: string } {
    const collection = this.collections.get(served) ?? new Map<string, KubeObject>();
    this.collections.set(served, collection);
    return { collection, key: keyOf(nameOf({ metadata })) };
  }

  private versioned(object: KubeObject): KubeObject {
    this.current += 1;
    return frozenJson({ ...object, metadata: { ...object.metadata, resourceVersion: String(this.current) } });
  }

  private record(change: Change): void {
    this.changes.push(change);
    // Half at a time, so that forgetting costs next to nothing per change.
    if (this.changes.length > this.maxHistory) this.changes = this.changes.slice(this.changes.length >> 1);
    for (const listener of this.listeners) listener(change);
  }
}

export const nameOf = ({ metadata }: Pick<KubeObject, 'metadata'>): ObjectName => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});

const keyOf = ({ namespace, name }: ObjectName): string => `${namespace}/${name}`;
