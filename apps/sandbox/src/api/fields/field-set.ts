import { isFields, omit } from '../../store/object.ts';
import type { Fields } from '../../store/object.ts';
import { mapKeysOf } from '../schema/lists.ts';
import { fieldSchema } from '../schema/schema.ts';
import type { Schema } from '../schema/schema.ts';

/**
 * Fields of an object by path, with their values. A path is a list of elements as FieldsV1 writes them: f:<field>,
 * k:<keys of a list-map item>, v:<value in a set>. Containers are members too when asked for.
 */
export type FieldSet = ReadonlyMap<string, unknown>;

/** Separates the elements of a path; it cannot occur in JSON text. */
const SEPARATOR = '\u0000';

export const CONTAINER = Symbol('container');

export function pathOf(elements: readonly string[]): string {
  return elements.join(SEPARATOR);
}

export function elementsOf(path: string): string[] {
  return path.split(SEPARATOR);
}

export function isBelow(path: string, ancestor: string): boolean {
  return path.startsWith(ancestor + SEPARATOR);
}

/** Metadata that no manager owns: the system sets it, or it is the object's identity. */
const SYSTEM_METADATA = new Set([
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'generation',
  'managedFields',
  'resourceVersion',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

const STRINGS: Schema = { type: 'object', additionalProperties: { type: 'string' } };
const METADATA_SCHEMA: Schema = {
  type: 'object',
  properties: {
    labels: STRINGS,
    annotations: STRINGS,
    finalizers: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    ownerReferences: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      items: { type: 'object', 'x-kubernetes-map-type': 'atomic' },
    },
    generateName: { type: 'string' },
  },
};

/** The schema of a whole object, metadata included, as merging and ownership see it. */
export function ownershipSchema(schema: Schema): Schema {
  return { ...schema, type: 'object', properties: { ...schema.properties, metadata: METADATA_SCHEMA } };
}

/** Every field of the object that somebody can own. */
export function fieldsOf(object: object, schema: Schema, containers: boolean): FieldSet {
  const found = new Map<string, unknown>();
  const { metadata, ...rest } = omit(object as Fields, 'apiVersion', 'kind');
  const owned = Object.entries(isFields(metadata) ? metadata : {}).filter(([field]) => !SYSTEM_METADATA.has(field));
  for (const [field, value] of owned) {
    walk(value, METADATA_SCHEMA.properties?.[field] ?? {}, ['f:metadata', `f:${field}`], containers, found);
  }
  for (const [field, value] of Object.entries(rest)) {
    walk(value, fieldSchema(schema, field) ?? {}, [`f:${field}`], containers, found);
  }
  return found;
}

function walk(
  value: unknown,
  schema: Schema,
  at: readonly string[],
  containers: boolean,
  found: Map<string, unknown>,
): void {
  if (value === undefined) return;
  const children = childrenOf(value, schema);
  if (children === undefined || children.length === 0) {
    found.set(pathOf(at), value);
    return;
  }
  const isItem = at.at(-1)?.startsWith('k:') ?? false;
  if (containers || isItem) found.set(pathOf(at), CONTAINER);
  for (const [element, child, childSchema] of children) walk(child, childSchema, [...at, element], containers, found);
}

type Child = readonly [element: string, value: unknown, schema: Schema];

/** What is inside a value, or undefined when it is owned as a whole. */
export function childrenOf(value: unknown, schema: Schema): readonly Child[] | undefined {
  if (Array.isArray(value)) return listChildren(value, schema);
  if (!isFields(value) || schema['x-kubernetes-map-type'] === 'atomic') return undefined;
  return Object.entries(value).map(([field, child]) => [`f:${field}`, child, fieldSchema(schema, field) ?? {}]);
}

function listChildren(list: readonly unknown[], schema: Schema): readonly Child[] | undefined {
  const items = schema.items ?? {};
  switch (schema['x-kubernetes-list-type']) {
    case 'map':
      return list.map((item) => [`k:${JSON.stringify(mapKeysOf(item, schema))}`, item, items]);
    case 'set':
      return list.map((item) => [`v:${JSON.stringify(item)}`, item, items]);
    default:
      return undefined;
  }
}
