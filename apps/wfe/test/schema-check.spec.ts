import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { ANSWERS, SCHEMAS } from '../src/api/answer-schemas.ts';
import { mismatch, type Schema } from '../src/api/schema-check.ts';
import { anyJson, damaged, fitting } from './support/arbitrary-answers.ts';

const NAMES = [...new Set(Object.values(ANSWERS)), 'Problem'];

/** The same schemas for a validator that everybody knows; it takes longer to load than wfe does altogether. */
const ajv = formats.default(new Ajv({ strict: false }));
for (const [name, schema] of Object.entries(SCHEMAS)) ajv.addSchema(schema, name);

const place = (schema: Schema, value: unknown): string => {
  const { path, expected, found } = mismatch(schema, value, SCHEMAS) ?? { path: '', expected: '', found: '' };
  return expected === '' ? 'fits' : `${path}: expected ${expected}, found ${found}`;
};

describe('an answer is held against its schema', () => {
  it.each(NAMES)('%s: as JSON Schema says', (name) => {
    const schema = SCHEMAS[name] ?? {};
    fc.assert(
      fc.property(fc.oneof(fitting(schema), damaged(fitting(schema)), anyJson), (value) => {
        expect(mismatch(schema, value, SCHEMAS) === undefined).toBe(ajv.validate(name, value));
      }),
      { numRuns: 100 },
    );
  });

  it('and the first place that differs is named, with what was expected and found there', () => {
    const item: Schema = {
      type: 'object',
      required: ['at', 'of'],
      properties: { at: { type: 'string', format: 'date-time' }, of: { type: 'integer' } },
    };
    const schema: Schema = { type: 'object', properties: { items: { type: 'array', items: item } } };
    const at = '2026-11-21T10:00:00Z';
    expect([
      place(schema, { items: [{ at, of: 1, more: null }], more: [] }),
      place(schema, null),
      place(schema, { items: {} }),
      place(schema, {
        items: [
          { at, of: 1 },
          { at: 'yesterday', of: 1 },
        ],
      }),
      place(schema, { items: [{ at: '2026-13-45T10:00:00Z', of: 1 }] }),
      place(schema, { items: [{ at, of: 1.5 }] }),
      place(schema, { items: [{ at }] }),
      place({ additionalProperties: { anyOf: [{ type: 'null' }, { type: 'boolean' }] } }, { x: [] }),
      place({ const: 'event' }, 'other'),
    ]).toEqual([
      'fits',
      ': expected an object, found null',
      'items: expected a list, found an object',
      'items[1].at: expected a time, found a text',
      'items[0].at: expected a time, found a text',
      'items[0].of: expected a whole number, found a number',
      'items[0].of: expected a whole number, found nothing',
      'x: expected one of 2 forms, found a list that is none of them',
      ': expected the word event, found a text',
    ]);
  });

  it('a name that every object has is no field of it', () => {
    const schema: Schema = {
      type: 'object',
      required: ['constructor'],
      properties: { toString: { type: 'string' as const } },
    };
    expect([place(schema, {}), place(schema, JSON.parse('{"constructor":1,"__proto__":{"toString":5}}'))]).toEqual([
      'constructor: expected a value, found nothing',
      'fits',
    ]);
  });
});
