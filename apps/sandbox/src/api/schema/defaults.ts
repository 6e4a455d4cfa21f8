import { isFields } from '../../store/object.ts';
import type { Fields } from '../../store/object.ts';
import { valueSchema } from './schema.ts';
import type { Schema } from './schema.ts';

/** The value with the schema's defaults filled in where a field is missing. Missing parents are not invented. */
export function withDefaults(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item) => withDefaults(item, items)) : value;
  }
  if (!isFields(value)) return value;
  const filled: Fields = { ...value };
  for (const [field, child] of Object.entries(schema.properties ?? {})) {
    const given = filled[field] ?? undefined;
    if (given === undefined && child.default !== undefined) filled[field] = structuredClone(child.default);
    if (filled[field] !== undefined) filled[field] = withDefaults(filled[field], child);
  }
  return withMapDefaults(filled, schema);
}

function withMapDefaults(filled: Fields, schema: Schema): Fields {
  const values = valueSchema(schema);
  if (!values) return filled;
  const declared = schema.properties ?? {};
  return Object.fromEntries(
    Object.entries(filled).map(([key, value]) => [key, key in declared ? value : withDefaults(value, values)]),
  );
}
