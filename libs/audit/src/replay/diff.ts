import type { Json, JsonObject } from '#execution';
import { same } from '#execution';

/** One field that differs. `before` is there unless it was added, `after` unless it was removed. */
export interface FieldChange {
  /** As in `status.conditions.Ready.status`; a name that is no plain word is written as `tasks["a.b"]`. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: Json;
  readonly after?: Json;
}

/**
 * What is to be changed in one view to get the other, field by field, in the order of the paths. A field that is there
 * on one side only is told as a whole; lists without names are compared as a whole. Pure.
 */
export function changesBetween(before: JsonObject, after: JsonObject, path = ''): readonly FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => changesOf(own(before, key), own(after, key), pathTo(path, key)));
}

function changesOf(before: Json | undefined, after: Json | undefined, path: string): readonly FieldChange[] {
  if (before === undefined) return after === undefined ? [] : [{ path, kind: 'added', after }];
  if (after === undefined) return [{ path, kind: 'removed', before }];
  if (isObject(before) && isObject(after)) return changesBetween(before, after, path);
  return same(before, after) ? [] : [{ path, kind: 'changed', before, after }];
}

const own = (object: JsonObject, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const WORD = /^[A-Za-z_][A-Za-z0-9_-]*$/;

function pathTo(path: string, key: string): string {
  if (!WORD.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}
