import type { ASTNode } from '@marcbachmann/cel-js';
import type { Cause } from '../status.ts';
import { CEL } from './cel.ts';
import { valueSchema } from './schema.ts';
import type { CelRule, Schema } from './schema.ts';

/** Rules that do not parse, call what CEL does not have, or name a field the schema does not declare. */
export function ruleProblems(schema: Schema, path: string): Cause[] {
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap((rule, index) =>
    problemsOf(rule, schema, `${path}.x-kubernetes-validations[${index}].rule`),
  );
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    ruleProblems(child, `${path}.properties[${name}]`),
  );
  const values = valueSchema(schema);
  return [
    ...own,
    ...properties,
    ...(schema.items ? ruleProblems(schema.items, `${path}.items`) : []),
    ...(values ? ruleProblems(values, `${path}.additionalProperties`) : []),
  ];
}

function problemsOf(rule: CelRule, schema: Schema, field: string): Cause[] {
  const problem = rule.optionalOldSelf
    ? 'optionalOldSelf is not supported by the sandbox'
    : compileProblem(rule.rule, schema);
  if (problem === undefined) return [];
  const shown = JSON.stringify({
    Rule: rule.rule,
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  });
  return [
    { reason: 'FieldValueInvalid', message: `Invalid value: ${shown}: compilation failed: ERROR: ${problem}`, field },
  ];
}

function compileProblem(expression: string, schema: Schema): string | undefined {
  const checked = CEL.check(expression);
  if (!checked.valid) return checked.error?.message.split('\n')[0] ?? 'the rule does not compile';
  const { ast } = CEL.parse(expression);
  const unknown = undefinedField(ast, { self: schema, oldSelf: schema });
  return unknown === undefined ? undefined : `undefined field '${unknown}'`;
}

type Names = Readonly<Record<string, Schema>>;

/** The first field in a chain such as self.a.b that the schema does not declare. */
function undefinedField(node: unknown, names: Names): string | undefined {
  if (Array.isArray(node)) return first(node, names);
  if (!isNode(node)) return undefined;
  if (node.op === '.') {
    const [receiver, field] = node.args as [unknown, string];
    const known = schemaOf(receiver, names);
    if (known && hasOnlyProperties(known) && !Object.hasOwn(known.properties ?? {}, field)) return field;
  }
  return first(node.args, names);
}

function first(nodes: unknown, names: Names): string | undefined {
  for (const node of Array.isArray(nodes) ? (nodes as unknown[]) : [nodes]) {
    const found = undefinedField(node, names);
    if (found !== undefined) return found;
  }
  return undefined;
}

function schemaOf(node: unknown, names: Names): Schema | undefined {
  if (!isNode(node)) return undefined;
  if (node.op === 'id') return names[String(node.args)];
  if (node.op !== '.') return undefined;
  const [receiver, field] = node.args as [unknown, string];
  return schemaOf(receiver, names)?.properties?.[field];
}

/** Of an object with declared properties and nothing else, an undeclared field cannot be asked. */
function hasOnlyProperties(schema: Schema): boolean {
  return schema.type === 'object' && valueSchema(schema) === undefined && schema.properties !== undefined;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
