import type { Clock, Cluster, KubeObject, ObjectName } from '#kubernetes';
import { PIPELINE_RUNS, TASK_RUNS } from '#kubernetes';
import type { TaskRuns } from '../../apps/sandbox/src/tekton/controller.ts';
import { isCode, keyOf, ownerOf, startController } from '../../apps/sandbox/src/tekton/controller.ts';

export interface TaskRunCollectorOptions {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log?: (message: string) => void;
}

const FOREGROUND = 'foregroundDeletion';

/**
 * What Kubernetes' garbage collector does for task runs, for API servers that run without a controller manager: task
 * runs follow the run that owns them, and a run deleted in the foreground goes when its task runs are gone. It resolves
 * when it has seen what there is; the promise it gives settles when the signal has stopped it.
 */
export function startTaskRunCollector(options: TaskRunCollectorOptions): Promise<{ readonly stopped: Promise<void> }> {
  const { cluster, clock, signal, log = () => undefined } = options;
  return startController({
    ...{ name: 'task run collector', cluster, clock, signal, log },
    keysOfRun: (run) => [`${keyOf(run)} ${run.metadata.uid}`],
    keysOfTaskRun: (taskRun) => [ownerOf(taskRun)].filter((owner) => owner !== undefined),
    look: async (key, taskRuns) => {
      await collect(cluster, taskRuns, key);
      return undefined;
    },
  });
}

async function collect(cluster: Cluster, taskRuns: TaskRuns, key: string): Promise<void> {
  const [path = '', uid = ''] = key.split(' ', 2);
  const [namespace = '', name = ''] = path.split('/', 2);
  const dependents = taskRuns.byIndex('owner', key);
  const owner = await presentOwner(cluster, { namespace, name }, uid);
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
async function presentOwner(cluster: Cluster, name: ObjectName, uid: string): Promise<KubeObject | undefined> {
  try {
    const found = await cluster.get(PIPELINE_RUNS, name);
    return found.metadata.uid === uid ? found : undefined;
  } catch (error) {
    if (isCode(error, 'not-found')) return undefined;
    throw error;
  }
}

async function letGo(cluster: Cluster, { metadata }: KubeObject): Promise<void> {
  const finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== FOREGROUND);
  const { namespace = '', name, resourceVersion } = metadata;
  const body = { metadata: { finalizers, ...(resourceVersion !== undefined && { resourceVersion }) } };
  await cluster.patch(PIPELINE_RUNS, { namespace, name }, { type: 'merge', body });
}
