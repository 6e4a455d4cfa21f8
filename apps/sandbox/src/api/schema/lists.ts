import { isFields, sameJson } from '../../store/object.ts';
import type { Cause } from '../status.ts';
import { fieldSchema, joinPath } from './schema.ts';
import type { Schema } from './schema.ts';

/** Items that occur twice in lists that are sets, or maps by key. */
export function duplicatesIn(value: unknown, schema: Schema, path = ''): Cause[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    const inside = items ? value.flatMap((item, index) => duplicatesIn(item, items, `${path}[${index}]`)) : [];
    return [...repeated(value, schema, path), ...inside];
  }
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([field, child]) => {
    const found = fieldSchema(schema, field);
    return found ? duplicatesIn(child, found, joinPath(path, field)) : [];
  });
}

function repeated(list: readonly unknown[], schema: Schema, path: string): Cause[] {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'set' && listType !== 'map') return [];
  const identities = list.map((item) => (listType === 'map' ? mapKeysOf(item, schema) : item));
  return identities.flatMap((identity, index) => {
    const first = identities.findIndex((other) => sameJson(other, identity));
    const message = `Duplicate value: ${JSON.stringify(identity)}`;
    return first < index ? [{ reason: 'FieldValueDuplicate', message, field: `${path}[${index}]` }] : [];
  });
}

/** The fields by which an item of a list-map is known; a missing key takes its default. */
export function mapKeysOf(item: unknown, schema: Schema): Record<string, unknown> {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const fields = isFields(item) ? item : {};
  return Object.fromEntries(
    [...keys].sort().flatMap((key) => {
      const value = fields[key] ?? schema.items?.properties?.[key]?.default;
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
