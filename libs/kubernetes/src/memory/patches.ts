import jsonPatch from 'fast-json-patch';
import type { Operation } from 'fast-json-patch';
import type { KubeObject, Patch } from '../cluster.ts';
import type { Asked } from './refusals.ts';
import { badRequest, denied, patchRejected } from './refusals.ts';

const MAX_OPERATIONS = 10_000;

/**
 * The object as a patch wants it. Server-side apply is refused: nothing in this product uses it.
 * @throws ClusterError invalid when a JSON patch does not fit, `test` operations included
 */
export function patched(attempt: Asked, object: KubeObject, patch: Patch): KubeObject {
  switch (patch.type) {
    case 'merge':
      return merged(object, patch.body) as KubeObject;
    case 'json':
      return jsonPatched(attempt, object, patch.body);
    case 'apply':
      throw unsupported(attempt);
    default:
      return patch satisfies never;
  }
}

/** RFC 7386: objects merge, null removes, everything else replaces. */
function merged(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const result: Record<string, unknown> = isFields(target) ? { ...target } : {};
  for (const [field, change] of Object.entries(patch)) {
    if (change === null) delete result[field];
    else if (change !== undefined) result[field] = merged(result[field], change);
  }
  return result;
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 6902. All operations or none: the first that does not fit refuses the patch. */
function jsonPatched(attempt: Asked, object: KubeObject, operations: readonly object[]): KubeObject {
  if (operations.length > MAX_OPERATIONS)
    throw badRequest(
      attempt,
      `expected at most ${MAX_OPERATIONS} operations in a JSON patch, got ${operations.length}`,
    );
  const result = applied(attempt, object, operations as Operation[]);
  if (!isFields(result) || !isFields(result['metadata'])) throw patchRejected(attempt);
  return result as unknown as KubeObject;
}

function applied(attempt: Asked, object: KubeObject, operations: Operation[]): unknown {
  try {
    return jsonPatch.applyPatch(structuredClone(object), structuredClone(operations), true, true, true).newDocument;
  } catch {
    throw patchRejected(attempt);
  }
}

const unsupported = (attempt: Asked) =>
  denied(attempt, {
    code: 415,
    reason: 'UnsupportedMediaType',
    message:
      'the memory cluster takes application/merge-patch+json and application/json-patch+json, not server-side apply',
  });
