import type { ConflictPolicy, ExecutionSpec } from '#execution';
import { SCENARIOS } from '../../apps/sandbox/src/tekton/index.ts';
import type { Random } from './random.ts';

/** One execution that somebody will ask for. */
export interface PlannedExecution {
  readonly atMs: number;
  readonly entry: 'rest' | 'resource';
  readonly name: string;
  readonly spec: ExecutionSpec;
  /** A name given by the caller, and a key so that asking again is the same question. */
  readonly hasName: boolean;
  readonly idempotencyKey?: string;
}

/** What most executions run: short ones, and some that take their time. Any scenario of the sandbox comes now and then. */
const USUAL = ['quick', 'quick', 'echo', 'echo', 'fail', 'retries', 'slow', 'hang'] as const;
const UNUSUAL_SHARE = 0.35;
const ALL = SCENARIOS.map(({ reference }) => reference.slice(reference.indexOf('/') + 1, reference.lastIndexOf(':')));
const POLICIES: readonly (ConflictPolicy | undefined)[] = ['Fail', 'Skip', 'Wait', 'Wait', undefined];
const TIMEOUTS = ['30s', '1m', '2m'] as const;
const EXECUTIONS = [3, 8] as const;
const TARGETS = 3;

/** When there is weather, and people do things. */
export const BUSY_MS = 150_000;

/** The executions of a world: few targets, so that locks collide. */
export function plannedExecutions(random: Random): readonly PlannedExecution[] {
  const targets = random.between(1, TARGETS);
  const count = random.between(...EXECUTIONS);
  return Array.from({ length: count }, (_, index) => planned(random, index, targets)).sort((a, b) => a.atMs - b.atMs);
}

function planned(random: Random, index: number, targets: number): PlannedExecution {
  const entry = random.chance(0.5) ? 'rest' : 'resource';
  const spec = withSecret(specFor(random, index, targets), entry, index);
  const key = entry === 'rest' && random.chance(0.6) ? { idempotencyKey: `key-${index}` } : {};
  const hasName = entry === 'resource' || random.chance(0.3);
  return { atMs: random.between(0, BUSY_MS / 2), entry, name: `wfe-sim-${index}`, spec, hasName, ...key };
}

/** What no event, status or message may hold; no dice, so that worlds stay what they were. */
export const secretOf = (index: number): string => `pl4nted<${index}>"ünï`;

/** Only a resource may carry one. A workflow prints it: `echo` gives MESSAGE back. */
function withSecret(spec: ExecutionSpec, entry: PlannedExecution['entry'], index: number): ExecutionSpec {
  if (entry === 'rest' || index % 2 === 1) return spec;
  const secret = secretOf(index);
  return { ...spec, parameters: { DB_PASSWORD: secret, MESSAGE: `hello ${secret}` } };
}

function specFor(random: Random, index: number, targets: number): ExecutionSpec {
  const scenario = random.chance(UNUSUAL_SHARE) ? random.pick(ALL) : random.pick(USUAL);
  const onConflict = random.pick(POLICIES);
  return {
    remediationRequestRef: { name: `rr-${index}` },
    workflowRef: { workflowId: scenario, version: '1', containerImage: `sandbox.local/${scenario}:1` },
    targetResource: `shop/deployment/target-${random.between(1, targets)}`,
    parameters: { MESSAGE: 'hello' },
    executionConfig: { timeout: random.pick(TIMEOUTS), ...(onConflict !== undefined && { onConflict }) },
  };
}
