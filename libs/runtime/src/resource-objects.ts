import type { Execution } from '#execution';
import type { Cluster, KubeObject, KubeObjectMeta, ObjectName } from '#kubernetes';
import { WORKFLOW_EXECUTIONS } from '#kubernetes';
import { boundResource } from './bridge.ts';
import type { ClusterView } from './cluster-view.ts';
import { isNoSuchObject } from './no-such-object.ts';

type Living = Exclude<Execution, { phase: 'Absent' }>;

/** WorkflowExecution objects, looked up. @throws ClusterError when it cannot be told whether one is there */
export class ResourceObjects {
  constructor(
    private readonly cluster: Pick<Cluster, 'get'>,
    private readonly view: Pick<ClusterView, 'resource'>,
  ) {}

  /** The bound object: as the watch has it, or read when the watch is behind. */
  async find(execution: Living): Promise<KubeObject | undefined> {
    const bound = boundResource(execution);
    if (bound === undefined) return undefined;
    const seen = this.view.resource(bound);
    if (seen?.metadata.uid === bound.uid) return seen;
    const read = await this.read(bound);
    return read?.metadata.uid === bound.uid ? read : undefined;
  }

  /** The object of that uid as the API server has it now. */
  async readSame({ namespace = '', name, uid }: KubeObjectMeta): Promise<KubeObject | undefined> {
    const read = await this.read({ namespace, name });
    return read?.metadata.uid === uid ? read : undefined;
  }

  async read(name: ObjectName): Promise<KubeObject | undefined> {
    try {
      return await this.cluster.get(WORKFLOW_EXECUTIONS, name);
    } catch (error) {
      if (isNoSuchObject(error)) return undefined;
      throw error;
    }
  }
}
