import type { Clock, Cluster, KubeObject, ObjectName, Patch, Propagation, ResourceType } from '#kubernetes';
import type { ListOptions, ObjectPage, WatchMessage, WatchOptions } from '#kubernetes';
import { MemoryCluster, PIPELINE_RUNS, PRODUCT_TYPES, TASK_RUNS } from '#kubernetes';
import type { ClusterError } from '#kubernetes';
import { tektonAdmission } from '../../src/tekton/index.ts';

type Write = 'create' | 'patch' | 'replaceStatus' | 'delete';

/** The product's types, and Tekton's webhooks before its runs. */
const TYPES = PRODUCT_TYPES.map((served) =>
  served.type === PIPELINE_RUNS ? { ...served, admission: tektonAdmission } : served,
);

/** A cluster in memory that keeps everything ever stored, and whose writes can be made to fail. */
export class RecordedCluster implements Cluster {
  /** Every version of every object that was ever stored, in order. */
  readonly history: KubeObject[] = [];
  /** Kind, namespace and name of every object that is gone, in order. */
  readonly removed: string[] = [];
  readonly memory: MemoryCluster;
  /** Asked before each write; what it returns is thrown instead. */
  fault: (write: Write, object: ObjectName) => ClusterError | undefined = () => undefined;

  constructor(clock: Clock) {
    this.memory = new MemoryCluster({
      clock,
      types: TYPES,
      onStored: (object) => this.history.push(object),
      onRemoved: (object) => this.removed.push(fullName(object)),
    });
  }

  /** Kind, namespace and name of every run and task run there is. */
  names(): readonly string[] {
    return [PIPELINE_RUNS, TASK_RUNS].flatMap((type) => this.memory.objects(type)).map(fullName);
  }

  list = (type: ResourceType, options?: ListOptions): Promise<ObjectPage> => this.memory.list(type, options);
  watch = (type: ResourceType, options: WatchOptions): AsyncIterable<WatchMessage> => this.memory.watch(type, options);
  get = (type: ResourceType, name: ObjectName): Promise<KubeObject> => this.memory.get(type, name);

  async create(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    this.check('create', nameOf(object));
    return this.memory.create(type, object);
  }

  async patch(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    this.check('patch', name);
    return this.memory.patch(type, name, patch);
  }

  async patchStatus(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    return this.memory.patchStatus(type, name, patch);
  }

  async replace(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    return this.memory.replace(type, object);
  }

  async replaceStatus(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    this.check('replaceStatus', nameOf(object));
    return this.memory.replaceStatus(type, object);
  }

  async delete(
    type: ResourceType,
    name: ObjectName,
    options?: { uid?: string; propagation?: Propagation },
  ): Promise<void> {
    this.check('delete', name);
    return this.memory.delete(type, name, options);
  }

  private check(write: Write, name: ObjectName): void {
    const fault = this.fault(write, name);
    if (fault) throw fault;
  }
}

const nameOf = ({ metadata: { namespace = '', name } }: KubeObject): ObjectName => ({ namespace, name });
const fullName = ({ kind, metadata: { namespace, name } }: KubeObject): string => `${kind} ${namespace}/${name}`;
