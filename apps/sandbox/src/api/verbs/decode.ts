import { parseDocument } from 'yaml';
import { isFields } from '../../store/object.ts';
import type { Fields, KubeObject } from '../../store/object.ts';
import type { ResourceRequest } from '../context.ts';
import { pruneObject } from '../schema/prune.ts';
import { ApiError, badRequest, unsupportedMediaType } from '../status.ts';
import { apiVersionOf } from '../types/served-type.ts';
import type { ServedType } from '../types/served-type.ts';
import { badMetadata } from './metadata.ts';
import { namespaceFromProtobuf } from './protobuf.ts';
import type { WriteOptions } from './options.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const OBJECT_TYPES = ['application/json', 'application/yaml', PROTOBUF];

/** An object as a client sent it, reduced to the fields of its type, and the warnings that goes with. */
export interface Decoded {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** Body of a create or an update. */
export function decodeObject(request: ResourceRequest, options: WriteOptions): Decoded {
  const { type } = request;
  const media = mediaType(request.contentType);
  if (media !== '' && !OBJECT_TYPES.includes(media)) throw unsupportedMediaType(OBJECT_TYPES);
  const text = request.body.toString('utf8');
  const fields = decodedBody(media, request.body, type);
  return decodeFields(type, withTypeMeta(fields, text), options.fieldValidation);
}

/** Checks what every object must have, drops unknown fields, and says so as `fieldValidation` wants it. */
export function decodeFields(type: ServedType, fields: Fields, validation: WriteOptions['fieldValidation']): Decoded {
  const metadataProblem = badMetadata(fields['metadata']);
  if (metadataProblem) throw cannotHandle(type, metadataProblem);
  const { value, unknown } = pruneObject(fields, type.schema);
  const found = unknown.map((path) => `unknown field "${path}"`);
  if (validation === 'Strict' && found.length > 0)
    throw cannotHandle(type, `strict decoding error: ${found.join(', ')}`);
  const object = toObject(value);
  checkVersion(type, object);
  const undecodable = type.undecodable?.(object);
  if (undecodable) throw cannotHandle(type, undecodable);
  return { object, warnings: validation === 'Warn' ? found : [] };
}

export function strictProblems(type: ServedType, fields: Fields): string[] {
  return pruneObject(fields, type.schema).unknown.map((path) => `unknown field "${path}"`);
}

function cannotHandle(type: ServedType, problem: string): ApiError {
  return badRequest(`${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ${problem}`);
}

function checkVersion(type: ServedType, object: KubeObject): void {
  const expected = apiVersionOf(type);
  if (object.apiVersion === expected) return;
  throw badRequest(
    `the API version in the data (${object.apiVersion}) does not match the expected API version (${expected})`,
  );
}

function toObject(fields: Fields): KubeObject {
  const metadata = isFields(fields['metadata']) ? fields['metadata'] : {};
  return { ...fields, metadata: { ...metadata, name: metadata['name'] ?? '' } } as KubeObject;
}

function withTypeMeta(fields: Fields, text: string): Fields {
  const { kind, apiVersion } = fields;
  if (typeof kind !== 'string' || kind === '') throw badRequest(`Object 'Kind' is missing in '${text.slice(0, 1000)}'`);
  return typeof apiVersion === 'string' ? fields : { ...fields, apiVersion: '' };
}

export function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

function jsonBody(text: string, type: ServedType): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (isFields(value)) return value;
  } catch (error) {
    throw unrecognized(type, parseProblem(text, error), text);
  }
  throw unrecognized(type, 'json: cannot unmarshal a value that is not an object', text);
}

function decodedBody(media: string, body: Buffer, type: ServedType): Fields {
  if (media === PROTOBUF) return protobufBody(body);
  const text = body.toString('utf8');
  return media === 'application/yaml' ? yamlBody(text) : jsonBody(text, type);
}

function protobufBody(body: Buffer): Fields {
  const namespace = readNamespace(body);
  if (!namespace) throw unsupportedMediaType(['application/json', 'application/yaml']);
  return namespace;
}

function readNamespace(body: Buffer): Fields | undefined {
  try {
    return namespaceFromProtobuf(body);
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(`error decoding protobuf: ${error.message}`);
    throw error;
  }
}

function unrecognized(type: ServedType, problem: string, text: string): ApiError {
  return badRequest(
    `the object provided is unrecognized (must be of type ${type.kind}): couldn't get version/kind; ` +
      `json parse error: ${problem} (${text.slice(0, 1000)})`,
  );
}

function parseProblem(text: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /Unexpected end|Unterminated/.test(message) || text === '' ? 'unexpected end of JSON input' : message;
}

export function yamlBody(text: string): Fields {
  const document = parseDocument(text, { schema: 'yaml-1.1', merge: true });
  const [problem] = document.errors;
  if (problem) throw badRequest(`error converting YAML to JSON: ${problem.message}`);
  const value: unknown = JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 })) ?? 'null');
  if (!isFields(value)) throw badRequest('error converting YAML to JSON: expected an object');
  return value;
}
