import { isFields, keyOf, omit } from '../../store/object.ts';
import type { Fields, KubeObject } from '../../store/object.ts';
import { timestamp } from '../context.ts';
import type { ApiContext, Reply, ResourceRequest } from '../context.ts';
import { badRequest, invalidOptions, preconditionFailed } from '../status.ts';
import { present } from '../types/served-type.ts';
import type { ServedType } from '../types/served-type.ts';
import { mediaType, yamlBody } from './decode.ts';
import { FOREGROUND, ORPHAN, holdersOf } from './finalizers.ts';
import { selected } from './list.ts';
import { isDryRun } from './options.ts';
import { storedObject } from './update.ts';

export type Propagation = 'Foreground' | 'Background' | 'Orphan';

export interface DeleteOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** Absent: as the object's own finalizers say, otherwise Background. */
  readonly propagation?: Propagation;
  readonly dryRun: boolean;
}

export function remove(api: ApiContext, request: ResourceRequest): Reply {
  const options = deleteOptions(request);
  const { type } = request;
  const object = storedObject(api, request);
  const remaining = deleteObject(api, type, object, options);
  return { code: 200, body: remaining ? present(type, remaining) : success(type, object) };
}

export function removeCollection(api: ApiContext, request: ResourceRequest): Reply {
  const options = deleteOptions(request);
  const { type } = request;
  const objects = selected(api, request);
  for (const object of objects) deleteObject(api, type, object, options);
  const items = objects.map((object) => present(type, object));
  const metadata = { continue: '', resourceVersion: String(api.store.revision) };
  return { code: 200, body: { apiVersion: apiVersion(type), items, kind: type.listKind, metadata } };
}

function apiVersion(type: ServedType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/**
 * Removes an object, or marks it as being deleted when something holds it, and then returns it as it is now.
 * @throws ApiError 409 when a precondition does not hold
 */
export function deleteObject(
  api: ApiContext,
  type: ServedType,
  object: KubeObject,
  options: DeleteOptions,
): KubeObject | undefined {
  checkPreconditions(type, object, options);
  const finalizers = finalizersFor(object, options.propagation);
  const marked = beingDeleted(object, finalizers, api.clock());
  const completed = type.prepare ? type.prepare(marked, object, api.clock()) : marked;
  if (options.dryRun) return undefined;
  if (holdersOf(type, completed).length === 0) {
    api.store.remove(type.collection, keyOf(object));
    return undefined;
  }
  const unchanged = object.metadata.deletionTimestamp !== undefined && sameFinalizers(object, finalizers);
  return unchanged ? object : api.store.put(type.collection, completed);
}

function checkPreconditions(type: ServedType, { metadata }: KubeObject, { uid, resourceVersion }: DeleteOptions): void {
  if (uid !== undefined && uid !== metadata.uid) {
    const problem = `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid ?? ''}). The object might have been deleted and then recreated`;
    throw preconditionFailed(type, metadata.name, problem);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const problem = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ''}). The object might have been modified`;
    throw preconditionFailed(type, metadata.name, problem);
  }
}

/** The object's finalizers with the one that the garbage collector works on for this kind of deletion. */
function finalizersFor(
  { metadata: { finalizers = [] } }: KubeObject,
  propagation: Propagation | undefined,
): readonly string[] {
  if (propagation === undefined) return finalizers;
  const others = finalizers.filter((name) => name !== FOREGROUND && name !== ORPHAN);
  if (propagation === 'Foreground') return [...others, FOREGROUND];
  return propagation === 'Orphan' ? [...others, ORPHAN] : others;
}

function beingDeleted(object: KubeObject, finalizers: readonly string[], now: Date): KubeObject {
  const { generation, deletionTimestamp, ...metadata } = omit(object.metadata, 'finalizers');
  const first = deletionTimestamp === undefined;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(generation === undefined ? {} : { generation: generation + (first ? 1 : 0) }),
      deletionTimestamp: deletionTimestamp ?? timestamp(now),
      deletionGracePeriodSeconds: 0,
      ...(finalizers.length > 0 ? { finalizers: [...finalizers] } : {}),
    },
  };
}

function sameFinalizers({ metadata: { finalizers = [] } }: KubeObject, wanted: readonly string[]): boolean {
  return finalizers.length === wanted.length && wanted.every((name) => finalizers.includes(name));
}

function success(type: ServedType, { metadata: { name, uid } }: KubeObject): Fields {
  const group = type.group === '' ? {} : { group: type.group };
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { name, ...group, kind: type.plural, uid },
  };
}

/** Options come in the body, in the query, or both; the body wins. */
function deleteOptions(request: ResourceRequest): DeleteOptions {
  const { query } = request;
  const body = bodyOf(request);
  const preconditions = isFields(body['preconditions']) ? body['preconditions'] : {};
  const propagation = propagationOf(
    body['propagationPolicy'] ?? query.get('propagationPolicy') ?? undefined,
    body,
    query,
  );
  const dryRun = Array.isArray(body['dryRun']) ? body['dryRun'].map(String) : query.getAll('dryRun');
  return {
    dryRun: isDryRun(dryRun, 'DeleteOptions'),
    ...(typeof preconditions['uid'] === 'string' ? { uid: preconditions['uid'] } : {}),
    ...(typeof preconditions['resourceVersion'] === 'string'
      ? { resourceVersion: preconditions['resourceVersion'] }
      : {}),
    ...(propagation === undefined ? {} : { propagation }),
  };
}

function propagationOf(policy: unknown, body: Fields, query: URLSearchParams): Propagation | undefined {
  const orphan = body['orphanDependents'] ?? query.get('orphanDependents') ?? undefined;
  if (policy === undefined)
    return orphan === undefined ? undefined : orphan === true || orphan === 'true' ? 'Orphan' : 'Background';
  if (policy === 'Foreground' || policy === 'Background' || policy === 'Orphan') return policy;
  const message = `Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan", "nil"`;
  throw invalidOptions('DeleteOptions', { reason: 'FieldValueNotSupported', message, field: 'propagationPolicy' });
}

function bodyOf(request: ResourceRequest): Fields {
  if (request.body.length === 0) return {};
  const text = request.body.toString('utf8');
  if (mediaType(request.contentType) === 'application/yaml') return yamlBody(text);
  try {
    const value: unknown = JSON.parse(text);
    if (isFields(value)) return value;
  } catch {
    // Falls through to the one refusal for everything that is no DeleteOptions.
  }
  throw badRequest('error decoding DeleteOptions: the body is not a JSON object');
}
