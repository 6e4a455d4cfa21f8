import { FINALIZER } from '#execution';
import type { Cluster, KubeObject } from '#kubernetes';
import { ClusterError, WORKFLOW_EXECUTIONS } from '#kubernetes';
import type { ResourceObjects } from './resource-objects.ts';

/** Puts our finalizer on WorkflowExecutions and takes it off, and leaves those of others alone. */
export class Finalizers {
  constructor(
    private readonly cluster: Pick<Cluster, 'patch'>,
    private readonly objects: ResourceObjects,
    /** Told of the object as a write left it. */
    private readonly onWritten: (object: KubeObject) => void,
  ) {}

  /** Adds ours, if it is missing and the object is not on its way out. */
  async add(object: KubeObject): Promise<void> {
    await this.change(object, withOurs);
  }

  /** @returns false when it was not there */
  drop(object: KubeObject): Promise<boolean> {
    return this.change(object, withoutOurs);
  }

  /** The write is refused when the list changed since we saw it: then ours is put into the new one. */
  private async change(object: KubeObject, change: Change): Promise<boolean> {
    const wanted = change(object);
    if (wanted === undefined) return false;
    try {
      await this.set(object, wanted);
    } catch (error) {
      if (!(error instanceof ClusterError) || error.code !== 'conflict') throw error;
      const now = await this.objects.readSame(object.metadata);
      const anew = now && change(now);
      if (now !== undefined && anew !== undefined) await this.set(now, anew);
    }
    return true;
  }

  private async set(object: KubeObject, finalizers: readonly string[]): Promise<void> {
    const { uid, resourceVersion } = object.metadata;
    const body = { metadata: { uid, resourceVersion, finalizers } };
    const { namespace = '', name } = object.metadata;
    try {
      this.onWritten(await this.cluster.patch(WORKFLOW_EXECUTIONS, { namespace, name }, { type: 'merge', body }));
    } catch (error) {
      if (error instanceof ClusterError && error.code === 'not-found') return;
      throw error;
    }
  }
}

/** The finalizers an object should have; undefined when it has them. */
type Change = (object: KubeObject) => readonly string[] | undefined;

const withOurs: Change = ({ metadata: { finalizers = [], deletionTimestamp } }) =>
  deletionTimestamp !== undefined || finalizers.includes(FINALIZER) ? undefined : [...finalizers, FINALIZER];

const withoutOurs: Change = ({ metadata: { finalizers = [] } }) =>
  finalizers.includes(FINALIZER) ? finalizers.filter((name) => name !== FINALIZER) : undefined;
