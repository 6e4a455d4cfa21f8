import jsonPatch from 'fast-json-patch';
import type { Operation } from 'fast-json-patch';
import { isFields } from '../../store/object.ts';
import type { Fields, KubeObject } from '../../store/object.ts';
import { ApiError, badRequest } from '../status.ts';

const MAX_OPERATIONS = 10_000;

/** RFC 6902. A test that fails, or a path that is not there, is 422 without a word more, as in the API server. */
export function jsonPatched(object: KubeObject, operations: unknown): Fields {
  if (!Array.isArray(operations)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  }
  if (operations.length > MAX_OPERATIONS) {
    throw new ApiError(
      413,
      'RequestEntityTooLarge',
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`,
    );
  }
  const patched = applied(object, operations as Operation[]);
  if (!isFields(patched)) throw rejected();
  return patched;
}

function applied(object: KubeObject, operations: Operation[]): unknown {
  try {
    return jsonPatch.applyPatch(structuredClone(object), operations, true, true, true).newDocument;
  } catch {
    throw rejected();
  }
}

function rejected(): ApiError {
  return new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}
