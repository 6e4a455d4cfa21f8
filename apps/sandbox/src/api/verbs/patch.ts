import type { Fields, KubeObject } from '../../store/object.ts';
import { isFields } from '../../store/object.ts';
import type { ApiContext, Reply, ResourceRequest } from '../context.ts';
import { ApiError, badRequest, invalid, invalidOptions, unsupportedMediaType } from '../status.ts';
import { present } from '../types/served-type.ts';
import { apply } from './apply.ts';
import { decodeFields, mediaType, strictProblems } from './decode.ts';
import { jsonPatched } from './json-patch.ts';
import { mergePatched } from './merge-patch.ts';
import { metadataWarnings } from './metadata.ts';
import { writeOptions } from './options.ts';
import { strategicPatched } from './strategic-patch.ts';
import { checkName, replaceObject, storedObject } from './update.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

export function patch(api: ApiContext, request: ResourceRequest): Reply {
  const media = mediaType(request.contentType);
  const accepted = [JSON_PATCH, MERGE_PATCH, ...(request.type.custom ? [] : [STRATEGIC_PATCH]), APPLY_PATCH];
  if (!accepted.includes(media)) throw unsupportedMediaType(accepted);
  checkForce(request, media);
  const options = writeOptions(request, 'PatchOptions');
  if (media === APPLY_PATCH) return apply(api, request, options);
  const previous = storedObject(api, request);
  const before = present(request.type, previous);
  const patched = patchedFields(request, media, before);
  if (options.fieldValidation === 'Strict') checkStrict(request, patched);
  const { object, warnings } = decodeFields(
    request.type,
    patched,
    options.fieldValidation === 'Strict' ? 'Ignore' : options.fieldValidation,
  );
  checkName(request, object);
  const stored = replaceObject(api, request, previous, withManager(object, before), options);
  return { code: 200, body: present(request.type, stored), warnings: [...newWarnings(object, before), ...warnings] };
}

function checkForce(request: ResourceRequest, media: string): void {
  if (!request.query.has('force') || media === APPLY_PATCH) return;
  const message = 'Forbidden: may not be specified for non-apply patch';
  throw invalidOptions('PatchOptions', { reason: 'FieldValueForbidden', message, field: 'force' });
}

function patchedFields(request: ResourceRequest, media: string, before: KubeObject): Fields {
  const body = jsonOf(request.body.toString('utf8'));
  if (media === JSON_PATCH) return jsonPatched(before, body);
  if (!isFields(body)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal a value that is not an object into Go value of type map[string]interface {}',
    );
  }
  const patched = media === MERGE_PATCH ? mergePatched(before, body) : strategicPatched(before, body);
  return isFields(patched) ? patched : before;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding patch: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A patch that would add unknown fields; the real server answers with the whole object, and so do we. */
function checkStrict(request: ResourceRequest, patched: Fields): void {
  const problems = strictProblems(request.type, patched);
  if (problems.length === 0) return;
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(patched))}: strict decoding error: ${problems.join(', ')}`;
  const error = invalid('', '', '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
  throw new ApiError(error.code, error.reason, error.message, { causes: error.details?.causes ?? [] });
}

/** A patch that says nothing of managedFields leaves them as they are. */
function withManager(object: KubeObject, before: KubeObject): KubeObject {
  const { managedFields } = before.metadata;
  if (object.metadata.managedFields !== undefined || managedFields === undefined) return object;
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function newWarnings(object: KubeObject, before: KubeObject): string[] {
  const known = new Set(metadataWarnings(before));
  return metadataWarnings(object).filter((warning) => !known.has(warning));
}
