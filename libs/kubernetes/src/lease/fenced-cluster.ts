import type {
  Cluster,
  KubeObject,
  ListOptions,
  ObjectName,
  ObjectPage,
  Patch,
  Propagation,
  ResourceType,
  WatchMessage,
  WatchOptions,
} from '../cluster.ts';
import type { Term } from './term.ts';

/** A write that was not sent because this process does not lead (any more). Whoever leads will do it. */
export class NotLeaderError extends Error {
  override readonly name = 'NotLeaderError';
  /** Trying again later is right: in a term of ours, or not at all. */
  readonly isTransient = true;

  constructor(what: string) {
    super(`${what}: not sent, this process does not hold the Lease; the leader does what is to be done`);
  }
}

/**
 * The cluster in the hands of a leader: each write first asks whether the term may still act. This keeps a leader that has
 * lost its term from starting a write. It cannot call back a write that is already on its way.
 */
export function fenced(cluster: Cluster, term: Pick<Term, 'mayAct'>): Cluster {
  return new FencedCluster(cluster, term);
}

class FencedCluster implements Cluster {
  constructor(
    private readonly cluster: Cluster,
    private readonly term: Pick<Term, 'mayAct'>,
  ) {}

  list(type: ResourceType, options?: ListOptions): Promise<ObjectPage> {
    return this.cluster.list(type, options);
  }

  watch(type: ResourceType, options: WatchOptions): AsyncIterable<WatchMessage> {
    return this.cluster.watch(type, options);
  }

  get(type: ResourceType, name: ObjectName): Promise<KubeObject> {
    return this.cluster.get(type, name);
  }

  async create(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    this.check('create', type, object.metadata);
    return this.cluster.create(type, object);
  }

  async patch(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    this.check('patch', type, name);
    return this.cluster.patch(type, name, patch);
  }

  async patchStatus(type: ResourceType, name: ObjectName, patch: Patch): Promise<KubeObject> {
    this.check('patch status', type, name);
    return this.cluster.patchStatus(type, name, patch);
  }

  async replace(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    this.check('replace', type, object.metadata);
    return this.cluster.replace(type, object);
  }

  async replaceStatus(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    this.check('replace status', type, object.metadata);
    return this.cluster.replaceStatus(type, object);
  }

  async delete(
    type: ResourceType,
    name: ObjectName,
    options?: { uid?: string; propagation?: Propagation },
  ): Promise<void> {
    this.check('delete', type, name);
    return this.cluster.delete(type, name, options);
  }

  private check(verb: string, type: ResourceType, at: { readonly namespace?: string; readonly name: string }): void {
    if (this.term.mayAct()) return;
    throw new NotLeaderError(
      `${verb} ${type.plural} ${at.namespace === undefined ? '' : `${at.namespace}/`}${at.name}`,
    );
  }
}
