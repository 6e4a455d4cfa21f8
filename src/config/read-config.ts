import type { z } from 'zod';
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
    return { path: path.join('.'), expected: `one of ${knownNames(issue.path)}`, found: 'an unknown key', origin };
  });
}

function problemOf(issue: Issue, given: Given): ConfigProblem {
  const [section, name] = issue.path;
  const key = CONFIG_KEYS.find(({ path }) => path[0] === section && path[1] === name);
  const refined = issue.code === 'custom' ? (issue.params?.['expected'] as string | undefined) : undefined;
  return {
    path: issue.path.join('.'),
    expected: refined ?? key?.expected ?? `a section with the keys ${knownNames(issue.path)}`,
    found: key?.secret ? 'a secret that is not shown' : shown(valueAt(given.values, issue.path) ?? key?.default),
    origin: given.originOf(issue.path),
  };
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
  for (const section of Object.values(value)) {
    for (const leaf of Object.values(section)) Object.freeze(leaf);
    Object.freeze(section);
  }
  return Object.freeze(value);
}
