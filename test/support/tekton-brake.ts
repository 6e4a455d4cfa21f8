import { runNameOf } from '#execution';
import type { Cluster, KubeObject, ObjectName, ResourceType } from '#kubernetes';
import { ClusterError, PIPELINE_RUNS, TASK_RUNS } from '#kubernetes';

/** What the scripted Tekton does not come to while the brake is on: taking the run up, its first task, the end of a finally task. */
export type Moment = 'PickUp' | 'FirstTask' | 'FinallyEnd';

const RUN_LABEL = 'tekton.dev/pipelineRun';
const RESOLVING = 'ResolvingPipelineRef';
const MEMBER_LABEL = 'tekton.dev/memberOf';

/**
 * Keeps the scripted Tekton from taking the run on a target past a moment, so that a test can act in a phase that would
 * be over too soon. To Tekton it looks like a conflict, which it meets again and again until the brake is released;
 * what it does about a cancellation goes through.
 */
export class TektonBrake {
  private readonly holds = new Map<string, Set<Moment>>();

  /** @returns what releases it */
  hold(target: string, moment: Moment): () => void {
    const name = runNameOf(target);
    const moments = this.holds.get(name) ?? new Set<Moment>();
    this.holds.set(name, moments.add(moment));
    return () => void moments.delete(moment);
  }

  /** The cluster as Tekton is to see it. */
  over(cluster: Cluster): Cluster {
    const braked: Pick<Cluster, 'create' | 'patch' | 'replaceStatus'> = {
      create: async (type, object) => {
        const run = isTaskRun(type) && runOf(object);
        if (run !== false && this.isHeld('FirstTask', run)) await showResolving(cluster, object);
        this.check('FirstTask', run);
        return cluster.create(type, object);
      },
      patch: async (type, name, patch) => {
        this.check('PickUp', isRun(type) && nameOf(name));
        return cluster.patch(type, name, patch);
      },
      replaceStatus: async (type, object) => {
        this.check('PickUp', isRun(type) && nameOf(object.metadata));
        this.check('FinallyEnd', isTaskRun(type) && isFinallyEnd(object) && runOf(object));
        return cluster.replaceStatus(type, object);
      },
    };
    return Object.assign(Object.create(cluster) as Cluster, braked);
  }

  /** @throws ClusterError while the run of that name is held before that moment */
  private check(moment: Moment, run: string | false): void {
    if (run !== false && this.isHeld(moment, run))
      throw new ClusterError('conflict', `the brake is on: ${run} does not come to ${moment}`);
  }

  private isHeld(moment: Moment, run: string): boolean {
    return this.holds.get(run)?.has(moment) === true;
  }
}

/** A busy Tekton comes to the first task without having shown that it resolves: now it does for as long as it is held. */
async function showResolving(cluster: Cluster, task: KubeObject): Promise<void> {
  const name = { namespace: task.metadata.namespace ?? '', name: runOf(task) };
  const { status } = await cluster.get(PIPELINE_RUNS, name);
  const { conditions = [] } = (status ?? {}) as { conditions?: readonly { reason: string }[] };
  if (conditions.some(({ reason }) => reason === RESOLVING)) return;
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const message = `PipelineRun ${name.namespace}/${name.name} awaiting remote resource`;
  const condition = { type: 'Succeeded', status: 'Unknown', reason: RESOLVING, message };
  const body = { status: { startTime: now, conditions: [{ ...condition, lastTransitionTime: now }] } };
  await cluster.patchStatus(PIPELINE_RUNS, name, { type: 'merge', body });
}

const isRun = (type: ResourceType): boolean => type.plural === PIPELINE_RUNS.plural;
const isTaskRun = (type: ResourceType): boolean => type.plural === TASK_RUNS.plural;
const nameOf = ({ name }: Pick<ObjectName, 'name'>): string => name;
const runOf = ({ metadata }: KubeObject): string => metadata.labels?.[RUN_LABEL] ?? '';

/** The end of a finally task that was not cancelled. */
function isFinallyEnd({ metadata, spec, status }: KubeObject): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: readonly { status: string }[] };
  const isCancelled = (spec as { status?: string } | undefined)?.status !== undefined;
  const hasEnded = conditions.some((condition) => condition.status !== 'Unknown');
  return metadata.labels?.[MEMBER_LABEL] === 'finally' && hasEnded && !isCancelled;
}
