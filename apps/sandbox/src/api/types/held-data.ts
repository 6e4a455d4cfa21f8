import { isFields, sameJson } from '../../store/object.ts';
import type { KubeObject } from '../../store/object.ts';
import type { Schema } from '../schema/schema.ts';
import type { Cause } from '../status.ts';
import { AGE_COLUMN, columnOf, NAME_COLUMN } from '../table/columns.ts';
import { builtin } from './builtin-type.ts';
import type { Column, ServedType } from './served-type.ts';

/*
 * ConfigMaps and Secrets: what is held under names of its own.
 */

/** All values together, as the API server counts them: bytes, not base64. */
const MAX_BYTES = 1024 * 1024;
const MAX_KEY = 253;
const KEY = /^[-._a-zA-Z0-9]+$/;

const text: Schema = { type: 'string' };
const values: Schema = { type: 'object', additionalProperties: text };
const held = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties: { ...properties, immutable: { type: 'boolean' } },
});
const CONFIG_MAP_SCHEMA = held({ data: values, binaryData: values });
const SECRET_SCHEMA = held({ data: values, stringData: values, type: text });

const AGE: Column = columnOf(AGE_COLUMN);
const count = (fields: readonly string[]): Column => ({
  name: 'Data',
  type: 'string',
  format: '',
  description: 'How many values are held.',
  priority: 0,
  cell: (object) => fields.reduce((sum, field) => sum + Object.keys(valuesOf(object, field)).length, 0),
});
const TYPE: Column = {
  name: 'Type',
  type: 'string',
  format: '',
  description: 'Used to facilitate programmatic handling of secret data.',
  priority: 0,
  cell: (object) => object['type'] ?? null,
};

const configMap = builtin('', 'v1', 'configmaps', 'ConfigMap', CONFIG_MAP_SCHEMA);
const secret = builtin('', 'v1', 'secrets', 'Secret', SECRET_SCHEMA);

export const CONFIG_MAP_TYPE: ServedType = {
  ...configMap,
  shortNames: ['cm'],
  columns: [NAME_COLUMN, count(['data', 'binaryData']), AGE],
  undecodable: (object) => badBase64(object, 'binaryData'),
  validate: (object, previous, metadata) => [
    ...configMap.validate(object, previous, metadata),
    ...heldProblems(object, previous, ['data', 'binaryData'], ['binaryData']),
  ],
};

export const SECRET_TYPE: ServedType = {
  ...secret,
  columns: [NAME_COLUMN, TYPE, count(['data']), AGE],
  undecodable: (object) => badBase64(object, 'data'),
  prepare: completeSecret,
  validate: (object, previous, metadata) => [
    ...secret.validate(object, previous, metadata),
    ...heldProblems(object, previous, ['data'], ['data']),
    ...typeChanged(object, previous),
  ],
};

/** What is given in clear joins the rest in base64 and is not kept besides. */
function completeSecret({ stringData, ...secret }: KubeObject): KubeObject {
  const clear = Object.entries(isFields(stringData) ? stringData : {});
  const encoded = clear.map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')] as const);
  const data = { ...valuesOf(secret, 'data'), ...Object.fromEntries(encoded) };
  return {
    ...secret,
    type: secret['type'] ?? 'Opaque',
    ...(Object.keys(data).length > 0 && { data }),
  };
}

function heldProblems(
  object: unknown,
  previous: unknown,
  fields: readonly string[],
  encoded: readonly string[],
): readonly Cause[] {
  const keys = fields.flatMap((field) => Object.keys(valuesOf(object, field)).flatMap((key) => keyProblem(field, key)));
  const bytes = fields.reduce((sum, field) => sum + bytesOf(object, field, encoded.includes(field)), 0);
  const message = `Too long: may not be more than ${MAX_BYTES} bytes`;
  const size: readonly Cause[] = bytes > MAX_BYTES ? [{ reason: 'FieldValueTooLong', message, field: '' }] : [];
  return [...keys, ...size, ...changesOfImmutable(object, previous, fields)];
}

function keyProblem(field: string, key: string): readonly Cause[] {
  const isGood = KEY.test(key) && key.length <= MAX_KEY && key !== '.' && !key.startsWith('..');
  if (isGood) return [];
  const rule =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  " +
    "or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  const message = `Invalid value: ${JSON.stringify(key)}: ${rule}`;
  return [{ reason: 'FieldValueInvalid', message, field: `${field}[${key}]` }];
}

function changesOfImmutable(object: unknown, previous: unknown, fields: readonly string[]): readonly Cause[] {
  if (!isFields(previous) || previous['immutable'] !== true) return [];
  const message = 'Forbidden: field is immutable when `immutable` is set';
  const isOpen = !isFields(object) || object['immutable'] !== true;
  const changed = fields.filter((field) => !sameJson(valuesOf(object, field), valuesOf(previous, field)));
  return [...(isOpen ? ['immutable'] : []), ...changed].map((field) => ({
    reason: 'FieldValueForbidden',
    message,
    field,
  }));
}

function typeChanged(object: unknown, previous: unknown): readonly Cause[] {
  if (!isFields(previous) || !isFields(object) || object['type'] === previous['type']) return [];
  const message = `Invalid value: ${JSON.stringify(object['type'])}: field is immutable`;
  return [{ reason: 'FieldValueInvalid', message, field: 'type' }];
}

function badBase64(object: KubeObject, field: string): string | undefined {
  const bad = Object.values(valuesOf(object, field)).find(
    (value) => typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') !== value,
  );
  return bad === undefined ? undefined : 'illegal base64 data at input byte 0';
}

function bytesOf(object: unknown, field: string, isEncoded: boolean): number {
  return Object.values(valuesOf(object, field))
    .map((value) => Buffer.byteLength(String(value), isEncoded ? 'base64' : 'utf8'))
    .reduce((sum, bytes) => sum + bytes, 0);
}

function valuesOf(object: unknown, field: string): Readonly<Record<string, unknown>> {
  const found = isFields(object) ? object[field] : undefined;
  return isFields(found) ? found : {};
}
