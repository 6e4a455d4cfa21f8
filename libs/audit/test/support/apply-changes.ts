import type { Json, JsonObject } from '#execution';
import type { FieldChange } from '../../src/replay/diff.ts';

/** Carries changes out on a view: what a diff must be good for. */
export function applied(view: JsonObject, changes: readonly FieldChange[]): JsonObject {
  const copy = JSON.parse(JSON.stringify(view)) as Record<string, Json>;
  for (const { path, kind, before, after } of changes) {
    const { parent, key } = placeIn(copy, keysOf(path));
    if (kind !== 'added') expect(parent[key]).toEqual(before);
    else expect(Object.hasOwn(parent, key)).toBe(false);
    if (kind === 'removed') delete parent[key];
    else Object.defineProperty(parent, key, { value: after, enumerable: true, configurable: true, writable: true });
  }
  return copy;
}

function placeIn(view: Record<string, Json>, keys: readonly string[]) {
  let parent = view;
  for (const key of keys.slice(0, -1)) parent = parent[key] as Record<string, Json>;
  return { parent, key: keys.at(-1) as string };
}

/** `a.b["c.d"].e` as its keys. */
function keysOf(path: string): readonly string[] {
  const keys: string[] = [];
  for (const [, word, quoted] of path.matchAll(/(?:^|\.)([A-Za-z_][A-Za-z0-9_-]*)|\[("(?:[^"\\]|\\.)*")\]/g))
    keys.push(word ?? (JSON.parse(quoted as string) as string));
  return keys;
}
