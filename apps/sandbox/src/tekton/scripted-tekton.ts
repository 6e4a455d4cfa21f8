import type { Clock, Cluster, KubeObject } from '#kubernetes';
import { keyOf, startController } from './controller.ts';
import { Reconciler } from './reconciler.ts';

export interface ScriptedTektonOptions {
  readonly cluster: Cluster;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly clock: Clock;
  /** Recorded delays are divided by this; 1 is as fast as recorded. Time limits of runs are never changed. */
  readonly speed?: number;
  readonly log?: (message: string) => void;
  /** Stops it. Started again, by this or another process, it goes on from the objects. */
  readonly signal: AbortSignal;
}

export interface ScriptedTekton {
  /** Resolves when the signal has stopped everything. */
  readonly stopped: Promise<void>;
}

/**
 * A Tekton that runs nothing: it treats PipelineRuns that name a bundle of `SCENARIOS` as a real Tekton treated the
 * recorded ones, on whatever API server the port leads to. It resolves when it has seen what there is.
 */
export function startScriptedTekton(options: ScriptedTektonOptions): Promise<ScriptedTekton> {
  const { cluster, namespace, clock, signal, speed = 1, log = () => undefined } = options;
  const reconciler = new Reconciler({ cluster, clock, speed });
  return startController({
    ...{ name: 'scripted Tekton', cluster, namespace, clock, signal, log },
    keysOfRun: (run) => [`run ${keyOf(run)}`],
    keysOfTaskRun: keysTouchedBy,
    look: async (key, taskRuns) => {
      const dueAtMs = await reconciler.reconcile(key, taskRuns);
      return dueAtMs === undefined ? undefined : dueAtMs - clock.now();
    },
  });
}

/** A task run's change concerns itself and the run that counts it, which is found by name. */
function keysTouchedBy(taskRun: KubeObject): readonly string[] {
  const run = taskRun.metadata.labels?.['tekton.dev/pipelineRun'];
  const own = `task ${keyOf(taskRun)}`;
  return run === undefined ? [own] : [own, `run ${taskRun.metadata.namespace ?? ''}/${run}`];
}
