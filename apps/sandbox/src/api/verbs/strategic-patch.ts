import { isFields, sameJson } from '../../store/object.ts';
import type { Fields } from '../../store/object.ts';

/** Lists that merge instead of being replaced in the built-in types, and the key of their items ('' for plain values). */
const MERGED_LISTS: Readonly<Record<string, string>> = { finalizers: '', ownerReferences: 'uid', conditions: 'type' };

/** Strategic merge patch as far as the built-in types have use for it; custom types refuse it. */
export function strategicPatched(target: unknown, patch: Fields): unknown {
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  if (patch['$patch'] === 'delete') return undefined;
  const merged: Fields = isFields(target) ? { ...target } : {};
  for (const [field, change] of Object.entries(patch)) {
    if (field.startsWith('$deleteFromPrimitiveList/')) removeFrom(merged, field.slice(field.indexOf('/') + 1), change);
    else if (field.startsWith('$')) continue;
    else if (change === null) delete merged[field];
    else merged[field] = mergedField(field, merged[field], change);
  }
  return merged;
}

function mergedField(field: string, before: unknown, change: unknown): unknown {
  const key = MERGED_LISTS[field];
  if (Array.isArray(change) && key !== undefined) return mergedList(Array.isArray(before) ? before : [], change, key);
  return isFields(change) ? strategicPatched(before, change) : change;
}

function mergedList(before: readonly unknown[], changes: readonly unknown[], key: string): unknown[] {
  const list = [...before];
  for (const change of changes) {
    const index = list.findIndex((item) =>
      key === '' ? sameJson(item, change) : keyOf(item, key) === keyOf(change, key),
    );
    if (isFields(change) && change['$patch'] === 'delete') list.splice(index, index < 0 ? 0 : 1);
    else if (index < 0) list.push(change);
    else list[index] = isFields(change) ? strategicPatched(list[index], change) : change;
  }
  return list;
}

function removeFrom(merged: Fields, field: string, values: unknown): void {
  const before = merged[field];
  if (!Array.isArray(before) || !Array.isArray(values)) return;
  merged[field] = before.filter((item) => !values.some((value) => sameJson(item, value)));
}

function keyOf(item: unknown, key: string): unknown {
  return isFields(item) ? item[key] : undefined;
}

function withoutDirectives(patch: Fields): Fields {
  return Object.fromEntries(Object.entries(patch).filter(([field]) => !field.startsWith('$')));
}
