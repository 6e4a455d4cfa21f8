import type { Cluster, KubeObject, ObjectName } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS } from '#kubernetes';
import type { Clock } from './clock.ts';
import { keyOf, ObjectCache } from './object-cache.ts';
import { WorkQueue } from './work-queue.ts';

export interface GarbageCollectorOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log?: (message: string) => void;
}

const FOREGROUND = 'foregroundDeletion';
const RETRY_MS = 200;
const WORKERS = 8;

/**
 * What Kubernetes' garbage collector does for task runs, for API servers that run without a controller manager: task
 * runs follow the run that owns them, and a run deleted in the foreground goes when its task runs are gone. It resolves
 * when it has seen what there is; the promise it gives settles when the signal has stopped it.
 */
export async function startGarbageCollector(options: GarbageCollectorOptions): Promise<{ stopped: Promise<void> }> {
  const { cluster, clock, signal, log = () => undefined } = options;
  const queue = new WorkQueue(clock, signal);
  const trouble = (error: unknown): void => log(`garbage collector: ${String(error)}`);
  const follow = (type: typeof TASK_RUNS, ownerKey: (object: KubeObject) => string | undefined) => {
    const onChange = (object: KubeObject): void => {
      const key = ownerKey(object);
      if (key !== undefined) queue.add(key);
    };
    const first = Promise.withResolvers<void>();
    const cache = new ObjectCache({ cluster, clock, type, onChange, onTrouble: trouble });
    return { cache, first: first.promise, following: cache.follow(signal, first.resolve) };
  };
  const runs = follow(PIPELINE_RUNS, (run) => `${keyOf(run)} ${run.metadata.uid}`);
  const taskRuns = follow(TASK_RUNS, ownerKeyOf);
  const stopped = Promise.all([runs.following, taskRuns.following]);
  await Promise.race([Promise.all([runs.first, taskRuns.first]), stopped]);
  const work = async (key: string): Promise<void> => {
    try {
      await collect(cluster, taskRuns.cache, key);
    } catch (error) {
      if (!isGone(error)) trouble(error);
      queue.addAt(key, clock.now() + RETRY_MS);
    }
  };
  const workers = Array.from({ length: WORKERS }, () => queue.work(work));
  return { stopped: Promise.all([stopped, ...workers]).then(() => undefined) };
}

/** `<namespace>/<name> <uid>` of the run that controls a task run. */
function ownerKeyOf({ metadata }: KubeObject): string | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner && `${metadata.namespace ?? ''}/${owner.name} ${owner.uid}`;
}

async function collect(cluster: Cluster, taskRuns: ObjectCache, key: string): Promise<void> {
  const [path = '', uid = ''] = key.split(' ', 2);
  const [namespace = '', name = ''] = path.split('/', 2);
  const dependents = taskRuns.all().filter((taskRun) => ownerKeyOf(taskRun) === key);
  const owner = await ownerOf(cluster, { namespace, name }, uid);
  const isForeground = owner?.metadata.finalizers?.includes(FOREGROUND) === true;
  if (owner !== undefined && !(isForeground && owner.metadata.deletionTimestamp !== undefined)) return;
  for (const { metadata } of dependents) {
    if (metadata.deletionTimestamp !== undefined) continue;
    const preconditions = metadata.uid === undefined ? {} : { uid: metadata.uid };
    await cluster.delete(TASK_RUNS, { namespace, name: metadata.name }, preconditions);
  }
  if (owner !== undefined && dependents.length === 0) await letGo(cluster, owner);
}

/** The run of that name and uid; one of another uid is another run. */
async function ownerOf(cluster: Cluster, name: ObjectName, uid: string): Promise<KubeObject | undefined> {
  try {
    const found = await cluster.get(PIPELINE_RUNS, name);
    return found.metadata.uid === uid ? found : undefined;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

async function letGo(cluster: Cluster, { metadata }: KubeObject): Promise<void> {
  const finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== FOREGROUND);
  const { namespace = '', name, resourceVersion } = metadata;
  const body = { metadata: { finalizers, ...(resourceVersion !== undefined && { resourceVersion }) } };
  await cluster.patch(PIPELINE_RUNS, { namespace, name }, { type: 'merge', body });
}

const isGone = (error: unknown): boolean =>
  error instanceof ClusterError && (error.code === 'not-found' || error.code === 'conflict');
