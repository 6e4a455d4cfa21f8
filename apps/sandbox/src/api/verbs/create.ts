import { keyOf, objectKey, omit } from '../../store/object.ts';
import type { Fields, KubeObject, ManagedFieldsEntry } from '../../store/object.ts';
import { timestamp } from '../context.ts';
import type { ApiContext, Reply, ResourceRequest } from '../context.ts';
import { updatedBy } from '../fields/managed-fields.ts';
import { withDefaults } from '../schema/defaults.ts';
import { ApiError, alreadyExists, badRequest, forbidden } from '../status.ts';
import { apiVersionOf, present } from '../types/served-type.ts';
import type { ServedType } from '../types/served-type.ts';
import { decodeObject } from './decode.ts';
import { metadataWarnings } from './metadata.ts';
import { writeOptions } from './options.ts';
import type { WriteOptions } from './options.ts';
import { checkSize, checkValid } from './validation.ts';

const MAX_GENERATED_STEM = 58;

export function create(api: ApiContext, request: ResourceRequest): Reply {
  const options = writeOptions(request, 'CreateOptions');
  const { object, warnings } = decodeObject(request, options);
  if (object.metadata.resourceVersion) {
    throw new ApiError(500, undefined, 'resourceVersion should not be set on objects to be created');
  }
  const placed = inNamespace(request, object);
  const stored = createObject(api, request.type, placed, options);
  return { code: 201, body: present(request.type, stored), warnings: [...metadataWarnings(object), ...warnings] };
}

/** The object in the request's namespace, which it may leave out but not contradict. */
export function inNamespace(request: ResourceRequest, object: KubeObject): KubeObject {
  const { namespace: given, ...metadata } = object.metadata;
  if (!request.type.namespaced) return { ...object, metadata };
  if (given !== undefined && given !== '' && given !== request.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return { ...object, metadata: { ...metadata, ...(request.namespace ? { namespace: request.namespace } : {}) } };
}

/** Completes, checks and stores a new object. With `owned`, its managed fields are already known (server-side apply). */
export function createObject(
  api: ApiContext,
  type: ServedType,
  given: KubeObject,
  options: WriteOptions,
  owned?: ManagedFieldsEntry[],
): KubeObject {
  const now = api.clock();
  const draft = completed(api, type, given, now);
  const mutated = api.admission.mutate(type.collection, stored(type, draft), { operation: 'CREATE' });
  const prepared = type.prepare ? type.prepare(mutated, undefined, now) : mutated;
  const shown = present(type, prepared);
  const managedFields = owned ?? updatedBy(shown, undefined, type, { manager: options.fieldManager, now });
  const object = { ...prepared, metadata: withManaged(prepared.metadata, managedFields) };
  checkValid(type, shown, undefined);
  api.admission.validate(type.collection, object, { operation: 'CREATE' });
  refuseInTerminatingNamespace(api, type, object);
  if (api.store.get(type.collection, keyOf(object))) throw alreadyExists(type, object.metadata.name);
  checkSize(object);
  return options.dryRun ? object : api.store.put(type.collection, object);
}

function withManaged(metadata: KubeObject['metadata'], managedFields: ManagedFieldsEntry[]): KubeObject['metadata'] {
  const rest = omit(metadata, 'managedFields');
  return managedFields.length > 0 ? { ...rest, managedFields } : rest;
}

function stored(type: ServedType, object: KubeObject): KubeObject {
  return type.view ? type.view.write(object) : object;
}

/** The system's own metadata, the schema's defaults, and no status yet. */
function completed(api: ApiContext, type: ServedType, given: KubeObject, now: Date): KubeObject {
  const defaulted = withDefaults(given, type.schema) as KubeObject;
  const object: Fields = type.hasStatus ? omit(defaulted, 'status') : defaulted;
  const metadata = omit(given.metadata, 'deletionTimestamp', 'deletionGracePeriodSeconds');
  return {
    ...object,
    apiVersion: apiVersionOf(type),
    kind: given.kind,
    metadata: {
      ...metadata,
      name: metadata.name === '' && metadata.generateName ? generated(api, metadata.generateName) : metadata.name,
      uid: api.newUid(),
      creationTimestamp: timestamp(now),
      ...(type.countsGenerations ? { generation: 1 } : {}),
    },
  };
}

function generated(api: ApiContext, stem: string): string {
  return `${stem.slice(0, MAX_GENERATED_STEM)}${api.newSuffix()}`;
}

function refuseInTerminatingNamespace(api: ApiContext, type: ServedType, { metadata }: KubeObject): void {
  if (metadata.namespace === undefined) return;
  const namespace = api.store.get('/namespaces', objectKey(undefined, metadata.namespace));
  if (namespace?.metadata.deletionTimestamp === undefined) return;
  throw forbidden(
    type,
    metadata.name,
    `unable to create new content in namespace ${metadata.namespace} because it is being terminated`,
  );
}
