import { isFields } from '../../store/object.ts';
import { fieldSchema } from './schema.ts';
import type { Schema } from './schema.ts';

/**
 * A JSON value as CEL sees it through its schema: integers are int (bigint), numbers are double, date-times are
 * timestamps; the rest stays as it is.
 */
export function celValue(value: unknown, schema: Schema): unknown {
  if (typeof value === 'number') return isInteger(value, schema) ? BigInt(value) : value;
  if (typeof value === 'string' && schema.format === 'date-time') return new Date(value);
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item) => celValue(item, items)) : value;
  }
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, child]) => {
      const found = fieldSchema(schema, field);
      return [field, found ? celValue(child, found) : child];
    }),
  );
}

function isInteger(value: number, schema: Schema): boolean {
  return Number.isInteger(value) && (schema.type === 'integer' || schema['x-kubernetes-int-or-string'] === true);
}
