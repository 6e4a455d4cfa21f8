import fc from 'fast-check';
import { SCHEMAS } from '../../src/api/answer-schemas.ts';
import type { Schema } from '../../src/api/schema-check.ts';

type Json = fc.JsonValue;

/** What the service may say: words of its own, and whatever somebody wrote, also what acts on a terminal. */
const texts = fc.oneof(
  fc.constantFrom('Running', 'ExecutionCompleted', 'TaskFinished', 'x', '', '__proto__', 'constructor'),
  fc.constantFrom('\x1b[2J', '\x07\x9b31m', '\u202eevil', 'one\ttwo\r'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const times = fc
  .date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') })
  .map((date) => date.toISOString());

/** Any JSON that is as a schema says. */
export function fitting(schema: Schema): fc.Arbitrary<Json> {
  if (schema.$ref !== undefined) return fitting(SCHEMAS[schema.$ref] ?? {});
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(fitting));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.format === 'date-time') return times;
  switch (schema.type) {
    case 'object':
      return objects(schema);
    case 'array':
      return fc.array(fitting(schema.items ?? {}), { maxLength: 3 });
    case 'string':
      return texts;
    case 'integer':
      return fc.oneof(fc.nat(500), fc.maxSafeInteger());
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return anyJson;
  }
}

export const anyJson: fc.Arbitrary<Json> = fc.jsonValue({ maxDepth: 3 });

function objects({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<Json> {
  const named = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, fitting(schema)])),
    { requiredKeys: required.filter((name) => name in properties) },
  );
  const loose = required.filter((name) => !(name in properties));
  const others = fc.dictionary(texts, fitting(additionalProperties ?? {}), { maxKeys: 2 });
  return fc.tuple(others, named).map(([more, fields]) => ({
    // A field of another name never takes the place of one that has a schema.
    ...Object.fromEntries(Object.entries(more).filter(([name]) => !(name in properties))),
    ...Object.fromEntries(loose.map((name) => [name, 'there'])),
    ...(fields as Record<string, Json>),
  }));
}

/** An answer with one place of it taken away, or replaced by any JSON. */
export function damaged(answers: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc.tuple(answers, fc.nat(), fc.option(anyJson, { nil: undefined })).map(([answer, choice, other]) => {
    const copy = structuredClone(answer);
    const places = placesIn(copy);
    const place = places[choice % places.length];
    if (place === undefined) return other ?? null;
    if (other === undefined) delete place.holder[place.key];
    else place.holder[place.key] = other;
    return JSON.parse(JSON.stringify(copy)) as Json; // a hole in a list is null
  });
}

interface Place {
  readonly holder: Record<string, Json>;
  readonly key: string;
}

function placesIn(value: Json): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, Json>;
  return Object.entries(holder).flatMap(([key, inner]) => [{ holder, key }, ...placesIn(inner)]);
}
