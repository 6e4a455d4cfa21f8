import type { Cause } from '../status.ts';
import { brokenRules, hasRules } from './cel.ts';
import { compileSchema } from './json-schema.ts';
import { duplicatesIn } from './lists.ts';
import type { Schema } from './schema.ts';
import { violationsOf } from './violations.ts';

/** Findings after which CEL rules cannot be trusted to mean anything. */
const BLOCKING = new Set([
  'FieldValueRequired',
  'FieldValueTypeInvalid',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueNotSupported',
]);

const RULES_NOT_CHECKED: Cause = {
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; ' +
    'correct the existing errors to complete validation',
  field: '<nil>',
};

function blocksRules(causes: readonly Cause[]): boolean {
  return causes.some(({ reason }) => BLOCKING.has(reason));
}

/** Compiles a structural schema. `metadata` findings of the caller count when deciding whether rules are asked. */
export function compileValidation(schema: Schema): (value: unknown, previous: unknown, metadata: Cause[]) => Cause[] {
  const check = compileSchema(schema);
  const ruled = hasRules(schema);
  return (value, previous, metadata) => {
    const found = [...metadata, ...violationsOf(value, check(value)), ...duplicatesIn(value, schema)];
    if (!ruled) return found;
    return blocksRules(found) ? [...found, RULES_NOT_CHECKED] : [...found, ...brokenRules(value, previous, schema)];
  };
}
