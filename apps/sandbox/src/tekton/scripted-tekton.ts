import type { Cluster, KubeObject } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS } from '#kubernetes';
import type { Clock } from './clock.ts';
import { keyOf, ObjectCache } from './object-cache.ts';
import { Reconciler } from './reconciler.ts';
import { WorkQueue } from './work-queue.ts';

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

const WORKERS = 16;
const RETRY_FIRST_MS = 50;
const RETRY_MOST_MS = 5000;

/**
 * A Tekton that runs nothing: it treats PipelineRuns that name a bundle of `SCENARIOS` as a real Tekton treated the
 * recorded ones, on whatever API server the port leads to. It resolves when both caches are filled.
 */
export async function startScriptedTekton(options: ScriptedTektonOptions): Promise<ScriptedTekton> {
  const { cluster, clock, signal, speed = 1, log = () => undefined } = options;
  const queue = new WorkQueue(clock, signal);
  const trouble = (what: string) => (error: unknown) => log(`scripted Tekton: ${what}: ${messageOf(error)}`);
  const shared = { cluster, clock, namespace: options.namespace };
  const runs: ObjectCache = new ObjectCache({
    ...shared,
    type: PIPELINE_RUNS,
    onChange: (run) => queue.add(`run ${keyOf(run)}`),
    onTrouble: trouble('watching pipelineruns'),
  });
  const taskRuns: ObjectCache = new ObjectCache({
    ...shared,
    type: TASK_RUNS,
    onChange: (taskRun) => keysTouchedBy(taskRun).forEach((key) => queue.add(key)),
    onTrouble: trouble('watching taskruns'),
  });
  const reconciler = new Reconciler({ cluster, clock, speed, runs, taskRuns });
  const failures = new Map<string, number>();
  const workOn = async (key: string): Promise<void> => {
    try {
      const dueAtMs = await reconciler.reconcile(key);
      failures.delete(key);
      if (dueAtMs !== undefined) queue.addAt(key, dueAtMs);
    } catch (error) {
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      if (!isEveryday(error)) trouble(key)(error);
      queue.addAt(key, clock.now() + Math.min(RETRY_FIRST_MS * 2 ** count, RETRY_MOST_MS));
    }
  };
  const listed = [runs, taskRuns].map((cache) => {
    const first = Promise.withResolvers<void>();
    return { first: first.promise, following: cache.follow(signal, first.resolve) };
  });
  const stopped = Promise.all(listed.map(({ following }) => following));
  await Promise.race([Promise.all(listed.map(({ first }) => first)), stopped]);
  const workers = Array.from({ length: WORKERS }, () => queue.work(workOn));
  return { stopped: Promise.all([stopped, ...workers]).then(() => undefined) };
}

/** A task run's change concerns itself and the run that counts it, which is found by name. */
function keysTouchedBy(taskRun: KubeObject): readonly string[] {
  const run = taskRun.metadata.labels?.['tekton.dev/pipelineRun'];
  const own = `task ${keyOf(taskRun)}`;
  return run === undefined ? [own] : [own, `run ${taskRun.metadata.namespace ?? ''}/${run}`];
}

/** A lost race or an object that is gone: the next look sees what is there now. */
const isEveryday = (error: unknown): boolean =>
  error instanceof ClusterError && ['conflict', 'not-found', 'already-exists'].includes(error.code);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
