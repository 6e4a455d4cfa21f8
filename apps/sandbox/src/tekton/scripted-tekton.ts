import type { Clock, Cluster, KubeObject } from '#kubernetes';
import { keyOf, startController } from './controller.ts';
import { Reconciler } from './reconciler.ts';

/** From the patch of the task run to its end; its run ended in between. */
const RECORDED_STOP_MS = 58;

export interface ScriptedTektonOptions {
  readonly cluster: Cluster;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly clock: Clock;
  /** Recorded delays are divided by this; 1 is as fast as recorded. Time limits of runs are never changed. */
  readonly speed?: number;
  /** Milliseconds from the cancellation of a task run to its end. Absent: as recorded of `cancelled`, at that speed. */
  readonly stopMs?: number;
  /** In [0, 1); for jitter. Absent: `Math.random`. */
  readonly random?: () => number;
  readonly log?: (message: string) => void;
  /** Stops it. Started again, by this or another process, it goes on from the objects. */
  readonly signal: AbortSignal;
}

export interface ScriptedTekton {
  /** Resolves when the signal has stopped everything. */
  readonly stopped: Promise<void>;
  /** The controller is away: nothing is picked up, played, cancelled or timed out. Resolves when it has come to rest. */
  pause(): Promise<void>;
  /** It is back and goes on from the objects, as after a restart. Resolves when it has seen what there is. */
  resume(): Promise<void>;
}

/**
 * A Tekton that runs nothing: it treats PipelineRuns that name a bundle of `SCENARIOS` as a real Tekton treated the
 * recorded ones, on whatever API server the port leads to. It resolves when it has seen what there is.
 */
export async function startScriptedTekton(options: ScriptedTektonOptions): Promise<ScriptedTekton> {
  const controller = new PausableController(options);
  await controller.resume();
  return controller;
}

/** One controller after the other, each knowing nothing but the objects. */
class PausableController implements ScriptedTekton {
  readonly stopped: Promise<void>;
  private running: { readonly stopping: AbortController; readonly stopped: Promise<void> } | undefined;

  constructor(private readonly options: ScriptedTektonOptions) {
    const { signal } = options;
    const over = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => over.resolve(), { once: true });
    if (signal.aborted) over.resolve();
    this.stopped = over.promise.then(() => this.running?.stopped);
  }

  async pause(): Promise<void> {
    this.running?.stopping.abort();
    await this.running?.stopped;
  }

  async resume(): Promise<void> {
    await this.pause();
    const stopping = new AbortController();
    const signal = AbortSignal.any([this.options.signal, stopping.signal]);
    const over = Promise.withResolvers<void>();
    this.running = { stopping, stopped: over.promise };
    const { stopped } = await started(this.options, signal);
    void stopped.then(over.resolve);
  }
}

function started(options: ScriptedTektonOptions, signal: AbortSignal): Promise<{ readonly stopped: Promise<void> }> {
  const { cluster, namespace, clock, speed = 1, random, log = () => undefined } = options;
  const { stopMs = RECORDED_STOP_MS / speed } = options;
  const reconciler = new Reconciler({ cluster, clock, speed, stopMs });
  return startController({
    ...{ name: 'scripted Tekton', cluster, namespace, clock, signal, random, log },
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
