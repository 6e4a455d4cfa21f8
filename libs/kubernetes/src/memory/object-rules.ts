import type { KubeObject, KubeObjectMeta } from '../cluster.ts';
import { jsonSize, sameJson } from './json.ts';
import type { Asked, Cause } from './refusals.ts';
import { badRequest, invalid, tooLarge } from './refusals.ts';
import type { ServedType } from './served-type.ts';
import { apiVersionOf } from './served-type.ts';

/** etcd takes no more in one request. */
const MAX_CHARACTERS = 1_572_864;
const MAX_NAME = 253;
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const MAX_LABEL = 63;

/** @throws ClusterError bad-request when the object is of another type or says no name */
export function checkKind(attempt: Asked, { type }: ServedType, { apiVersion, kind, metadata }: KubeObject): void {
  const expected = `${apiVersionOf(type)} ${type.kind}`;
  if (`${apiVersion} ${kind}` !== expected)
    throw badRequest(attempt, `the object provided is ${apiVersion} ${kind}, expected ${expected}`);
  if (metadata.namespace === undefined || metadata.namespace === '')
    throw badRequest(attempt, `expected metadata.namespace on ${kind} ${metadata.name}`);
}

/** @throws ClusterError invalid, too-large */
export function checkObject(attempt: Asked, object: KubeObject): void {
  const causes = [...aboutName(object.metadata), ...aboutLabels(object.metadata)];
  if (causes.length > 0) throw invalid(attempt, object.metadata.name, causes);
  if (jsonSize(object) > MAX_CHARACTERS) throw tooLarge(attempt);
}

function aboutName({ name }: KubeObjectMeta): readonly Cause[] {
  if (name !== '' && name.length <= MAX_NAME && NAME.test(name)) return [];
  const message = `Invalid value: ${JSON.stringify(name)}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`;
  return [{ field: 'metadata.name', reason: 'FieldValueInvalid', message }];
}

function aboutLabels({ labels = {} }: KubeObjectMeta): readonly Cause[] {
  const bad = Object.values(labels).filter((value) => value.length > MAX_LABEL || !LABEL_VALUE.test(value));
  return bad.map((value) => ({
    field: 'metadata.labels',
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: must be no more than ${MAX_LABEL} characters, alphanumeric with '-', '_' or '.' inside`,
  }));
}

/** What a write may not do to the metadata of an object that is there. @throws ClusterError invalid */
export function checkTransition(attempt: Asked, candidate: KubeObject, before: KubeObject): void {
  const causes: Cause[] = [];
  const { uid, name, finalizers = [] } = candidate.metadata;
  if (uid !== undefined && uid !== before.metadata.uid)
    causes.push(invalidValue('metadata.uid', `Invalid value: ${JSON.stringify(uid)}: field is immutable`));
  const added = finalizers.filter((each) => !(before.metadata.finalizers ?? []).includes(each));
  if (before.metadata.deletionTimestamp !== undefined && added.length > 0) {
    const found = `[]string{${added.map((each) => JSON.stringify(each)).join(', ')}}`;
    const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${found}`;
    causes.push({ field: 'metadata.finalizers', reason: 'FieldValueForbidden', message });
  }
  if (causes.length > 0) throw invalid(attempt, name, causes);
}

const invalidValue = (field: string, message: string): Cause => ({ field, reason: 'FieldValueInvalid', message });

export const mustSayVersion = (attempt: Asked, name: string) =>
  invalid(attempt, name, [
    invalidValue('metadata.resourceVersion', 'Invalid value: 0: must be specified for an update'),
  ]);

const SYSTEM_FIELDS = [
  'uid',
  'namespace',
  'name',
  'creationTimestamp',
  'deletionTimestamp',
  'generation',
  'resourceVersion',
] as const;

/** The candidate with what this kind of write must leave alone taken from the stored object. */
export function mergedWith(
  { hasStatus }: ServedType,
  before: KubeObject,
  candidate: KubeObject,
  subresource: 'status' | undefined,
): KubeObject {
  if (subresource === 'status') return { ...before, status: candidate.status };
  const { apiVersion, kind } = before;
  const metadata = tidied({ ...candidate.metadata, ...systemFields(before.metadata) });
  const merged = { ...candidate, apiVersion, kind, metadata };
  return hasStatus ? { ...merged, status: before.status } : merged;
}

const systemFields = (metadata: KubeObjectMeta): Partial<KubeObjectMeta> =>
  Object.fromEntries(SYSTEM_FIELDS.map((field) => [field, metadata[field]]));

const LEFT_OUT_WHEN_EMPTY = new Set(['labels', 'annotations', 'finalizers', 'ownerReferences']);

/** Metadata as the API writes it: empty lists and maps are left out. */
export function tidied<M extends KubeObjectMeta>(metadata: M): M {
  const isEmpty = (value: unknown): boolean => typeof value === 'object' && Object.keys(value ?? {}).length === 0;
  const kept = Object.entries(metadata).filter(([field, value]) => !LEFT_OUT_WHEN_EMPTY.has(field) || !isEmpty(value));
  return Object.fromEntries(kept) as M;
}

/** Metadata a client may bring for a new object. */
export function broughtAlong(metadata: KubeObjectMeta & { readonly generateName?: string }): KubeObjectMeta & {
  readonly generateName?: string;
} {
  const kept = Object.entries(tidied(metadata)).filter(([field]) => field !== 'deletionTimestamp');
  return Object.fromEntries(kept) as typeof metadata;
}

/** generation counts changes of everything but metadata and status. */
export function withGeneration(before: KubeObject, object: KubeObject): KubeObject {
  const { generation } = before.metadata;
  if (generation === undefined || sameJson(wishOf(before), wishOf(object))) return object;
  return { ...object, metadata: { ...object.metadata, generation: generation + 1 } };
}

const wishOf = (object: KubeObject): object => ({ ...object, metadata: undefined, status: undefined });
