import { Failure } from '../exit-codes.ts';
import { clean } from '../render/clean.ts';
import { SCHEMAS } from './answer-schemas.ts';
import type { components } from './schema.ts';
import { mismatch, type Mismatch, type Schema } from './schema-check.ts';

type Answers = components['schemas'];

/** What was asked for, as it is told: no query and no credentials in it. */
export interface Asked {
  readonly method: string;
  readonly url: string;
}

/** Of arrays and objects in each other; far more than any answer has, and few enough to print it. */
const MAX_LEVELS = 64;
/** Names of fields may be somebody's, and as long as they like. */
const MAX_PATH_SHOWN = 120;

/**
 * Here, and nowhere else, JSON of the service becomes what its document says. Fields that the document does not know stay.
 * @throws Failure when it is something else
 */
export function readAs<Name extends keyof Answers>(name: Name, value: unknown, asked: Asked): Answers[Name] {
  return checked<Answers[Name]>(schemaOf(name), value, asked);
}

/** The same of one of the items of a page. @throws Failure */
export function readItemAs<Name extends PageName>(name: Name, value: unknown, asked: Asked): Item<Answers[Name]> {
  return checked<Item<Answers[Name]>>(schemaOf(name).properties?.['items']?.items ?? {}, value, asked);
}

type Item<Page> = Page extends { readonly items: readonly (infer Each)[] } ? Each : never;
type PageName = { [Name in keyof Answers]: Answers[Name] extends { items: unknown[] } ? Name : never }[keyof Answers];

/** JSON as the schema has it; `T` is what the schema says. @throws Failure */
export function checked<T>(schema: Schema, value: unknown, asked: Asked, path = ''): T {
  const found = isDeeper(value, MAX_LEVELS) ? TOO_DEEP : mismatch(schema, value, SCHEMAS, path);
  if (found !== undefined) throw otherThanExpected(found, asked);
  return value as T;
}

function schemaOf(name: keyof Answers): Schema {
  const schema = SCHEMAS[name];
  if (schema === undefined) throw new Error(`expected a schema ${name} in answer-schemas.ts, found none`);
  return schema;
}

const TOO_DEEP: Mismatch = { path: '', expected: `JSON of at most ${MAX_LEVELS} levels`, found: 'more' };

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));

/** Asking again would be answered the same. */
export function otherThanExpected({ path, expected, found }: Mismatch, { method, url }: Asked): Failure {
  const place = clean(path.length > MAX_PATH_SHOWN ? `…${path.slice(-MAX_PATH_SHOWN)}` : path);
  const where = place === '' ? '' : ` at ${place}`;
  const isOrder = method !== 'GET' && !url.endsWith('/preflight');
  return new Failure('serviceFailed', `expected ${expected}${where} in the answer, found ${found}`, {
    details: [
      `asked: ${method} ${url}`,
      ...(isOrder ? ['The service perhaps did what was asked: look before repeating (wfe list --limit 5).'] : []),
    ],
    advice:
      'Check the address: --server, WFE_SERVER or --service. If it is the service’s, it is of another version than this wfe (wfe --version).',
    isLasting: true,
  });
}
