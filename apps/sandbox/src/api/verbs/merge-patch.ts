import { isFields } from '../../store/object.ts';
import type { Fields } from '../../store/object.ts';

/** RFC 7386: objects merge, null removes, everything else replaces. */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const merged: Fields = isFields(target) ? { ...target } : {};
  for (const [field, change] of Object.entries(patch)) {
    if (change === null) delete merged[field];
    else merged[field] = mergePatched(merged[field], change);
  }
  return merged;
}
