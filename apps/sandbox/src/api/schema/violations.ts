import type { ErrorObject } from 'ajv';
import { isFields } from '../../store/object.ts';
import type { Cause } from '../status.ts';
import { joinPath } from './schema.ts';

/** ajv's findings in the words of the API server. */
export function violationsOf(value: unknown, errors: readonly ErrorObject[]): Cause[] {
  const junctors = errors.filter(({ keyword }) => keyword === 'oneOf' || keyword === 'anyOf' || keyword === 'not');
  // ajv also reports why each branch failed; the API server only reports the junctor.
  const own = errors.filter(({ schemaPath }) => !/\/(oneOf|anyOf|not)\/\d*\/?/.test(schemaPath));
  return [...own.filter((error) => !junctors.includes(error)), ...junctors].flatMap((error) => causesOf(value, error));
}

/** Rules whose findings only differ in how the sentence ends. */
const IN_BODY: Readonly<Record<string, (params: Readonly<Record<string, unknown>>) => string>> = {
  minLength: ({ limit }) => `should be at least ${String(limit)} chars long`,
  minProperties: ({ limit }) => `should have at least ${String(limit)} properties`,
  pattern: ({ pattern }) => `should match '${String(pattern)}'`,
  minimum: ({ limit }) => `should be greater than or equal to ${String(limit)}`,
  maximum: ({ limit }) => `should be less than or equal to ${String(limit)}`,
  exclusiveMinimum: ({ limit }) => `should be greater than ${String(limit)}`,
  exclusiveMaximum: ({ limit }) => `should be less than ${String(limit)}`,
  multipleOf: ({ multipleOf }) => `should be a multiple of ${String(multipleOf)}`,
};

function causesOf(root: unknown, error: ErrorObject): Cause[] {
  const field = pathOf(root, error.instancePath);
  const shown = JSON.stringify(error.data);
  const params = error.params as Readonly<Record<string, unknown>>;
  const sentence = IN_BODY[error.keyword]?.(params);
  if (sentence !== undefined) {
    return [causeOf('FieldValueInvalid', field, `Invalid value: ${shown}: ${field} in body ${sentence}`)];
  }
  switch (error.keyword) {
    case 'required':
      return [causeOf('FieldValueRequired', joinPath(field, String(params['missingProperty'])), 'Required value')];
    case 'type':
      return wrongType(field, error);
    case 'format':
      return wrongFormat(field, shown, error);
    case 'enum':
      return [notSupported(field, shown, params['allowedValues'])];
    case 'maxLength':
      return [causeOf('FieldValueTooLong', field, `Too long: may not be more than ${String(params['limit'])} bytes`)];
    case 'maxItems':
    case 'maxProperties':
      return [tooMany(field, error.data, params['limit'])];
    case 'minItems':
      return [tooFew(field, error.data, params['limit'])];
    default:
      return [junctor(field, error)];
  }
}

function causeOf(reason: string, field: string, message: string): Cause {
  return { reason, message, field };
}

function wrongType(field: string, error: ErrorObject): Cause[] {
  const schema = error.parentSchema as { type?: string | string[]; format?: string } | undefined;
  const wanted = [schema?.type ?? []].flat().filter((type) => type !== 'null');
  const format = schema?.format;
  if (format !== undefined && wanted[0] === 'integer' && typeof error.data === 'number') {
    const message = `Invalid value: "float64": ${field} in body must be of type ${format}: "float64"`;
    return [causeOf('FieldValueTypeInvalid', field, message), ...outsideFormat(field, format)];
  }
  const found = `"${typeName(error.data)}"`;
  const message = `Invalid value: ${found}: ${field} in body must be of type ${wanted.join(',')}: ${found}`;
  return [causeOf('FieldValueTypeInvalid', field, message)];
}

function outsideFormat(field: string, format: string): Cause[] {
  const message = `Invalid value: "": Checked value must be of type integer with format ${format} in ${field}`;
  return [causeOf('FieldValueInvalid', '<nil>', message)];
}

function wrongFormat(field: string, shown: string, error: ErrorObject): Cause[] {
  const format = String((error.params as { format?: unknown }).format);
  if (format === 'int32') return outsideFormat(field, format);
  return [
    causeOf(
      'FieldValueTypeInvalid',
      field,
      `Invalid value: ${shown}: ${field} in body must be of type ${format}: ${shown}`,
    ),
  ];
}

function notSupported(field: string, shown: string, allowed: unknown): Cause {
  const values = Array.isArray(allowed) ? allowed.filter((value) => value !== null) : [];
  const list = values.map((value) => JSON.stringify(value)).join(', ');
  return causeOf('FieldValueNotSupported', field, `Unsupported value: ${shown}: supported values: ${list}`);
}

function tooMany(field: string, value: unknown, limit: unknown): Cause {
  return causeOf('FieldValueTooMany', field, `Too many: ${sizeOf(value)}: must have at most ${String(limit)} items`);
}

function tooFew(field: string, value: unknown, limit: unknown): Cause {
  const rule = `${field} in body should have at least ${String(limit)} items`;
  return causeOf('FieldValueInvalid', field, `Invalid value: ${sizeOf(value)}: ${rule}`);
}

function junctor(field: string, error: ErrorObject): Cause {
  const passing = (error.params as { passingSchemas?: readonly unknown[] | null }).passingSchemas;
  const rule =
    error.keyword === 'oneOf'
      ? `must validate one and only one schema (oneOf). ${passing ? `Found ${passing.length} valid alternatives` : 'Found none valid'}`
      : error.keyword === 'anyOf'
        ? 'must validate at least one schema (anyOf)'
        : 'must not validate the schema (not)';
  return causeOf('FieldValueInvalid', '<nil>', `Invalid value: "": "${field}" ${rule}`);
}

function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return isFields(value) ? Object.keys(value).length : 0;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** "/spec/items/0/key" as spec.items[0].key; a number is an index only where the value there is a list. */
function pathOf(root: unknown, pointer: string): string {
  let path = '';
  let at: unknown = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path = Array.isArray(at) ? `${path}[${key}]` : joinPath(path, key);
    at = Array.isArray(at) ? at[Number(key)] : isFields(at) ? at[key] : undefined;
  }
  return path;
}
