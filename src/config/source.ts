import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { StartupError } from '../startup-error.ts';
import { VARIABLE_PREFIX } from './keys.ts';
import type { ConfigKey } from './keys.ts';
import type { ConfigProblem } from './problem.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Values as given, before they are checked, and where each came from. */
export interface Given {
  readonly values: unknown;
  readonly problems: readonly ConfigProblem[];
  /** File and line, or environment variable, of a path; undefined when nobody gave it. */
  originOf(path: readonly PropertyKey[]): string | undefined;
}

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Reads the file; undefined when it is absent and nobody asked for it by name.
 * @throws StartupError when it cannot be read
 */
export function readConfigFile(path: string, isNamed: boolean): ConfigFile | undefined {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !isNamed) return undefined;
    const found = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'a folder' : message;
    throw new StartupError(
      `The configuration file cannot be read: expected a YAML file at ${path}, found ${found}. ` +
        'Create it, or name another with --config.',
    );
  }
}

/** The file with the environment laid over it. */
export function gather(file: ConfigFile | undefined, environment: Environment, keys: readonly ConfigKey[]): Given {
  const lines = new LineCounter();
  const document = file && parseDocument(file.text, { lineCounter: lines });
  const values = withoutEmptySections(document?.errors.length === 0 ? document.toJS() : undefined);
  const overridden = keys.filter((key) => environment[key.variable] !== undefined);
  for (const key of overridden) override(values, key, environment[key.variable] as string);
  return {
    values,
    problems: [...syntaxProblems(file, document), ...unknownVariables(environment, keys)],
    originOf: (path) => {
      const key = overridden.find((each) => each.path.every((part, index) => part === path[index]));
      if (key !== undefined) return `environment variable ${key.variable}`;
      const offset = offsetOf(document, path);
      return file && offset !== undefined ? `${file.path} line ${lines.linePos(offset).line}` : undefined;
    },
  };
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `execution:` with nothing below it (all of it commented out) says nothing. So does an empty file. */
function withoutEmptySections(values: unknown): unknown {
  if (values === undefined || values === null) return {};
  if (!isMap(values)) return values;
  return Object.fromEntries(Object.entries(values).filter(([, section]) => section !== null));
}

function override(values: unknown, { path: [section, name], text }: ConfigKey, written: string): void {
  if (!isMap(values)) return;
  const existing = (values[section] ??= {});
  if (!isMap(existing)) return;
  existing[name] = fromText(written, text);
}

/** What cannot be converted stays as it is, and is refused by the schema with everything else. */
function fromText(written: string, kind: ConfigKey['text']): unknown {
  switch (kind) {
    case 'integer':
      return /^-?\d+$/.test(written.trim()) ? Number(written) : written;
    case 'list':
      return written
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
    case 'json':
      try {
        return JSON.parse(written) as unknown;
      } catch {
        return written;
      }
    case 'string':
      return written;
  }
}

function syntaxProblems(file: ConfigFile | undefined, document: Document.Parsed | undefined): ConfigProblem[] {
  return (document?.errors ?? []).map((error) => ({
    path: '',
    expected: 'valid YAML',
    found: (error.message.split('\n')[0] as string).replace(/ at line \d+, column \d+:?$/, ''),
    origin: `${file?.path} line ${error.linePos?.[0].line ?? 1}`,
  }));
}

/** Kubernetes sets these in every pod of a namespace that has a service whose name begins with `wfe`. */
const SERVICE_LINK =
  /^[A-Z0-9_]+_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_[A-Z]+)?)?)$/;

/** Those of the command line `wfe`: whoever uses both has them in the same shell. */
const COMMAND_LINE: ReadonlySet<string> = new Set(['WFE_SERVER', 'WFE_SERVICE', 'WFE_TOKEN', 'WFE_CALLED_AS']);

function unknownVariables(environment: Environment, keys: readonly ConfigKey[]): ConfigProblem[] {
  const known = new Set([...keys.map((key) => key.variable), ...COMMAND_LINE]);
  return Object.keys(environment)
    .filter((name) => name.startsWith(VARIABLE_PREFIX) && !known.has(name) && !SERVICE_LINK.test(name))
    .map((name) => ({
      path: '',
      expected: `an environment variable of this service (every name that begins with ${VARIABLE_PREFIX} is one)`,
      found: name,
      origin: `environment variable ${name}`,
    }));
}

/** Place of a key in the text, or of the nearest section above it. */
function offsetOf(document: Document.Parsed | undefined, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node = document?.getIn(path.slice(0, length), true) as { range?: readonly number[] } | undefined;
    if (node?.range !== undefined) return node.range[0];
  }
  return undefined;
}
