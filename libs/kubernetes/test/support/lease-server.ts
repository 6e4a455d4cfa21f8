import { ClusterError, type KubeObject, type ObjectName, type ResourceType } from '../../src/cluster.ts';

/** The Leases of an API server, in memory: resourceVersions, conflicts, and no new version for a write that changes nothing. */
export class LeaseServer {
  private version = 100;
  private readonly objects = new Map<string, KubeObject>();

  get({ namespace, name }: ObjectName): KubeObject {
    const found = this.objects.get(`${namespace}/${name}`);
    if (!found) throw new ClusterError('not-found', `leases.coordination.k8s.io "${name}" not found`, { status: 404 });
    return found;
  }

  create(object: KubeObject): KubeObject {
    if (this.objects.has(keyOf(object))) throw new ClusterError('already-exists', 'it is there', { status: 409 });
    return this.store({ ...object, metadata: { ...object.metadata, uid: `uid-${this.version + 1}` } });
  }

  replace(object: KubeObject): KubeObject {
    const found = this.get(nameOf(object));
    if (object.metadata.resourceVersion !== found.metadata.resourceVersion)
      throw new ClusterError('conflict', 'the object has been modified', { status: 409 });
    if (JSON.stringify(object) === JSON.stringify(found)) return found;
    return this.store(object);
  }

  /** Somebody else changes something about the object that is no business of an election. */
  touch(name: ObjectName): void {
    const key = `${name.namespace}/${name.name}`;
    const found = this.objects.get(key);
    if (!found) return;
    this.store({ ...found, metadata: { ...found.metadata, annotations: { touched: String(this.version) } } });
  }

  delete({ namespace, name }: ObjectName): void {
    this.objects.delete(`${namespace}/${name}`);
  }

  private store(object: KubeObject): KubeObject {
    this.version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version) } };
    this.objects.set(keyOf(object), stored);
    return stored;
  }
}

/** What happens to one request on its way. */
export interface Weather {
  readonly toServerMs: number;
  readonly toClientMs: number;
  /**
   * `lost-request`: never applied; `lost-reply`: applied; `late`: no answer, and applied `lateMs` after it was given up;
   * a code: refused with it.
   */
  readonly fate: 'fine' | 'lost-request' | 'lost-reply' | 'late' | 'server-error' | 'forbidden' | 'too-many-requests';
  readonly lateMs?: number;
}

export const FINE: Weather = { toServerMs: 1, toClientMs: 1, fate: 'fine' };

export type LeaseRequest = (server: LeaseServer, type: ResourceType) => KubeObject;

function keyOf(object: KubeObject): string {
  const { namespace, name } = nameOf(object);
  return `${namespace}/${name}`;
}

function nameOf({ metadata }: KubeObject): ObjectName {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}
