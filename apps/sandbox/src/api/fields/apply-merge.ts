import { isFields, sameJson } from '../../store/object.ts';
import type { Fields, KubeObject } from '../../store/object.ts';
import { mapKeysOf } from '../schema/lists.ts';
import { fieldSchema } from '../schema/schema.ts';
import type { Schema } from '../schema/schema.ts';
import { childrenOf, elementsOf, isBelow, ownershipSchema, pathOf } from './field-set.ts';
import type { FieldSet } from './field-set.ts';
import type { Ownership } from './managed-fields.ts';

/** Who wants what, when a manager applies a new wish. */
export interface Claims {
  readonly wished: FieldSet;
  /** What the same manager wished the last time. */
  readonly formerly: ReadonlySet<string>;
  readonly others: readonly Ownership[];
}

/** The live object with the wish merged in, and what only this manager wanted before taken out. */
export function mergedWith(live: KubeObject, wish: KubeObject, claims: Claims, schema: Schema): KubeObject {
  const whole = ownershipSchema(schema);
  const merged = mergeValue(live, wish, whole);
  const given = new Set(abandoned(claims));
  return (given.size === 0 ? merged : without(merged, whole, [], given)) as KubeObject;
}

/** Fields to remove: wished before, not now, and nobody else's. */
function abandoned({ wished, formerly, others }: Claims): string[] {
  const now = withAncestors(wished.keys());
  return [...withAncestors(formerly)].filter(
    (path) => path !== 'f:metadata' && !now.has(path) && !others.some(({ paths }) => holds(paths, path)),
  );
}

/** To own something inside a field is to want the field; an item of a list is wanted only by who owns the item itself. */
function holds(paths: ReadonlySet<string>, path: string): boolean {
  if (paths.has(path)) return true;
  const isField = elementsOf(path).at(-1)?.startsWith('f:') ?? false;
  return isField && [...paths].some((held) => isBelow(held, path));
}

function withAncestors(paths: Iterable<string>): Set<string> {
  const all = new Set<string>();
  for (const path of paths) {
    const elements = elementsOf(path);
    for (let length = 1; length <= elements.length; length += 1) all.add(pathOf(elements.slice(0, length)));
  }
  return all;
}

function mergeValue(live: unknown, wish: unknown, schema: Schema): unknown {
  if (Array.isArray(wish)) return mergeList(Array.isArray(live) ? live : [], wish, schema);
  if (!isFields(wish) || !isFields(live) || schema['x-kubernetes-map-type'] === 'atomic') return wish;
  const merged: Fields = { ...live };
  for (const [field, value] of Object.entries(wish)) {
    merged[field] = mergeValue(live[field], value, fieldSchema(schema, field) ?? {});
  }
  return merged;
}

function mergeList(live: readonly unknown[], wish: readonly unknown[], schema: Schema): unknown[] {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'map' && listType !== 'set') return [...wish];
  const identity = (item: unknown): unknown => (listType === 'map' ? mapKeysOf(item, schema) : item);
  const merged = [...live];
  for (const item of wish) {
    const index = merged.findIndex((other) => sameJson(identity(other), identity(item)));
    if (index < 0) merged.push(item);
    else merged[index] = mergeValue(merged[index], item, schema.items ?? {});
  }
  return merged;
}

/** The value without the fields and items at the given paths. */
function without(value: unknown, schema: Schema, at: readonly string[], gone: ReadonlySet<string>): unknown {
  const children = childrenOf(value, schema);
  if (children === undefined) return value;
  const kept = children
    .map(([element, child, childSchema]) => [element, child, childSchema, [...at, element]] as const)
    .filter(([, , , path]) => !gone.has(pathOf(path)))
    .map(([element, child, childSchema, path]) => [element, without(child, childSchema, path, gone)] as const);
  if (Array.isArray(value)) return kept.map(([, child]) => child);
  return Object.fromEntries(kept.map(([element, child]) => [element.slice(2), child]));
}
