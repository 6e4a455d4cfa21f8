import { isFields, objectKey, omit } from '../../store/object.ts';
import type { Fields, KubeObject } from '../../store/object.ts';
import type { ApiContext, Reply, ResourceRequest } from '../context.ts';
import { applied } from '../fields/applied.ts';
import { fieldsOf } from '../fields/field-set.ts';
import { entriesOf, entryOf } from '../fields/managed-fields.ts';
import type { Author } from '../fields/managed-fields.ts';
import { badRequest, conflict, invalidOptions, notFound } from '../status.ts';
import { present } from '../types/served-type.ts';
import type { ServedType } from '../types/served-type.ts';
import { createObject, inNamespace } from './create.ts';
import { decodeFields, yamlBody } from './decode.ts';
import { booleanParameter } from './options.ts';
import type { WriteOptions } from './options.ts';
import { checkName, replaceObject } from './update.ts';

/** Server-side apply: the body is the whole wish of one manager; what it no longer wishes goes, unless others want it. */
export function apply(api: ApiContext, request: ResourceRequest, options: WriteOptions): Reply {
  if (!request.query.get('fieldManager')) {
    const message = 'Required value: is required for apply patch';
    throw invalidOptions('PatchOptions', { reason: 'FieldValueRequired', message, field: 'fieldManager' });
  }
  const { type, subresource, namespace, name = '' } = request;
  const { object: decoded, warnings } = decodeFields(
    type,
    withName(yamlBody(request.body.toString('utf8')), name),
    options.fieldValidation,
  );
  checkName(request, decoded);
  if (decoded.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  const wish = inNamespace(request, onlyApplied(type, decoded, subresource));
  const previous = api.store.get(type.collection, objectKey(type.namespaced ? namespace : undefined, name));
  const author: Author = {
    manager: options.fieldManager,
    now: api.clock(),
    ...(subresource === undefined ? {} : { subresource }),
  };
  if (!previous) return { ...created(api, request, wish, options, author), warnings };
  const stored = applyTo(api, request, previous, wish, options, author);
  return { code: 200, body: present(type, stored), warnings };
}

/** A body may leave its name to the URL. */
function withName(fields: Fields, name: string): Fields {
  const metadata = isFields(fields['metadata']) ? fields['metadata'] : {};
  return { ...fields, metadata: { name, ...metadata } };
}

/** The part of the wish that this request can decide: not the status, or nothing but the status. */
function onlyApplied(
  type: ServedType,
  { metadata, status, ...wish }: KubeObject,
  subresource: string | undefined,
): KubeObject {
  if (subresource === 'status') {
    const { name, namespace, resourceVersion, uid } = metadata;
    const identity = Object.fromEntries(
      Object.entries({ namespace, resourceVersion, uid }).filter(([, value]) => value !== undefined),
    );
    return {
      apiVersion: wish.apiVersion,
      kind: wish.kind,
      metadata: { name, ...identity },
      ...(status === undefined ? {} : { status }),
    };
  }
  return { ...wish, metadata, ...(type.hasStatus || status === undefined ? {} : { status }) };
}

function created(
  api: ApiContext,
  request: ResourceRequest,
  wish: KubeObject,
  options: WriteOptions,
  author: Author,
): Reply {
  const { type, subresource, name = '' } = request;
  if (subresource !== undefined) throw notFound(type, name);
  if (wish.metadata.uid) throw conflict(type, name);
  const metadata = omit(wish.metadata, 'resourceVersion');
  const mine = { entry: entryOf('Apply', type, author), paths: new Set(fieldsOf(wish, type.schema, false).keys()) };
  const stored = createObject(api, type, { ...wish, metadata }, options, entriesOf([mine]));
  return { code: 201, body: present(type, stored) };
}

function applyTo(
  api: ApiContext,
  request: ResourceRequest,
  previous: KubeObject,
  wish: KubeObject,
  options: WriteOptions,
  author: Author,
): KubeObject {
  const { type } = request;
  const { object, managedFields } = applied(
    present(type, previous),
    wish,
    type,
    author,
    booleanParameter(request.query, 'force'),
  );
  return replaceObject(api, request, previous, object, options, () => managedFields);
}
