import { keyOf, objectKey, omit, sameJson } from '../../store/object.ts';
import type { KubeObject, ManagedFieldsEntry, ObjectMeta } from '../../store/object.ts';
import type { ApiContext, Reply, ResourceRequest } from '../context.ts';
import { updatedBy } from '../fields/managed-fields.ts';
import { withDefaults } from '../schema/defaults.ts';
import { ApiError, badRequest, conflict, invalid, notFound } from '../status.ts';
import type { Cause } from '../status.ts';
import { apiVersionOf, present } from '../types/served-type.ts';
import type { ServedType } from '../types/served-type.ts';
import { inNamespace } from './create.ts';
import { decodeObject } from './decode.ts';
import { holdersOf } from './finalizers.ts';
import { metadataWarnings } from './metadata.ts';
import { writeOptions } from './options.ts';
import type { WriteOptions } from './options.ts';
import { checkSize, checkValid } from './validation.ts';

export function update(api: ApiContext, request: ResourceRequest): Reply {
  const options = writeOptions(request, 'UpdateOptions');
  const { object: given, warnings } = decodeObject(request, options);
  checkName(request, given);
  const object = inNamespace(request, given);
  const previous = storedObject(api, request);
  if (!object.metadata.resourceVersion && request.type.custom) throw mustSayVersion(request.type, object.metadata.name);
  if (object.metadata.uid && object.metadata.uid !== previous.metadata.uid)
    throw otherUid(request.type, object, previous);
  const stored = replaceObject(api, request, previous, object, options);
  return { code: 200, body: present(request.type, stored), warnings: [...metadataWarnings(object), ...warnings] };
}

/** @throws ApiError 404 */
export function storedObject(api: ApiContext, { type, namespace, name = '' }: ResourceRequest): KubeObject {
  const found = api.store.get(type.collection, objectKey(type.namespaced ? namespace : undefined, name));
  if (!found) throw notFound(type, name);
  return found;
}

export function checkName(request: ResourceRequest, { metadata: { name } }: KubeObject): void {
  if (name === request.name) return;
  throw badRequest(`the name of the object (${name}) does not match the name on the URL (${request.name ?? ''})`);
}

