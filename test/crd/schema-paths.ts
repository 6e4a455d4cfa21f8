import type { Schema } from '../../apps/sandbox/src/api/schema/schema.ts';

/** Every path a schema declares: `spec.list[].field`, `spec.map.*`. An island that keeps unknown fields is one path. */
export function declaredPaths(schema: Schema, path: string): string[] {
  return [...declaredSchemas(schema, path)].map(([found]) => found);
}

/** The schema at each declared path. */
export function declaredSchemas(schema: Schema, path: string): Map<string, Schema> {
  const here: [string, Schema] = [path, schema];
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return new Map([here]);
  return new Map([here, ...childrenOf(schema, path).flatMap(([name, child]) => [...declaredSchemas(child, name)])]);
}

function childrenOf(schema: Schema, path: string): [string, Schema][] {
  const { properties = {}, items, additionalProperties } = schema;
  const fields = Object.entries(properties).map(([field, child]): [string, Schema] => [`${path}.${field}`, child]);
  if (items) fields.push([`${path}[]`, items]);
  if (typeof additionalProperties === 'object') fields.push([`${path}.*`, additionalProperties]);
  return fields;
}

/** Every path of a value, in the same words; at `islands` nothing below is looked at, in `maps` every key is `*`. */
export function pathsIn(
  value: unknown,
  path: string,
  { islands, maps }: { readonly islands: readonly string[]; readonly maps: readonly string[] },
): string[] {
  if (typeof value !== 'object' || value === null || islands.includes(path)) return [path];
  const children = Array.isArray(value)
    ? value.map((item: unknown): [string, unknown] => [`${path}[]`, item])
    : Object.entries(value).map(([field, item]): [string, unknown] => [
        `${path}.${maps.includes(path) ? '*' : field}`,
        item,
      ]);
  return [...new Set([path, ...children.flatMap(([name, item]) => pathsIn(item, name, { islands, maps }))])];
}
