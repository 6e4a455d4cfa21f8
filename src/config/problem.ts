import { StartupError } from '../startup-error.ts';

/** One thing wrong with the configuration. */
export interface ConfigProblem {
  /** Dotted path of the key; empty when it is about no single key. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  /** File and line, or environment variable. */
  readonly origin: string | undefined;
}

/** All problems at once, one a line. */
export class ConfigError extends StartupError {
  constructor(readonly problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    super(`The configuration has ${count}; nothing was started:\n${problems.map(line).join('\n')}`);
  }
}

function line({ path, expected, found, origin }: ConfigProblem): string {
  const subject = path === '' ? '' : `${path}: `;
  return `  ${subject}expected ${expected}; found ${found}${origin === undefined ? '' : ` (${origin})`}`;
}