function mustSayVersion(type: ServedType, name: string): ApiError {
  const message = 'Invalid value: 0: must be specified for an update';
  return invalid(type.plural, type.group, name, [
    { reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' },
  ]);
}

function otherUid(type: ServedType, object: KubeObject, previous: KubeObject): ApiError {
  const { name, uid } = object.metadata;
  const error = conflict(type, name);
  const problem = `Precondition failed: UID in precondition: ${uid ?? ''}, UID in object meta: ${previous.metadata.uid ?? ''}`;
  const message = error.message.replace(/: the object has been modified.*/, `: ${problem}`);
  return new ApiError(error.code, error.reason, message, error.details);
}

/**
 * Replaces a stored object by `candidate`, in the type's own form, with everything a write may not touch put back: the
 * system's metadata, and the status (or all but the status, through the subresource). Stores nothing when nothing
 * changed; removes an object whose last finalizer went.
 */
export function replaceObject(
  api: ApiContext,
  request: Pick<ResourceRequest, 'type' | 'subresource'>,
  previous: KubeObject,
  candidate: KubeObject,
  options: WriteOptions,
  owned?: (object: KubeObject) => ManagedFieldsEntry[],
): KubeObject {
  const { type, subresource } = request;
  const { name, resourceVersion } = candidate.metadata;
  const before = present(type, previous);
  if (resourceVersion && resourceVersion !== previous.metadata.resourceVersion) throw conflict(type, name);
  const now = api.clock();
  const merged = mergedWith(type, before, withDefaults(candidate, type.schema) as KubeObject, subresource);
  const admitted = admissionOf(api, type, previous, merged, subresource);
  const prepared = type.prepare ? type.prepare(admitted, previous, now) : admitted;
  const counted = withGeneration(type, before, prepared);
  const author = { manager: options.fieldManager, now, ...(subresource === undefined ? {} : { subresource }) };
  const managedFields = owned ? owned(counted) : updatedBy(counted, before, type, author);
  const object = withManaged(counted, managedFields);
  checkValid(type, object, before, transitionProblems(candidate, before), subresource);
  const kept = type.view ? type.view.write(object) : object;
  api.admission.validate(type.collection, kept, updateRequest(previous, subresource));
  checkSize(kept);
  return options.dryRun ? kept : storeUpdate(api, type, previous, kept);
}

/** The candidate with what this kind of write must leave alone taken from the stored object. */
function mergedWith(
  type: ServedType,
  before: KubeObject,
  candidate: KubeObject,
  subresource: string | undefined,
): KubeObject {
  const { managedFields } = candidate.metadata;
  if (subresource === 'status') {
    const { status } = candidate;
    const metadata = { ...before.metadata, ...(managedFields ? { managedFields } : {}) };
    return { ...omit(before, 'status'), ...(status === undefined ? {} : { status }), metadata } as KubeObject;
  }
  const metadata = { ...candidate.metadata, ...systemMetadata(before.metadata) };
  if (!type.hasStatus) return { ...candidate, apiVersion: apiVersionOf(type), metadata };
  const status = before['status'] === undefined ? {} : { status: before['status'] };
  return { ...omit(candidate, 'status'), ...status, apiVersion: apiVersionOf(type), kind: candidate.kind, metadata };
}

const SYSTEM_FIELDS = [
  'uid',
  'namespace',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'resourceVersion',
] as const;

function systemMetadata(stored: ObjectMeta): Partial<ObjectMeta> {
  return Object.fromEntries(
    SYSTEM_FIELDS.map((field) => [field, stored[field]]).filter(([, value]) => value !== undefined),
  ) as Partial<ObjectMeta>;
}

function admissionOf(
  api: ApiContext,
  type: ServedType,
  previous: KubeObject,
  object: KubeObject,
  subresource: string | undefined,
): KubeObject {
  const kept = type.view ? type.view.write(object) : object;
  return present(type, api.admission.mutate(type.collection, kept, updateRequest(previous, subresource)));
}

function updateRequest(previous: KubeObject, subresource: string | undefined) {
  return { operation: 'UPDATE' as const, previous, ...(subresource === undefined ? {} : { subresource }) };
}

/** generation counts changes of everything but metadata and a separate status. */
function withGeneration(type: ServedType, before: KubeObject, object: KubeObject): KubeObject {
  const generation = before.metadata.generation;
  if (generation === undefined || sameJson(wishOf(type, before), wishOf(type, object))) return object;
  return { ...object, metadata: { ...object.metadata, generation: generation + 1 } };
}

function wishOf(type: ServedType, object: KubeObject): object {
  return type.hasStatus ? omit(object, 'metadata', 'status') : omit(object, 'metadata');
}

function withManaged(object: KubeObject, managedFields: ManagedFieldsEntry[]): KubeObject {
  const metadata = omit(object.metadata, 'managedFields');
  return { ...object, metadata: managedFields.length > 0 ? { ...metadata, managedFields } : metadata };
}

/** What a write may not do to an existing object's metadata. */
function transitionProblems(candidate: KubeObject, before: KubeObject): Cause[] {
  const causes: Cause[] = [];
  const { uid, finalizers = [] } = candidate.metadata;
  if (uid && uid !== before.metadata.uid) {
    const message = `Invalid value: ${JSON.stringify(uid)}: field is immutable`;
    causes.push({ reason: 'FieldValueInvalid', message, field: 'metadata.uid' });
  }
  const added = finalizers.filter((name) => !(before.metadata.finalizers ?? []).includes(name));
  if (before.metadata.deletionTimestamp !== undefined && added.length > 0) {
    const found = `[]string{${added.map((name) => JSON.stringify(name)).join(', ')}}`;
    const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${found}`;
    causes.push({ reason: 'FieldValueForbidden', message, field: 'metadata.finalizers' });
  }
  return causes;
}

function storeUpdate(api: ApiContext, type: ServedType, previous: KubeObject, object: KubeObject): KubeObject {
  if (object.metadata.deletionTimestamp !== undefined && holdersOf(type, object).length === 0) {
    api.store.remove(type.collection, keyOf(object), object);
    return object;
  }
  return sameJson(withoutTimes(previous), withoutTimes(object)) ? previous : api.store.put(type.collection, object);
}

/** Times in managedFields alone are no change. */
function withoutTimes(object: KubeObject): object {
  const { managedFields = [] } = object.metadata;
  const entries = managedFields.map((entry) => omit(entry, 'time'));
  const metadata = { ...object.metadata, managedFields: entries };
  return { ...object, metadata };
}
