import { keyOf, objectKey } from '../../store/object.ts';
import type { KubeObject, OwnerReference } from '../../store/object.ts';
import type { ApiContext } from '../context.ts';
import { deleteObject } from '../verbs/delete.ts';
import { FOREGROUND, ORPHAN, holdersOf } from '../verbs/finalizers.ts';
import type { ServedType } from '../types/served-type.ts';

/** A stored object and its type. */
interface Node {
  readonly type: ServedType;
  readonly object: KubeObject;
}

/**
 * One pass of the garbage collector over everything stored: dependents follow their owners, foreground deletions wait
 * for their blocking dependents, orphaned dependents are let go. Answers whether it changed something, and so whether
 * another pass may find more to do.
 */
export function collectGarbage(api: ApiContext): boolean {
  const revision = api.store.revision;
  for (const { type, object: seen } of nodes(api)) {
    // What came before in this pass may have changed or removed it.
    const object = api.store.get(type.collection, keyOf(seen));
    if (object === undefined) continue;
    const node = { type, object };
    const { finalizers = [], deletionTimestamp } = node.object.metadata;
    if (deletionTimestamp !== undefined && finalizers.includes(ORPHAN)) orphanDependents(api, node);
    else if (deletionTimestamp !== undefined && finalizers.includes(FOREGROUND)) deleteInForeground(api, node);
    else followOwners(api, node);
  }
  return api.store.revision !== revision;
}

function nodes(api: ApiContext): Node[] {
  return api.store.collections().flatMap((collection) => {
    const type = api.types.ofCollection(collection);
    return type ? api.store.list(collection).map((object) => ({ type, object })) : [];
  });
}

/** Objects that name this one as their owner. Owners live in the same namespace, or in none. */
function dependentsOf(api: ApiContext, { object: { metadata } }: Node): Node[] {
  return nodes(api).filter(
    ({ object }) =>
      (metadata.namespace === undefined || object.metadata.namespace === metadata.namespace) &&
      (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === metadata.uid),
  );
}

function orphanDependents(api: ApiContext, owner: Node): void {
  for (const dependent of dependentsOf(api, owner)) dropOwner(api, dependent, owner.object.metadata.uid);
  dropFinalizer(api, owner, ORPHAN);
}

/** Deletes the dependents; the owner goes when none is left that blocks it. */
function deleteInForeground(api: ApiContext, owner: Node): void {
  const dependents = dependentsOf(api, owner);
  for (const dependent of dependents) {
    if (dependent.object.metadata.deletionTimestamp !== undefined) continue;
    const grand = dependentsOf(api, dependent).length > 0;
    deleteCurrent(api, dependent, grand ? 'Foreground' : undefined);
  }
  const blocking = dependentsOf(api, owner).filter(({ object }) =>
    (object.metadata.ownerReferences ?? []).some(
      (ref) => ref.uid === owner.object.metadata.uid && ref.blockOwnerDeletion === true,
    ),
  );
  if (blocking.length === 0) dropFinalizer(api, owner, FOREGROUND);
}

/** An object none of whose owners exists goes too; one that keeps an owner only loses the references to the others. */
function followOwners(api: ApiContext, node: Node): void {
  const owners = node.object.metadata.ownerReferences ?? [];
  if (owners.length === 0 || node.object.metadata.deletionTimestamp !== undefined) return;
  const gone = owners.filter((owner) => isGone(api, node, owner));
  if (gone.length === owners.length) deleteCurrent(api, node, undefined);
  else for (const owner of gone) dropOwner(api, node, owner.uid);
}

/** An owner of a type that is not served is not known to be gone. */
function isGone(api: ApiContext, { object: { metadata } }: Node, owner: OwnerReference): boolean {
  const type = api.types.findKind(owner.apiVersion, owner.kind);
  if (!type) return false;
  const key = objectKey(type.namespaced ? metadata.namespace : undefined, owner.name);
  return api.store.get(type.collection, key)?.metadata.uid !== owner.uid;
}

function deleteCurrent(api: ApiContext, { type, object }: Node, propagation: 'Foreground' | undefined): void {
  const current = api.store.get(type.collection, keyOf(object));
  if (current?.metadata.uid !== object.metadata.uid || current === undefined) return;
  deleteObject(api, type, current, { dryRun: false, ...(propagation ? { propagation } : {}) });
}

function dropOwner(api: ApiContext, { type, object }: Node, uid: string | undefined): void {
  const current = api.store.get(type.collection, keyOf(object));
  if (!current) return;
  const { ownerReferences = [], ...metadata } = current.metadata;
  const rest = ownerReferences.filter((owner) => owner.uid !== uid);
  api.store.put(type.collection, {
    ...current,
    metadata: { ...metadata, ...(rest.length > 0 ? { ownerReferences: rest } : {}) },
  });
}

/** Takes a finalizer off an object being deleted, and the object away with the last one. */
export function dropFinalizer(api: ApiContext, { type, object }: Node, finalizer: string): void {
  const current = api.store.get(type.collection, keyOf(object));
  if (!current) return;
  const { finalizers = [], ...metadata } = current.metadata;
  const rest = finalizers.filter((name) => name !== finalizer);
  const freed = { ...current, metadata: { ...metadata, ...(rest.length > 0 ? { finalizers: rest } : {}) } };
  if (holdersOf(type, freed).length === 0) api.store.remove(type.collection, keyOf(object), freed);
  else api.store.put(type.collection, freed);
}
