import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { Schema } from './schema.ts';

/** Checks a value against the structural schema, without its CEL rules. */
export type SchemaCheck = (value: unknown) => readonly ErrorObject[];

const ajv = new Ajv({ strict: false, allErrors: true, verbose: true, validateFormats: true });
// The CommonJS default export of ajv-formats is the plugin function itself.
(formats as unknown as (target: Ajv, names: string[]) => void)(ajv, [
  'date',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uuid',
  'byte',
]);
const RFC3339 =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/;
ajv.addFormat('date-time', (text) => RFC3339.test(text) && !Number.isNaN(Date.parse(text)));
ajv.addFormat('int32', { type: 'number', validate: (n) => !Number.isInteger(n) || (n >= -(2 ** 31) && n < 2 ** 31) });
ajv.addFormat('int64', { type: 'number', validate: () => true });
for (const name of ['float', 'double']) ajv.addFormat(name, { type: 'number', validate: () => true });
for (const name of ['password', 'binary', 'bsonobjectid', 'quantity']) ajv.addFormat(name, true);

export function compileSchema(schema: Schema): SchemaCheck {
  const validate: ValidateFunction = ajv.compile(jsonSchemaOf(schema));
  return (value) => (validate(value) ? [] : [...(validate.errors ?? [])]);
}

const COPIED = [
  'type',
  'format',
  'required',
  'enum',
  'pattern',
  'minLength',
  'maxLength',
  'multipleOf',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;

/** JSON Schema with the same meaning: OpenAPI's nullable, exclusive limits and int-or-string become plain keywords. */
function jsonSchemaOf(schema: Schema): object {
  const { properties, items, additionalProperties: values, nullable } = schema;
  const intOrString = schema['x-kubernetes-int-or-string'] === true;
  const type = intOrString ? ['integer', 'string'] : schema.type;
  return {
    ...Object.fromEntries(COPIED.flatMap((key) => (schema[key] === undefined ? [] : [[key, schema[key]]]))),
    ...(type === undefined ? {} : { type: nullable ? [type, 'null'].flat() : type }),
    ...(nullable && schema.enum ? { enum: [...schema.enum, null] } : {}),
    ...limits(schema),
    ...(properties
      ? { properties: Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, jsonSchemaOf(child)])) }
      : {}),
    ...(items ? { items: jsonSchemaOf(items) } : {}),
    ...(typeof values === 'object' ? { additionalProperties: jsonSchemaOf(values) } : {}),
    ...junctors(schema),
  };
}

function limits(schema: Schema): object {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  return {
    ...(minimum === undefined ? {} : { [exclusiveMinimum ? 'exclusiveMinimum' : 'minimum']: minimum }),
    ...(maximum === undefined ? {} : { [exclusiveMaximum ? 'exclusiveMaximum' : 'maximum']: maximum }),
  };
}

function junctors({ allOf, anyOf, oneOf, not }: Schema): object {
  return {
    ...(allOf ? { allOf: allOf.map(jsonSchemaOf) } : {}),
    ...(anyOf ? { anyOf: anyOf.map(jsonSchemaOf) } : {}),
    ...(oneOf ? { oneOf: oneOf.map(jsonSchemaOf) } : {}),
    ...(not ? { not: jsonSchemaOf(not) } : {}),
  };
}
