import type { ExecutionDefaults } from '#runtime';
import { milliseconds } from '../config/leaf.ts';
import type { Config } from '../config/schema.ts';

/** What the configuration says about executions. */
export function defaultsOf({ execution }: Pick<Config, 'execution'>): ExecutionDefaults {
  const ttlMs = milliseconds(execution.ttlAfterFinished);
  return {
    executionNamespace: execution.namespace,
    pipelineName: execution.pipelineName,
    serviceAccountName: execution.serviceAccountName,
    timeoutMs: milliseconds(execution.timeout),
    onConflict: execution.onConflict,
    cooldownMs: milliseconds(execution.cooldown),
    creationPatienceMs: milliseconds(execution.creationPatience),
    deadlines: {
      pickUpMs: milliseconds(execution.pickUpDeadline),
      endGraceMs: milliseconds(execution.endGrace),
      cancellationMs: milliseconds(execution.cancellationDeadline),
    },
    deletionPatienceMs: milliseconds(execution.deletionPatience),
    // However nothing is written (0s, 0m): for good.
    ...(ttlMs > 0 && { ttlAfterFinishedMs: ttlMs }),
  };
}
