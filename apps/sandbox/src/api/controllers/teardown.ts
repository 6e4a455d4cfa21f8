import { keyOf } from '../../store/object.ts';
import type { KubeObject } from '../../store/object.ts';
import type { ApiContext } from '../context.ts';
import { CLEANUP_FINALIZER } from '../types/definition-rules.ts';
import type { Definition } from '../types/definition.ts';
import { namespaceFinalizers } from '../types/namespace.ts';
import { DEFINITIONS } from '../types/registry.ts';
import type { ServedType } from '../types/served-type.ts';
import { deleteObject } from '../verbs/delete.ts';
import { dropFinalizer } from './garbage-collector.ts';

const NAMESPACES = '/namespaces';

/** Empties namespaces and custom types that are being deleted, and lets them go when they are empty. */
export function tearDown(api: ApiContext): boolean {
  const revision = api.store.revision;
  for (const namespace of beingDeleted(api, NAMESPACES)) emptyNamespace(api, namespace);
  for (const definition of beingDeleted(api, DEFINITIONS)) emptyType(api, definition as Definition);
  return api.store.revision !== revision;
}

function beingDeleted(api: ApiContext, collection: string): KubeObject[] {
  return api.store.list(collection).filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
}

function emptyNamespace(api: ApiContext, namespace: KubeObject): void {
  const name = namespace.metadata.name;
  const left = api.store.collections().reduce((count, collection) => {
    const type = api.types.ofCollection(collection);
    return type?.namespaced ? count + deleteAll(api, type, (object) => object.metadata.namespace === name) : count;
  }, 0);
  if (left > 0) return;
  // Only spec.finalizers holds it now: it goes unless somebody put a finalizer of their own on it.
  const freed = { ...namespace, spec: {} };
  if ((namespace.metadata.finalizers ?? []).length === 0) api.store.remove(NAMESPACES, keyOf(namespace), freed);
  else if (namespaceFinalizers(namespace).length > 0) api.store.put(NAMESPACES, freed);
}

function emptyType(api: ApiContext, definition: Definition): void {
  const type = api.types.ofCollection(`${definition.spec.group}/${definition.spec.names.plural}`);
  if (type?.custom && deleteAll(api, type, () => true) > 0) return;
  const definitions = api.types.ofCollection(DEFINITIONS);
  if (definitions) dropFinalizer(api, { type: definitions, object: definition }, CLEANUP_FINALIZER);
}

/** Deletes what matches and answers how much of it is still there, held by finalizers. */
function deleteAll(api: ApiContext, type: ServedType, matches: (object: KubeObject) => boolean): number {
  const objects = api.store.list(type.collection).filter(matches);
  const held = objects.filter((object) => deleteObject(api, type, object, { dryRun: false }) !== undefined);
  return held.length;
}
