import { z } from 'zod';
import type { ConfigKey } from './keys.ts';
import { CONFIG_KEYS } from './keys.ts';
import { ConfigError } from './problem.ts';
import type { ConfigProblem } from './problem.ts';
import { configSchema } from './schema.ts';
import type { Config } from './schema.ts';
import { gather } from './source.ts';
import type { ConfigFile, Environment, Given } from './source.ts';

/**
 * Reads, checks and freezes the configuration: defaults, then the file, then the environment.
 * @throws ConfigError with every problem at once
 */
export function readConfig(file: ConfigFile | undefined, environment: Environment): Config {
  const given = gather(file, environment, CONFIG_KEYS);
  const result = configSchema.safeParse(given.values);
  const issues = result.success ? [] : result.error.issues;
  const problems = [...given.problems, ...issues.flatMap((issue) => problemsOf(issue, given))];
  if (problems.length > 0 || !result.success) throw new ConfigError(problems);
  return frozen(result.data);
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, given: Given): ConfigProblem[] {
  if (issue.code !== 'unrecognized_keys') return [problemOf(issue, given)];
  return issue.keys.map((name) => {
    const path = [...issue.path, name];
    const origin = given.originOf(path);
    const known = schemaAt(issue.path);
    const names = known instanceof z.ZodObject ? Object.keys(known.shape).join(', ') : knownNames(issue.path);
    return { path: path.join('.'), expected: `one of ${names}`, found: 'an unknown key', origin };
  });
}

function problemOf(issue: Issue, given: Given): ConfigProblem {
  const [section, name] = issue.path;
  const key = CONFIG_KEYS.find(({ path }) => path[0] === section && path[1] === name);
  const refined = issue.code === 'custom' ? (issue.params?.['expected'] as string | undefined) : undefined;
  const inner = issue.path.length > 2 ? (schemaAt(issue.path)?.meta()?.['expected'] as string | undefined) : undefined;
  const isInHiding = key?.hides !== undefined && (issue.path.length < 4 || key.hides.includes(String(issue.path[3])));
  return {
    path: issue.path.join('.'),
    expected: refined ?? inner ?? key?.expected ?? `a section with the keys ${knownNames(issue.path)}`,
    found:
      key?.secret === true || isInHiding
        ? 'a secret that is not shown'
        : shown(valueAt(given.values, issue.path) ?? defaultAt(issue, key)),
    origin: given.originOf(issue.path),
  };
}

const defaultAt = ({ path }: Issue, key: ConfigKey | undefined): unknown =>
  path.length > 2 ? undefined : key?.default;

/** The schema of a place inside a value. */
function schemaAt(path: readonly PropertyKey[]): z.ZodType | undefined {
  let schema: z.ZodType | undefined = configSchema;
  for (const part of path) {
    schema = bare(schema);
    if (schema instanceof z.ZodArray) schema = schema.element as z.ZodType;
    else schema = schema instanceof z.ZodObject ? (schema.shape[String(part)] as z.ZodType | undefined) : undefined;
  }
  return schema?.meta()?.['expected'] === undefined ? bare(schema) : schema;
}

/** Without what says that it may be absent. */
function bare(schema: z.ZodType | undefined): z.ZodType | undefined {
  const hasInner =
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodExactOptional;
  return hasInner ? bare(schema.unwrap() as z.ZodType) : schema;
}

function knownNames(path: readonly PropertyKey[]): string {
  const names =
    path.length === 0
      ? CONFIG_KEYS.map((key) => key.path[0])
      : CONFIG_KEYS.filter((key) => key.path[0] === path[0]).map((key) => key.path[1]);
  return [...new Set(names)].join(', ');
}

function valueAt(values: unknown, path: readonly PropertyKey[]): unknown {
  let value = values;
  for (const part of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[part];
  return value;
}

const SHOWN_CHARACTERS = 120;

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

function frozen(value: z.output<typeof configSchema>): Config {
  freezeAll(value);
  return value;
}

function freezeAll(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const member of Object.values(value)) freezeAll(member);
  Object.freeze(value);
}
