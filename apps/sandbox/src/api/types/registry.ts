import type { ObjectStore } from '../../store/object-store.ts';
import { BUILTIN_TYPES } from './builtin.ts';
import { servedBy } from './definition.ts';
import type { Definition } from './definition.ts';
import { compareVersions } from './version-order.ts';
import { apiVersionOf } from './served-type.ts';
import type { ServedType } from './served-type.ts';

export const DEFINITIONS = 'apiextensions.k8s.io/customresourcedefinitions';

export interface GroupVersions {
  readonly group: string;
  /** Preferred version first. */
  readonly versions: readonly string[];
}

/** Every type served now: the built-in ones and those of the stored definitions, which it follows. */
export class TypeRegistry {
  readonly #custom = new Map<string, readonly ServedType[]>();
  #all: readonly ServedType[] = BUILTIN_TYPES;
  #byKind = new Map<string, ServedType>();
  #byCollection = new Map<string, ServedType>();

  constructor(store: ObjectStore) {
    for (const definition of store.list(DEFINITIONS)) this.#serve(definition as Definition);
    store.subscribe(({ collection, type, object }) => {
      if (collection !== DEFINITIONS) return;
      if (type === 'DELETED') this.#custom.delete(object.metadata.name);
      else this.#serve(object as Definition);
      this.#index();
    });
    this.#index();
  }

  all(): readonly ServedType[] {
    return this.#all;
  }

  find(group: string, version: string, plural: string): ServedType | undefined {
    return this.all().find((type) => type.group === group && type.version === version && type.plural === plural);
  }

  /** A type by what an owner reference says of it. */
  findKind(apiVersion: string, kind: string): ServedType | undefined {
    return this.#byKind.get(`${apiVersion} ${kind}`);
  }

  /** The preferred version of the type whose objects are in this collection. */
  ofCollection(collection: string): ServedType | undefined {
    return this.#byCollection.get(collection);
  }

  /** Groups other than core, by name. */
  groups(): readonly GroupVersions[] {
    const names = new Map<string, Set<string>>();
    for (const { group, version } of this.all()) {
      if (group !== '') names.set(group, (names.get(group) ?? new Set<string>()).add(version));
    }
    return [...names]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([group, versions]) => ({ group, versions: [...versions].sort(compareVersions) }));
  }

  inGroup(group: string, version: string): readonly ServedType[] {
    return this.all().filter((type) => type.group === group && type.version === version);
  }

  #index(): void {
    this.#all = [...BUILTIN_TYPES, ...[...this.#custom.values()].flat()];
    this.#byKind = new Map(this.#all.map((type) => [`${apiVersionOf(type)} ${type.kind}`, type]));
    // Of several versions the first, preferred one counts: the last to be set here.
    const stored = this.#all.filter(({ view }) => view === undefined).toReversed();
    this.#byCollection = new Map(stored.map((type) => [type.collection, type]));
  }

  #serve(definition: Definition): void {
    // A definition of a type that the sandbox has built in (a stand-in for leases, say) is stored and otherwise ignored.
    const types = servedBy(definition).sort((a, b) => compareVersions(a.version, b.version));
    const taken = types.some((type) => BUILTIN_TYPES.some(({ collection }) => collection === type.collection));
    this.#custom.set(definition.metadata.name, taken ? [] : types);
  }
}
