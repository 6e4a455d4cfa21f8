import { Environment } from '@marcbachmann/cel-js';
import { isFields, sameJson } from '../../store/object.ts';
import type { Cause } from '../status.ts';
import { celValue } from './cel-value.ts';
import { mapKeysOf } from './lists.ts';
import { fieldSchema, joinPath } from './schema.ts';
import type { CelRule, Schema } from './schema.ts';

/** CEL with the names of every rule open; field names are checked against the schema when a definition is created. */
export const CEL = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });

type Evaluation = (context: Record<string, unknown>) => unknown;

const compiled = new WeakMap<CelRule, Evaluation>();

function isTransitionRule(rule: CelRule): boolean {
  return /\boldSelf\b/.test(rule.rule.replaceAll(/'[^']*'|"[^"]*"/g, ''));
}

export function hasRules(schema: Schema): boolean {
  const below = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items ? [schema.items] : []),
    ...(typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []),
  ];
  return (schema['x-kubernetes-validations'] ?? []).length > 0 || below.some(hasRules);
}

/**
 * The rules of the schema that do not hold for `value`. `previous` is the value at the same place before the write;
 * rules about a transition are asked only where there was one.
 */
export function brokenRules(value: unknown, previous: unknown, schema: Schema, path = ''): Cause[] {
  if (value === undefined || value === null) return [];
  const here = (schema['x-kubernetes-validations'] ?? []).flatMap((rule) => judge(rule, value, previous, schema, path));
  return [...here, ...brokenBelow(value, previous, schema, path)];
}

function brokenBelow(value: unknown, previous: unknown, schema: Schema, path: string): Cause[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!items) return [];
    return value.flatMap((item, index) =>
      brokenRules(item, counterpart(item, previous, schema), items, `${path}[${index}]`),
    );
  }
  if (!isFields(value)) return [];
  const before = isFields(previous) ? previous : {};
  return Object.entries(value).flatMap(([field, child]) => {
    const found = fieldSchema(schema, field);
    return found ? brokenRules(child, before[field], found, joinPath(path, field)) : [];
  });
}

/** The old item that a new one is compared with: known by its keys in a list-map, unknown in every other list. */
function counterpart(item: unknown, previous: unknown, schema: Schema): unknown {
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(previous)) return undefined;
  const keys = mapKeysOf(item, schema);
  return previous.find((old) => sameJson(mapKeysOf(old, schema), keys));
}

function judge(rule: CelRule, value: unknown, previous: unknown, schema: Schema, path: string): Cause[] {
  if (isTransitionRule(rule) && (previous === undefined || previous === null)) return [];
  const context = { self: celValue(value, schema), oldSelf: celValue(previous, schema) };
  const field = rule.fieldPath === undefined ? path : `${path}${rule.fieldPath}`;
  try {
    if (evaluationOf(rule)(context) === true) return [];
  } catch (error) {
    const message = `Invalid value: ${JSON.stringify(typeOf(schema))}: rule evaluation error: ${textOf(error)} evaluating rule: ${rule.rule}`;
    return [{ reason: 'FieldValueInvalid', message, field }];
  }
  return [
    {
      reason: rule.reason ?? 'FieldValueInvalid',
      message: `${PREFIX[rule.reason ?? 'FieldValueInvalid']}: ${messageOf(rule, context)}`,
      field,
    },
  ];
}

const PREFIX = {
  FieldValueInvalid: 'Invalid value',
  FieldValueForbidden: 'Forbidden',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
} as const;

function messageOf(rule: CelRule, context: Record<string, unknown>): string {
  const plain = rule.message ?? `failed rule: ${rule.rule.trim()}`;
  if (rule.messageExpression === undefined) return plain;
  try {
    const text = CEL.evaluate(rule.messageExpression, context) as unknown;
    return typeof text === 'string' && text.trim() !== '' ? text : plain;
  } catch {
    return plain; // As the API server: a message that cannot be computed falls back to the fixed one.
  }
}

function evaluationOf(rule: CelRule): Evaluation {
  const known = compiled.get(rule);
  if (known) return known;
  const fresh = CEL.parse(rule.rule) as unknown as Evaluation;
  compiled.set(rule, fresh);
  return fresh;
}

function typeOf(schema: Schema): string {
  return schema.type ?? 'object';
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
