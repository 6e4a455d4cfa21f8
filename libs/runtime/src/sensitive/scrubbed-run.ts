import type { IsSensitive } from '#execution';
import type { KubeObject } from '#kubernetes';
import type { Scrubber } from './scrubber.ts';
import { scrubberOf, scrubbers } from './scrubber.ts';

type Fields = Readonly<Record<string, unknown>>;

const REDACTED = '[redacted]';
/** Where Tekton puts results: in the status of a run or task run, and of its earlier attempts and steps. */
const RESULT_LISTS: ReadonlySet<string> = new Set(['results', 'taskResults', 'pipelineResults']);
/** Texts for people, in conditions and in the states of containers. */
const MESSAGE = 'message';
/** What was asked for: no observation reads it, and what it calls results are their definitions. */
const SPECS: ReadonlySet<string> = new Set(['pipelineSpec', 'taskSpec', 'provenance']);

/**
 * A run with its task runs, without what may not be told: results whose names look sensitive, and in messages and other
 * results the values that are known. To be used before anything is read from them, since a cut text is harder to scrub.
 */
export function scrubbedRun(
  run: KubeObject,
  taskRuns: readonly KubeObject[],
  known: Scrubber,
  isSensitive: IsSensitive,
): readonly [KubeObject, readonly KubeObject[]] {
  const results = [run, ...taskRuns].flatMap(({ status }) => [...sensitiveResults(status, isSensitive)]);
  const scrubber = scrubbers(known, scrubberOf(results));
  const clean = (object: KubeObject): KubeObject =>
    object.status === undefined ? object : { ...object, status: statusWithout(object.status, scrubber, isSensitive) };
  return [clean(run), taskRuns.map(clean)];
}

/** The values of results whose names look sensitive: a step can print them into its message too. */
function* sensitiveResults(value: unknown, isSensitive: IsSensitive): Generator<readonly [string, string]> {
  if (Array.isArray(value)) for (const item of value) yield* sensitiveResults(item, isSensitive);
  else
    for (const [key, field] of Object.entries(fieldsOf(value))) {
      if (RESULT_LISTS.has(key)) for (const item of listOf(field)) yield* valuesOfResult(fieldsOf(item), isSensitive);
      else if (!SPECS.has(key)) yield* sensitiveResults(field, isSensitive);
    }
}

function* valuesOfResult({ name, value }: Fields, isSensitive: IsSensitive): Generator<readonly [string, string]> {
  for (const [path, text] of textsIn(value, [String(name)])) if (path.some(isSensitive)) yield [path.join('.'), text];
}

/** Every text in a value, with the names on the way to it. */
function* textsIn(value: unknown, path: readonly string[]): Generator<readonly [readonly string[], string]> {
  if (typeof value === 'string') yield [path, value];
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item, path);
  else for (const [key, field] of Object.entries(fieldsOf(value))) yield* textsIn(field, [...path, key]);
}

function statusWithout(value: unknown, scrubber: Scrubber, isSensitive: IsSensitive): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => statusWithout(item, scrubber, isSensitive));
  if (typeof value !== 'object' || value === null) return value;
  const clean = (key: string, field: unknown): unknown => {
    if (key === MESSAGE && typeof field === 'string') return scrubber.scrub(field);
    if (SPECS.has(key)) return field;
    if (RESULT_LISTS.has(key)) return listOf(field).map((item) => resultWithout(fieldsOf(item), scrubber, isSensitive));
    return statusWithout(field, scrubber, isSensitive);
  };
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, clean(key, field)]));
}

function resultWithout({ name, value, ...rest }: Fields, scrubber: Scrubber, isSensitive: IsSensitive): Fields {
  const isHidden = value !== undefined && typeof name === 'string' && isSensitive(name);
  return { ...rest, name, value: isHidden ? REDACTED : valueWithout(value, scrubber, isSensitive) };
}

function valueWithout(value: unknown, scrubber: Scrubber, isSensitive: IsSensitive): unknown {
  if (typeof value === 'string') return scrubber.scrub(value);
  if (Array.isArray(value)) return value.map((item: unknown) => valueWithout(item, scrubber, isSensitive));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]: [string, unknown]) => [
      key,
      isSensitive(key) ? REDACTED : valueWithout(field, scrubber, isSensitive),
    ]),
  );
}

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
