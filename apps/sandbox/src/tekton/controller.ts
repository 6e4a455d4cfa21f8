import type { Change, Clock, Cluster, KubeObject, ResourceType } from '#kubernetes';
import { ClusterError, Informer, PIPELINE_RUNS, TASK_RUNS } from '#kubernetes';
import { WorkQueue } from '#runtime';

export interface ControllerOptions {
  /** Says who is speaking in the log. */
  readonly name: string;
  readonly cluster: Cluster;
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** In [0, 1); for jitter. Absent: `Math.random`. */
  readonly random?: (() => number) | undefined;
  readonly log: (message: string) => void;
  /** What is to be looked at when a run came, changed or went. */
  readonly keysOfRun: (run: KubeObject) => readonly string[];
  readonly keysOfTaskRun: (taskRun: KubeObject) => readonly string[];
  /** Looks at one key, never twice at once; answers in how many milliseconds to look again, if ever. */
  readonly look: (key: string, taskRuns: TaskRuns) => Promise<number | undefined>;
}

/** The task runs as the API server last told of them, by any index of `TASK_RUN_INDEXES`. */
export type TaskRuns = Pick<Informer, 'get' | 'byIndex'>;

const WORKERS = 16;
const BACKOFF = { firstMs: 50, maxMs: 5_000 } as const;
const LIMITS = { backoffBaseMs: 100, backoffCapMs: 5_000 } as const;
const TASK_RUN_INDEXES = { owner: ownerOf };

/**
 * Follows runs and task runs and looks at what changed until the signal aborts. It resolves when it has seen what there
 * is, or was stopped before; the promise it gives settles when everything has come to rest.
 */
export async function startController(options: ControllerOptions): Promise<{ readonly stopped: Promise<void> }> {
  const { signal } = options;
  const queue = new WorkQueue({
    clock: options.clock,
    workers: WORKERS,
    backoff: BACKOFF,
    random: options.random ?? Math.random,
    handle: (key) => options.look(key, taskRuns),
    onFault: (key, error) => isEveryday(error) || options.log(`${options.name}: ${key}: ${messageOf(error)}`),
  });
  const addAll = (keysOf: (object: KubeObject) => readonly string[]) => (change: Change) =>
    keysOf(change.object).forEach((key) => queue.add(key));
  const taskRuns = informer(options, TASK_RUNS, addAll(options.keysOfTaskRun));
  const runs = informer(options, PIPELINE_RUNS, addAll(options.keysOfRun));
  const following = [taskRuns.run(signal)];
  // A look reads its run from the API server and its task runs from here: these have to be complete first.
  const isComplete = await hasListed(taskRuns);
  if (isComplete) {
    following.push(runs.run(signal));
    await hasListed(runs);
  }
  return { stopped: Promise.all(following).then(() => queue.stop()) };
}

function informer(options: ControllerOptions, type: ResourceType, onChange: (change: Change) => void): Informer {
  const { name, cluster, clock, namespace, random, log } = options;
  return new Informer(cluster, clock, {
    type,
    onChange,
    limits: LIMITS,
    ...(random && { random }),
    ...(namespace !== undefined && { namespace }),
    ...(type === TASK_RUNS && { indexes: TASK_RUN_INDEXES }),
    report: (news) => {
      if (news.kind === 'listed' || isCode(news.error, 'gone')) return;
      log(`${name}: following ${type.plural}: ${messageOf(news.error)}`);
    },
  });
}

/** False when it was stopped before its first list. */
const hasListed = (informer: Informer): Promise<boolean> =>
  informer.synced().then(
    () => true,
    () => false,
  );

/** `<namespace>/<name>`. */
export const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** `<namespace>/<name> <uid>` of the run that controls a task run. */
export function ownerOf({ metadata }: KubeObject): string | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner && `${metadata.namespace ?? ''}/${owner.name} ${owner.uid}`;
}

/** A lost race or an object that is gone: the next look sees what is there now. */
const isEveryday = (error: unknown): boolean => isCode(error, 'conflict', 'not-found', 'already-exists');

export const isCode = (error: unknown, ...codes: readonly ClusterError['code'][]): boolean =>
  error instanceof ClusterError && codes.includes(error.code);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
