import { randomBytes } from 'node:crypto';
import type { ExecutionSpec, IsSensitive, SensitiveFindings, SensitivePolicy } from '#execution';
import { parameterProblems, SENSITIVE_NAMES, sensitiveNames, sizeProblems } from '#execution';
import { KeyedHashes } from './keyed-hashes.ts';
import { scrubberOf } from './scrubber.ts';

/** What the configuration says about sensitive values, and the key their hashes are made with. */
export interface Sensitivity {
  readonly policy: SensitivePolicy;
  readonly isSensitive: IsSensitive;
  readonly hashes: KeyedHashes;
}

/** For whoever configures nothing: refused, and hashed with a key that nobody keeps, since nothing is compared later. */
export const refusing = (): Sensitivity => ({
  policy: 'refuse',
  isSensitive: sensitiveNames(SENSITIVE_NAMES),
  hashes: new KeyedHashes(randomBytes(32)),
});

type Parameters = Readonly<Record<string, string>>;

/** The parameters of a spec whose names look sensitive. */
export const sensitiveIn = (parameters: Parameters | undefined, isSensitive: IsSensitive): readonly string[] =>
  Object.keys(parameters ?? {}).filter(isSensitive);

/** Shorter values are found in too many others by chance. */
const REPEATED = 6;

/**
 * The spec of a resource as it may be recorded: in place of each sensitive value its keyed hash. What repeats such a value
 * is no less sensitive: another parameter is hashed too, and free text is scrubbed.
 */
export function redacted(
  executionId: string,
  spec: ExecutionSpec,
  { policy, isSensitive, hashes }: Sensitivity,
): { readonly spec: ExecutionSpec; readonly sensitive: SensitiveFindings } {
  const given = mapped(spec.parameters ?? {}, (_, value) => textOf(value));
  const found = sensitiveIn(given, isSensitive);
  if (found.length === 0) return { spec, sensitive: { policy, redacted: [], found, problems: [] } };
  const hidden = new Set([...found, ...repeating(given, found)]);
  const parameters = mapped(given, (name, value) =>
    hidden.has(name) ? hashes.hash({ executionId, name, value }) : value,
  );
  const values = Object.entries(given).filter(([name]) => hidden.has(name));
  const { scrub } = scrubberOf(values);
  const problems = [...sizeProblems(spec), ...parameterProblems(Object.fromEntries(values))];
  const { rationale } = spec;
  return {
    spec: { ...spec, parameters, ...(rationale !== undefined && { rationale: scrub(rationale) }) },
    sensitive: { policy, redacted: [...hidden], found, problems },
  };
}

/** Names of parameters that hold the value of one of these, in any form. */
function repeating(given: Parameters, found: readonly string[]): readonly string[] {
  const values = found.map((name) => [name, given[name] ?? ''] as const).filter(([, { length }]) => length >= REPEATED);
  const { scrub } = scrubberOf(values);
  return Object.keys(given).filter((name) => scrub(given[name] ?? '') !== given[name]);
}

/** A CRD can be changed: what is no text cannot be run, and is hidden all the same. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const mapped = (given: Parameters, change: (name: string, value: string) => string): Parameters =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, change(name, value)]));
