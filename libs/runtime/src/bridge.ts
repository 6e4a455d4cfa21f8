import type { BoundResource, CancelMode, Execution } from '#execution';
import { FINALIZER } from '#execution';
import type { Cluster, KubeObject } from '#kubernetes';
import { WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { ClusterView } from './cluster-view.ts';
import type { Executions, Loaded } from './executions.ts';
import { isNoSuchObject } from './no-such-object.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { ExecutionDefaults } from './resource-spec.ts';
import { claimedExecutionIds, executionIdLabel, settingsFor, showsSameWish, specOf } from './resource-spec.ts';
import type { Sensitivity } from './sensitive/sensitivity.ts';
import { redacted } from './sensitive/sensitivity.ts';

type Living = Exclude<Execution, { phase: 'Absent' }>;

/** Turns what is seen of WorkflowExecution objects into commands: Create, Cancel, and Sync. */
export class Bridge {
  constructor(
    private readonly cluster: Cluster,
    private readonly view: ClusterView,
    private readonly executions: Executions,
    private readonly reconciliation: Reconciliation,
    private readonly defaults: ExecutionDefaults,
    private readonly sensitivity: Sensitivity,
  ) {}

  /** A resource nobody has an execution for: accept it, with its uid as the execution id. */
  async accept(uid: string): Promise<Loaded> {
    const loaded = await this.executions.load(uid);
    const object = this.view.resourceByUid(uid);
    if (loaded.execution.phase !== 'Absent' || object === undefined) return loaded;
    const isGoing = object.metadata.deletionTimestamp !== undefined;
    if (isGoing && object.metadata.finalizers?.includes(FINALIZER) !== true) return loaded;
    if (await this.belongsToAnother(object)) return loaded;
    // From here on nobody sees what may not be recorded.
    const { spec, sensitive } = redacted(uid, specOf(object), this.sensitivity);
    const { namespace = '', name, generation } = object.metadata;
    const create = {
      type: 'CreateExecution',
      executionId: uid,
      entry: 'resource',
      resource: { namespace, name },
      resourceUid: uid,
      ...(generation !== undefined && { generation }),
      spec,
      settings: settingsFor(spec, this.defaults),
      sensitive,
    } as const;
    return (await this.reconciliation.command(uid, create, 'resource')).loaded;
  }

  /** What the resource of an execution says now: bound, to be deleted, gone, to be cancelled. */
  async observe(loaded: Loaded): Promise<Loaded> {
    if (loaded.execution.phase === 'Absent') return loaded;
    const bound = boundResource(loaded.execution);
    if (bound === undefined) return this.observeLate(loaded, loaded.execution);
    const object = await this.find(bound);
    if (object === undefined)
      return this.reconciliation.sync(loaded, { kind: 'ResourceMissing', uid: bound.uid }, 'resource');
    return this.observeCancel(await this.observeDeletion(loaded, bound, object), object);
  }

  /**
   * The create of a resource may be carried out when its execution is over and nobody waits for it any more: then it shows
   * that end, and can be deleted.
   */
  private async observeLate(loaded: Loaded, execution: Living): Promise<Loaded> {
    if (execution.phase !== 'Finished' || execution.binding.state !== 'Unbound') return loaded;
    const object = this.view.resource(execution.resource);
    if (object === undefined || !isResourceOf(object, loaded)) return loaded;
    const { namespace = '', name, uid = '', generation, deletionTimestamp } = object.metadata;
    return this.reconciliation.sync(
      loaded,
      {
        kind: 'ResourceObserved',
        resource: { namespace, name, uid },
        ...(generation !== undefined && { generation }),
        deletionRequested: deletionTimestamp !== undefined,
      },
      'resource',
    );
  }

  private async belongsToAnother(object: KubeObject): Promise<boolean> {
    for (const id of claimedExecutionIds(object))
      if (id !== object.metadata.uid && isResourceOf(object, await this.executions.load(id))) return true;
    return false;
  }

  /** The object of that uid; undefined only when the API server says it is gone. */
  private async find(bound: BoundResource): Promise<KubeObject | undefined> {
    const seen = this.view.resource(bound);
    if (seen?.metadata.uid === bound.uid) return seen;
    try {
      const read = await this.cluster.get(WORKFLOW_EXECUTIONS, bound);
      return read.metadata.uid === bound.uid ? read : undefined;
    } catch (error) {
      if (isNoSuchObject(error)) return undefined;
      throw error;
    }
  }

  private async observeDeletion(loaded: Loaded, resource: BoundResource, object: KubeObject): Promise<Loaded> {
    if (object.metadata.deletionTimestamp === undefined) return loaded;
    // Its deletion is known, or our own.
    if (loaded.execution.phase !== 'Absent' && loaded.execution.binding.state !== 'Bound') return loaded;
    return this.reconciliation.sync(
      loaded,
      { kind: 'ResourceObserved', resource, deletionRequested: true },
      'resource',
    );
  }

  private async observeCancel(loaded: Loaded, object: KubeObject): Promise<Loaded> {
    const { execution } = loaded;
    const mode = specOf(object).cancel;
    if (mode === undefined || execution.phase === 'Absent' || execution.phase === 'Finished') return loaded;
    if (execution.cancellation?.mode === mode || execution.cancellation?.mode === 'Immediate') return loaded;
    return (await this.reconciliation.command(loaded.id, cancelCommand(mode, object), 'resource')).loaded;
  }
}

/**
 * Once bound, the uid alone tells whose resource it is: labels can be lost, and a newer CRD can make a spec read
 * otherwise. Before, it carries the execution's id, name and spec; any other label is forged or stale.
 */
function isResourceOf(object: KubeObject, { id, execution }: Loaded): boolean {
  if (execution.phase === 'Absent') return false;
  const { binding, entry } = execution;
  switch (binding.state) {
    case 'Unbound':
      return entry === 'rest' && executionIdLabel(object) === id && showsSameWish(object, execution);
    case 'Bound':
    case 'Deleting':
    case 'Pruning':
      return binding.resource.uid === object.metadata.uid;
    case 'Removed':
      return binding.uid === object.metadata.uid;
  }
}

function cancelCommand(mode: CancelMode, object: KubeObject) {
  const { generation } = object.metadata;
  const reason = `spec.cancel was set to ${mode}`;
  return { type: 'CancelExecution', mode, reason, ...(generation !== undefined && { generation }) } as const;
}

/** The resource an execution is bound to, as long as it is not gone. */
export function boundResource(execution: Living): BoundResource | undefined {
  switch (execution.binding.state) {
    case 'Bound':
    case 'Deleting':
    case 'Pruning':
      return execution.binding.resource;
    case 'Unbound':
    case 'Removed':
      return undefined;
  }
}
