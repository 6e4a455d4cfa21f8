import type { Execution } from '#execution';
import { API_VERSION, FINALIZER, LABELS } from '#execution';
import type { Clock, Cluster, KubeObject } from '#kubernetes';
import { ClusterError, WORKFLOW_EXECUTIONS } from '#kubernetes';
import { CreationDelay } from './creation-delay.ts';
import type { Loaded } from './executions.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { ResourceObjects } from './resource-objects.ts';
import { executionIdLabel, showsSameWish } from './resource-spec.ts';
import type { Stopwatch } from './stopwatch.ts';

type Living = Exclude<Execution, { phase: 'Absent' }>;

export interface ResourceCreationParts {
  readonly cluster: Pick<Cluster, 'create'>;
  readonly reconciliation: Reconciliation;
  readonly clock: Clock;
  readonly stopwatch: Stopwatch;
  /** A create that keeps failing for passing reasons is given up after this. */
  readonly creationPatienceMs: number;
}

/** Brings the WorkflowExecution of an execution that entered by REST into being. */
export class ResourceCreation {
  private readonly delay: CreationDelay;

  constructor(
    private readonly parts: ResourceCreationParts,
    private readonly objects: ResourceObjects,
  ) {
    this.delay = new CreationDelay(parts.reconciliation, parts.clock, parts.stopwatch, parts.creationPatienceMs);
  }

  async create(loaded: Loaded, execution: Living): Promise<Loaded> {
    try {
      const created = await this.parts.cluster.create(WORKFLOW_EXECUTIONS, objectFor(execution));
      this.delay.forget(loaded.id);
      return await this.bind(loaded, created);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      // A conflict is about a quota that others draw on too, and passes.
      const mayPass = error.isTransient || error.code === 'conflict';
      return mayPass ? this.delayed(loaded, execution, error) : this.notCreated(loaded, execution, error);
    }
  }

  /** @throws the error, so that it is tried again, for as long as patience lasts */
  private async delayed(loaded: Loaded, execution: Living, error: ClusterError): Promise<Loaded> {
    if (this.delay.isLast(loaded)) {
      const object = await this.objects.read(execution.resource);
      if (object !== undefined) return this.notCreated(loaded, execution, error);
    }
    const after = await this.delay.failed(loaded, 'resource', error.code, error.message);
    if (after.execution.phase === 'Pending') throw error;
    return after;
  }

  /**
   * Refused, and yet it may be there: from before a crash, or from a create whose reply was lost, since a quota or a
   * policy answers before the name is looked at.
   */
  private async notCreated(loaded: Loaded, execution: Living, error: ClusterError): Promise<Loaded> {
    const object = await this.objects.read(execution.resource);
    if (object !== undefined && executionIdLabel(object) === execution.id && showsSameWish(object, execution))
      return this.bind(loaded, object);
    if (error.code !== 'already-exists')
      return this.refused(loaded, `the resource cannot be created: ${error.message}`);
    if (object === undefined) throw error; // gone since: the name may be free now
    const { namespace, name } = execution.resource;
    return this.refused(loaded, `another WorkflowExecution named ${namespace}/${name} exists`);
  }

  private bind(loaded: Loaded, object: KubeObject): Promise<Loaded> {
    const { namespace = '', name, uid = '', generation, deletionTimestamp } = object.metadata;
    return this.parts.reconciliation.sync(loaded, {
      kind: 'ResourceObserved',
      resource: { namespace, name, uid },
      ...(generation !== undefined && { generation }),
      deletionRequested: deletionTimestamp !== undefined,
    });
  }

  private refused(loaded: Loaded, message: string): Promise<Loaded> {
    return this.parts.reconciliation.sync(loaded, { kind: 'ResourceRefused', message });
  }
}

function objectFor(execution: Living): KubeObject {
  const { namespace, name } = execution.resource;
  const labels = { [LABELS.executionId]: execution.id };
  return {
    apiVersion: API_VERSION,
    kind: WORKFLOW_EXECUTIONS.kind,
    metadata: { namespace, name, labels, finalizers: [FINALIZER] },
    spec: execution.spec,
  };
}
