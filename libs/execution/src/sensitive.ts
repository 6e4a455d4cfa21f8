import type { SpecProblem } from './validate.ts';

/** What happens to a parameter whose name looks sensitive, in an execution that enters by resource. By REST it is refused. */
export type SensitivePolicy = 'refuse' | 'redact';

/** What was done about such parameters when the execution was accepted; recorded with it. */
export interface SensitiveParameters {
  /** `unchecked`: accepted by a version that did not look. */
  readonly policy: SensitivePolicy | 'unchecked';
  /** Names of the parameters whose values in the spec are not what was given, but keyed hashes of it. */
  readonly redacted: readonly string[];
}

/** The same with what was found out while the values were at hand; no message holds one. */
export interface SensitiveFindings extends SensitiveParameters {
  /** Names that look sensitive: all of them are redacted, and so is what repeats a value of theirs. */
  readonly found: readonly string[];
  /** What is wrong with the values themselves. */
  readonly problems: readonly SpecProblem[];
}

export const UNCHECKED: SensitiveFindings = { policy: 'unchecked', redacted: [], found: [], problems: [] };

/** One problem for each name: how to pass such a value instead. */
export const refusedInClear = (names: readonly string[]): readonly SpecProblem[] =>
  names.map((name) => ({
    path: `spec.parameters.${name}`,
    message:
      `the name ${JSON.stringify(name)} looks sensitive, and parameters are kept in clear; put the value into a Secret and ` +
      'bind that to a workspace (spec.executionConfig.workspaces), as docs/guides/secrets.md shows',
  }));
