import type { Schema } from '../../../apps/wfe/src/api/schema-check.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the command line needs of an OpenAPI document: which answer an operation has, and what answers are made of. */
export interface Structure {
  /** `GET /v1/executions`: `ExecutionPage`. */
  readonly answers: Readonly<Record<string, string>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** Says nothing of the structure, or narrows values down: a newer service may know more words, and longer texts. */
const LEFT_OUT = new Set([
  ...['description', 'title', 'examples', 'example', 'default'],
  ...['pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'maxProperties'],
  ...['propertyNames'],
]);
const REFERENCE = '#/components/schemas/';

/** The structure of every JSON answer of the document. @throws Error for a keyword whose meaning would be lost */
export function structureOf(document: Json): Structure {
  const found = at(document, 'components', 'schemas');
  const answers = answersOf(document);
  const schemas: Record<string, Schema> = {};
  const take = (name: string): void => {
    if (name in schemas) return;
    const schema = structural((found[name] ?? {}) as Json);
    schemas[name] = schema;
    for (const [, other = ''] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)) take(other);
  };
  for (const name of [...new Set(Object.values(answers)), 'Problem'].sort()) take(name);
  return { answers, schemas };
}

function answersOf(document: Json): Record<string, string> {
  const answers: Record<string, string> = {};
  for (const [path, operations] of Object.entries(at(document, 'paths')))
    for (const [method, operation] of Object.entries(operations as Json))
      for (const [status, response] of Object.entries(at(operation, 'responses'))) {
        const schema = at(response, 'content', 'application/json', 'schema');
        if (/^2/.test(status) && '$ref' in schema) answers[`${method.toUpperCase()} ${path}`] = nameIn(schema['$ref']);
      }
  return answers;
}

function structural(schema: Json): Schema {
  return Object.fromEntries(Object.entries(schema).flatMap(([keyword, value]) => kept(keyword, value)));
}

/** A keyword as the check knows it; none when it says nothing. */
function kept(keyword: string, value: unknown): readonly (readonly [string, unknown])[] {
  switch (keyword) {
    case 'type':
    case 'const':
    case 'format':
      return [[keyword, value]];
    case '$ref':
      return [[keyword, nameIn(value)]];
    case 'enum':
      // One word alone tells forms apart; of several, a newer service may know more.
      return (value as unknown[]).length === 1 ? [['const', (value as unknown[])[0]]] : [];
    case 'required':
      return (value as unknown[]).length === 0 ? [] : [[keyword, value]];
    case 'items':
    case 'additionalProperties':
      return isEmpty(structural(value as Json)) ? [] : [[keyword, structural(value as Json)]];
    case 'anyOf':
      return [[keyword, (value as Json[]).map(structural)]];
    case 'properties':
      return propertiesOf(value as Json);
    default:
      if (LEFT_OUT.has(keyword)) return [];
      throw new Error(`expected keywords that wfe checks (apps/wfe/src/api/schema-check.ts), found ${keyword}`);
  }
}

function propertiesOf(value: Json): readonly (readonly [string, unknown])[] {
  const properties = Object.entries(value).map(([name, schema]) => [name, structural(schema as Json)] as const);
  const telling = properties.filter(([, schema]) => !isEmpty(schema));
  return telling.length === 0 ? [] : [['properties', Object.fromEntries(telling)]];
}

const nameIn = (reference: unknown): string => String(reference).slice(REFERENCE.length);

const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

const at = (value: unknown, ...path: readonly string[]): Json =>
  path.reduce<Json>((found, key) => (found[key] ?? {}) as Json, value as Json);
