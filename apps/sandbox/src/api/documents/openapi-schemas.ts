import { isFields } from '../../store/object.ts';
import type { Fields } from '../../store/object.ts';
import { apiVersionOf } from '../types/served-type.ts';
import type { ServedType } from '../types/served-type.ts';

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const LIST_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta';

/** Name of a type's schema: its group turned round, as Kubernetes names them. */
export function schemaName({ group, version, kind }: Pick<ServedType, 'group' | 'version' | 'kind'>): string {
  const path = group === '' ? 'io.k8s.api.core' : group.split('.').reverse().join('.');
  return `${path}.${version}.${kind}`;
}

/** Schemas of the types, their lists and what they refer to. `prefix` is where references point. */
export function schemasOf(types: readonly ServedType[], prefix: string): Record<string, object> {
  const ref = (name: string): object => ({ $ref: `${prefix}${name}` });
  const own = types.flatMap((type): [string, object][] => {
    const { group, version, kind } = type;
    const properties = { ...META_FIELDS, metadata: { ...STANDARD_METADATA, allOf: [ref(OBJECT_META)] } };
    const object = {
      ...(published(type.schema) as object),
      type: 'object',
      properties: { ...properties, ...(published({ ...type.schema.properties }) as object) },
      'x-kubernetes-group-version-kind': [{ group, version, kind }],
    };
    const list = {
      description: `${type.listKind} is a list of ${kind}`,
      type: 'object',
      required: ['items'],
      properties: {
        ...META_FIELDS,
        items: { type: 'array', items: { allOf: [ref(schemaName(type))] } },
        metadata: { allOf: [ref(LIST_META)] },
      },
      'x-kubernetes-group-version-kind': [{ group, version, kind: type.listKind }],
    };
    return [
      [schemaName(type), object],
      [schemaName({ ...type, kind: type.listKind }), list],
    ];
  });
  return { ...Object.fromEntries(own), ...META_SCHEMAS };
}

/** A structural schema as OpenAPI shows it; the CEL rules are the server's own business. */
function published(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((child: unknown) => published(child));
  return isFields(schema) ? publishedFields(schema) : schema;
}

function publishedFields(schema: Fields): Fields {
  const shown: Fields = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key !== 'x-kubernetes-validations') shown[key] = key === 'default' ? value : published(value);
  }
  return shown;
}

const META_FIELDS = {
  apiVersion: {
    type: 'string',
    description:
      'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized ' +
      'schemas to the latest internal value, and may reject unrecognized values. More info: ' +
      'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  },
  kind: {
    type: 'string',
    description:
      'Kind is a string value representing the REST resource this object represents. Servers may infer this from the ' +
      'endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: ' +
      'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
  },
};

const STANDARD_METADATA = {
  description:
    "Standard object's metadata. More info: " +
    'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
};

const text = { type: 'string' };
const number = { type: 'integer', format: 'int64' };
const time = { type: 'string', format: 'date-time' };
const strings = { type: 'object', additionalProperties: text };
const list = (items: object): object => ({ type: 'array', items });

const OWNER = {
  type: 'object',
  required: ['apiVersion', 'kind', 'name', 'uid'],
  properties: {
    apiVersion: text,
    kind: text,
    name: text,
    uid: text,
    controller: { type: 'boolean' },
    blockOwnerDeletion: { type: 'boolean' },
  },
};

const META_SCHEMAS = {
  [OBJECT_META]: {
    description: 'ObjectMeta is metadata that all persisted resources must have.',
    type: 'object',
    properties: {
      name: text,
      generateName: text,
      namespace: text,
      uid: text,
      resourceVersion: text,
      generation: number,
      creationTimestamp: time,
      deletionTimestamp: time,
      deletionGracePeriodSeconds: number,
      labels: strings,
      annotations: strings,
      finalizers: { ...list(text), 'x-kubernetes-list-type': 'set', 'x-kubernetes-patch-strategy': 'merge' },
      ownerReferences: {
        ...list(OWNER),
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['uid'],
        'x-kubernetes-patch-merge-key': 'uid',
        'x-kubernetes-patch-strategy': 'merge',
      },
      managedFields: list({ type: 'object' }),
      selfLink: text,
    },
  },
  [LIST_META]: {
    description: 'ListMeta describes metadata that lists have.',
    type: 'object',
    properties: { continue: text, remainingItemCount: number, resourceVersion: text, selfLink: text },
  },
};

/** Names a type in the operations that concern it. */
export function kindExtension(type: ServedType): object {
  const { group, version, kind } = type;
  return { 'x-kubernetes-group-version-kind': { group, version, kind } };
}

export function basePath(type: ServedType): string {
  return type.group === '' ? `/api/${type.version}` : `/apis/${apiVersionOf(type)}`;
}
