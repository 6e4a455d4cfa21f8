import type { Clock } from '../clock.ts';
import type { KubeObject, KubeObjectMeta, Propagation } from '../cluster.ts';
import { FOREGROUND, ORPHAN } from './collector.ts';
import { frozenJson, sameJson } from './json.ts';
import { nameOf, type ObjectTable, type Stored } from './object-table.ts';
import {
  broughtAlong,
  checkKind,
  checkObject,
  checkTransition,
  mergedWith,
  mustSayVersion,
  withGeneration,
} from './object-rules.ts';
import type { Asked } from './refusals.ts';
import { alreadyExists, conflict, denied, versionOnCreate } from './refusals.ts';
import type { AdmissionDenial, AdmissionRequest, ServedType } from './served-type.ts';

/** What a write makes of the stored objects: completed, admitted, checked, and stored in a new version. */
export class ObjectWrites {
  private uids = 0;

  constructor(
    private readonly table: ObjectTable,
    private readonly clock: Clock,
  ) {}

  create(attempt: Asked, served: ServedType, object: KubeObject): KubeObject {
    checkKind(attempt, served, object);
    if (object.metadata.resourceVersion !== undefined) throw versionOnCreate(attempt);
    const admitted = this.admitted(attempt, served, this.completed(served, object), {});
    checkObject(attempt, admitted);
    if (this.table.get(served, nameOf(admitted))) throw alreadyExists(attempt, admitted.metadata.name);
    return this.table.put(served, admitted);
  }

  /** A new object with the system's own metadata, and no status yet. */
  private completed(served: ServedType, { status, ...given }: KubeObject): KubeObject {
    this.uids += 1;
    const { generateName, ...metadata } = broughtAlong(given.metadata);
    const name =
      metadata.name === '' && generateName !== undefined ? `${generateName}${suffix(this.uids)}` : metadata.name;
    return {
      ...given,
      ...(served.hasStatus || status === undefined ? {} : { status }),
      metadata: {
        ...metadata,
        name,
        uid: `c0000000-0000-4000-8000-${this.uids.toString(16).padStart(12, '0')}`,
        creationTimestamp: this.timestamp(),
        ...(served.hasStatus ? { generation: 1 } : {}),
      },
    };
  }

  /** Replaces the whole object, or its status, in the version it names. */
  replace(attempt: Asked, stored: Stored, object: KubeObject, subresource: 'status' | undefined): KubeObject {
    const { name, uid, resourceVersion } = object.metadata;
    if (resourceVersion === undefined) throw mustSayVersion(attempt, name);
    const known = stored.object.metadata.uid;
    if (uid !== undefined && uid !== known) {
      const problem = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${known}`;
      throw conflict(attempt, name, problem);
    }
    return this.update(attempt, stored, object, subresource);
  }

  /** Stores what the candidate changes of what this kind of write may change; nothing when that is nothing. */
  update(
    attempt: Asked,
    { served, object: before }: Stored,
    candidate: KubeObject,
    subresource: 'status' | undefined,
  ): KubeObject {
    const { name, resourceVersion } = candidate.metadata;
    if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion)
      throw conflict(attempt, name);
    checkTransition(attempt, candidate, before);
    const merged = mergedWith(served, before, candidate, subresource);
    const request = { previous: before, ...(subresource === undefined ? {} : { subresource }) };
    const counted = withGeneration(before, this.admitted(attempt, served, merged, request));
    checkObject(attempt, frozenJson(counted));
    return this.storeUpdate(served, before, counted);
  }

  private admitted(attempt: Asked, served: ServedType, object: KubeObject, request: AdmissionRequest): KubeObject {
    const { admission } = served;
    const mutated = admission?.mutate ? admission.mutate(frozenJson(object), request) : object;
    if (!isObject(mutated)) throw denied(attempt, mutated);
    const admitted = frozenJson(mutated);
    const denial = admission?.validate?.(admitted, request);
    if (denial !== undefined) throw denied(attempt, denial);
    return admitted;
  }

  /** An object that is being deleted goes with its last finalizer. */
  storeUpdate(served: ServedType, before: KubeObject, object: KubeObject): KubeObject {
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    if (deletionTimestamp !== undefined && finalizers.length === 0) return this.table.remove(served, object);
    return sameJson(before, object) ? before : this.table.put(served, object);
  }

  /** Removes the object, or marks it as being deleted when something holds it. Asked again, it changes nothing. */
  beginDeletion({ served, object }: Stored, propagation: Propagation | undefined): void {
    const finalizers = finalizersFor(object.metadata.finalizers ?? [], propagation);
    const { deletionTimestamp, generation, ...metadata } = object.metadata;
    const isFirst = deletionTimestamp === undefined;
    const marked: KubeObjectMeta = {
      ...metadata,
      ...(generation === undefined ? {} : { generation: generation + (isFirst ? 1 : 0) }),
      deletionTimestamp: deletionTimestamp ?? this.timestamp(),
      finalizers,
    };
    if (finalizers.length === 0) this.table.remove(served, object);
    else this.storeUpdate(served, object, { ...object, metadata: marked });
  }

  /** Whole seconds, as the API writes every time. */
  private timestamp(): string {
    return `${new Date(this.clock.now()).toISOString().slice(0, 19)}Z`;
  }
}

const SUFFIX_LENGTH = 5;
const suffix = (count: number): string => count.toString(36).padStart(SUFFIX_LENGTH, '0');

const isObject = (result: KubeObject | AdmissionDenial): result is KubeObject => 'metadata' in result;

/** The object's finalizers with the one that the garbage collector works on for this kind of deletion. */
function finalizersFor(finalizers: readonly string[], propagation: Propagation | undefined): readonly string[] {
  if (propagation === undefined) return finalizers;
  const others = finalizers.filter((name) => name !== FOREGROUND && name !== ORPHAN);
  if (propagation === 'Background') return others;
  return [...others, propagation === 'Foreground' ? FOREGROUND : ORPHAN];
}
