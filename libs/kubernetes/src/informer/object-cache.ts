import type { KubeObject, ObjectName } from '../cluster.ts';

/** What became different in the cache. A deleted object is given as last known, which after a relist may be old. */
export type Change =
  | { readonly type: 'added'; readonly object: KubeObject }
  | { readonly type: 'updated'; readonly object: KubeObject; readonly previous: KubeObject }
  | { readonly type: 'deleted'; readonly object: KubeObject };

/** The value an object is found by, or none. */
export type IndexFunction = (object: KubeObject) => string | undefined;

/** Objects by namespace and name, and by the given indexes. Each change of it is returned, in order. */
export class ObjectCache {
  private readonly objects = new Map<string, KubeObject>();
  private readonly indexes: ReadonlyMap<
    string,
    { readonly of: IndexFunction; readonly keys: Map<string, Set<string>> }
  >;

  constructor(indexes: Readonly<Record<string, IndexFunction>> = {}) {
    this.indexes = new Map(Object.entries(indexes).map(([name, of]) => [name, { of, keys: new Map() }]));
  }

  get size(): number {
    return this.objects.size;
  }

  get(name: ObjectName): KubeObject | undefined {
    return this.objects.get(keyOf(name));
  }

  list(namespace?: string): readonly KubeObject[] {
    const all = [...this.objects.values()];
    return namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
  }

  /** @throws Error when there is no such index: a bug of the caller */
  byIndex(name: string, value: string): readonly KubeObject[] {
    const index = this.indexes.get(name);
    if (!index) throw new Error(`expected one of the indexes ${[...this.indexes.keys()].join(', ')}, found "${name}"`);
    return [...(index.keys.get(value) ?? [])].flatMap((key) => this.objects.get(key) ?? []);
  }

  /** The object as a watch showed it. What is known already, or is older than what is known, changes nothing. */
  put(object: KubeObject): readonly Change[] {
    const known = this.objects.get(keyOf(object.metadata));
    if (known && sameObject(known, object) && !isNewer(object, known)) return [];
    return this.store(object);
  }

  /** The object as a watch showed it last. That of a predecessor with the same name changes nothing. */
  remove(object: KubeObject): readonly Change[] {
    const known = this.objects.get(keyOf(object.metadata));
    if (!known || !sameObject(known, object)) return [];
    this.forget(known);
    return [{ type: 'deleted', object }];
  }

  /** A whole list: what it lacks was deleted meanwhile, what it shows is true even if it looks older. */
  replaceAll(listed: readonly KubeObject[]): readonly Change[] {
    const keys = new Set(listed.map(({ metadata }) => keyOf(metadata)));
    const gone = [...this.objects].filter(([key]) => !keys.has(key)).map(([, object]) => object);
    gone.forEach((object) => this.forget(object));
    return [
      ...gone.map((object): Change => ({ type: 'deleted', object })),
      ...listed.flatMap((object) => (this.isKnown(object) ? [] : this.store(object))),
    ];
  }

  private isKnown({ metadata }: KubeObject): boolean {
    const known = this.objects.get(keyOf(metadata))?.metadata;
    return known?.uid === metadata.uid && known?.resourceVersion === metadata.resourceVersion;
  }

  /** Another uid under the same name is another object: the known one was deleted, whatever the watch missed. */
  private store(object: KubeObject): readonly Change[] {
    const previous = this.objects.get(keyOf(object.metadata));
    if (previous) this.forget(previous);
    this.remember(object);
    if (!previous) return [{ type: 'added', object }];
    if (sameObject(previous, object)) return [{ type: 'updated', object, previous }];
    return [
      { type: 'deleted', object: previous },
      { type: 'added', object },
    ];
  }

  private remember(object: KubeObject): void {
    const key = keyOf(object.metadata);
    this.objects.set(key, object);
    for (const { of, keys } of this.indexes.values()) {
      const value = of(object);
      if (value !== undefined) keys.set(value, (keys.get(value) ?? new Set()).add(key));
    }
  }

  private forget(object: KubeObject): void {
    const key = keyOf(object.metadata);
    this.objects.delete(key);
    for (const { of, keys } of this.indexes.values()) {
      const value = of(object);
      if (value === undefined) continue;
      keys.get(value)?.delete(key);
      if (keys.get(value)?.size === 0) keys.delete(value);
    }
  }
}

function keyOf({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return `${namespace ?? ''}/${name}`;
}

function sameObject(one: KubeObject, other: KubeObject): boolean {
  return one.metadata.uid === other.metadata.uid;
}

/** Resource versions of one resource type are decimal numbers that grow; where they are not, any other one counts as newer. */
function isNewer(object: KubeObject, known: KubeObject): boolean {
  const [one, other] = [object.metadata.resourceVersion ?? '', known.metadata.resourceVersion ?? ''];
  if (!/^\d+$/.test(one) || !/^\d+$/.test(other)) return one !== other;
  return BigInt(one) > BigInt(other);
}
