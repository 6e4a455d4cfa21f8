import { isFields } from '../../store/object.ts';
import type { Fields } from '../../store/object.ts';
import { fieldSchema, joinPath, keepsUnknown } from './schema.ts';
import type { Schema } from './schema.ts';

/** What a client sent, reduced to what the schema knows, and the paths of what was dropped. */
export interface Pruned {
  readonly value: Fields;
  readonly unknown: readonly string[];
}

/** The envelope fields that every object has besides its schema. */
const ENVELOPE = new Set(['apiVersion', 'kind', 'metadata']);

const METADATA = new Set([
  'name',
  'namespace',
  'generateName',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'managedFields',
  'selfLink',
]);

export function pruneObject(object: Fields, schema: Schema): Pruned {
  const unknown: string[] = [];
  const { metadata } = object;
  const kept = isFields(metadata) ? { metadata: pruneMetadata(metadata, unknown) } : {};
  const rest = pruneFields(object, schema, '', unknown, ENVELOPE);
  return { value: { ...rest, ...kept }, unknown: unknown.sort() };
}

function pruneMetadata(metadata: Fields, unknown: string[]): Fields {
  const kept: Fields = {};
  for (const [field, value] of Object.entries(metadata)) {
    if (!METADATA.has(field)) unknown.push(`metadata.${field}`);
    else if (value !== null && field !== 'selfLink') kept[field] = value;
  }
  return kept;
}

function pruneFields(
  object: Fields,
  schema: Schema,
  path: string,
  unknown: string[],
  always: ReadonlySet<string>,
): Fields {
  const kept: Fields = {};
  for (const [field, value] of Object.entries(object)) {
    const child = always.has(field) ? undefined : fieldSchema(schema, field);
    if (child !== undefined) {
      if (value === null && child.nullable !== true && child.type !== undefined) continue;
      kept[field] = pruneValue(value, child, joinPath(path, field), unknown);
    } else if (always.has(field) || keepsUnknown(schema)) kept[field] = value;
    else unknown.push(joinPath(path, field));
  }
  return kept;
}

const NOTHING: ReadonlySet<string> = new Set();

function pruneValue(value: unknown, schema: Schema, path: string, unknown: string[]): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item, index) => pruneValue(item, items, `${path}[${index}]`, unknown)) : value;
  }
  if (!isFields(value)) return value;
  const embedded = schema['x-kubernetes-embedded-resource'] === true;
  return pruneFields(value, schema, path, unknown, embedded ? ENVELOPE : NOTHING);
}
