/**
 * The part of JSON Schema that says how an answer is built. Fields that it does not name may be there: the service may
 * be newer.
 */
export interface Schema {
  /** The name of another schema. */
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';
  readonly const?: string;
  readonly format?: 'date-time';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Of every field that `properties` does not name. */
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

export type Schemas = Readonly<Record<string, Schema>>;

/** The first place where a value is not as its schema says. Holds nothing of the value itself: it may be a secret. */
export interface Mismatch {
  /** `items[3].phase`; empty for the whole. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

const WORDS: Readonly<Record<NonNullable<Schema['type']>, string>> = {
  ...{ object: 'an object', array: 'a list', string: 'a text', null: 'null' },
  ...{ integer: 'a whole number', number: 'a number', boolean: 'true or false' },
};
/** RFC 3339, as every time of the service is. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Where JSON differs from its schema; undefined when it fits. Goes as deep as the schema does. */
export function mismatch(schema: Schema, value: unknown, schemas: Schemas, path = ''): Mismatch | undefined {
  if (schema.$ref !== undefined) return mismatch(schemas[schema.$ref] ?? {}, value, schemas, path);
  if (schema.anyOf !== undefined) return mismatchOfAny(schema.anyOf, value, schemas, path);
  const expected = expectedBy(schema, value);
  if (expected !== undefined) return { path, expected, found: kindOf(value) };
  if (Array.isArray(value)) return inItems(schema, value, schemas, path);
  return isObject(value) ? inFields(schema, value, schemas, path) : undefined;
}

/** What the schema wants of the value itself, when it is something else. */
function expectedBy({ type, const: word, format }: Schema, value: unknown): string | undefined {
  if (type !== undefined && !isOf(type, value)) return WORDS[type];
  if (word !== undefined && value !== word) return `the word ${word}`;
  const isNoTime = typeof value === 'string' && (!TIME.test(value) || Number.isNaN(Date.parse(value)));
  return format === 'date-time' && isNoTime ? 'a time' : undefined;
}

function mismatchOfAny(forms: readonly Schema[], value: unknown, schemas: Schemas, path: string): Mismatch | undefined {
  if (forms.some((form) => mismatch(form, value, schemas, path) === undefined)) return undefined;
  return { path, expected: `one of ${forms.length} forms`, found: `${kindOf(value)} that is none of them` };
}

function inItems({ items }: Schema, value: readonly unknown[], schemas: Schemas, path: string): Mismatch | undefined {
  if (items === undefined) return undefined;
  for (const [index, item] of value.entries()) {
    const found = mismatch(items, item, schemas, `${path}[${index}]`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inFields(schema: Schema, value: Fields, schemas: Schemas, path: string): Mismatch | undefined {
  const { properties = {}, required = [], additionalProperties: others } = schema;
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of required)
    if (!Object.hasOwn(value, name)) return { path: below(name), expected: wordOf(properties[name]), found: 'nothing' };
  for (const [name, field] of Object.entries(value)) {
    const said = Object.hasOwn(properties, name) ? properties[name] : others;
    const found = said && mismatch(said, field, schemas, below(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const wordOf = (schema: Schema = {}): string => (schema.type === undefined ? 'a value' : WORDS[schema.type]);

function isOf(type: NonNullable<Schema['type']>, value: unknown): boolean {
  if (type === 'object') return isObject(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a value is, without saying which. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'number' ? 'a number' : 'true or false';
}
