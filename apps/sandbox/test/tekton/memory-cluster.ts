import type {
  Clock,
  Cluster,
  KubeObject,
  KubeObjectMeta,
  ListOptions,
  ObjectName,
  ObjectPage,
  Patch,
  Propagation,
  ResourceType,
  WatchMessage,
  WatchOptions,
} from '#kubernetes';
import { ClusterError } from '#kubernetes';

type Write = 'create' | 'patch' | 'replaceStatus' | 'delete';

/** A small Kubernetes API in memory: resource versions, generations, uids, conflicts, watches that can be cut. */
export class MemoryCluster implements Cluster {
  private readonly objects = new Map<string, KubeObject>();
  private readonly watchers = new Set<(message: WatchMessage | ClusterError) => void>();
  /** What a watch was told so far, with the version it was told at: a watch goes on from any of them. */
  private readonly told: { readonly version: number; readonly message: WatchMessage }[] = [];
  private version = 0;
  private uids = 0;
  /** Asked before each write; what it returns is thrown instead. */
  fault: (write: Write, object: ObjectName) => ClusterError | undefined = () => undefined;
  /** Watches of this type are told nothing. */
  muted: ResourceType | undefined;
  /** Every version of every object that was ever stored, in order. */
  readonly history: KubeObject[] = [];

  constructor(private readonly clock: Clock) {}

  async list(type: ResourceType, { namespace }: ListOptions = {}): Promise<ObjectPage> {
    const items = [...this.objects.values()].filter(
      ({ kind, metadata }) => kind === type.kind && (namespace ?? metadata.namespace) === metadata.namespace,
    );
    return { items, resourceVersion: String(this.version) };
  }

  async *watch(type: ResourceType, options: WatchOptions): AsyncIterable<WatchMessage> {
    const { timeoutSeconds, resourceVersion } = options;
    const isOfType = (message: WatchMessage) => message.type !== 'BOOKMARK' && message.object.kind === type.kind;
    const missed = this.told.filter(({ version }) => version > Number(resourceVersion));
    const pending: (WatchMessage | ClusterError)[] = missed.map(({ message }) => message).filter(isOfType);
    let wake = (): void => undefined;
    const watcher = (message: WatchMessage | ClusterError): void => {
      if (message instanceof ClusterError || (isOfType(message) && this.muted !== type)) pending.push(message);
      wake();
    };
    this.watchers.add(watcher);
    const over = new AbortController();
    const signal = AbortSignal.any([options.signal, over.signal]);
    signal.addEventListener('abort', () => wake(), { once: true });
    void this.clock.sleep(timeoutSeconds * 1000, signal).then(() => over.abort());
    try {
      while (!signal.aborted) {
        const message = pending.shift();
        if (message instanceof ClusterError) throw message;
        if (message !== undefined) yield message;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.watchers.delete(watcher);
      over.abort();
    }
  }

  /** Breaks every watch. */
  cutWatches(code: 'gone' | 'unavailable'): void {
    for (const watcher of [...this.watchers]) watcher(new ClusterError(code, `the watch was cut: ${code}`));
  }

  async get(type: ResourceType, name: ObjectName): Promise<KubeObject> {
    const found = this.objects.get(keyOf(type.kind, name));
    if (!found) throw new ClusterError('not-found', `${type.plural} "${name.name}" not found`, { status: 404 });
    return found;
  }

  async create(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    const name = nameOf(object);
    this.check('create', name);
    if (this.objects.has(keyOf(type.kind, name)))
      throw new ClusterError('already-exists', `"${name.name}" already exists`);
    this.uids += 1;
    const creationTimestamp = `${new Date(this.clock.now()).toISOString().slice(0, 19)}Z`;
    return this.store(
      'ADDED',
      { ...object, status: undefined },
      { uid: `uid-${this.uids}`, generation: 1, creationTimestamp },
    );
  }

  async patch(type: ResourceType, name: ObjectName, { body }: Patch): Promise<KubeObject> {
    this.check('patch', name);
    const object = await this.get(type, name);
    const merged = merge(object, body) as KubeObject;
    if (merged.metadata.uid !== object.metadata.uid) throw new ClusterError('conflict', 'the uid is another');
    const changed = JSON.stringify(merged.spec) !== JSON.stringify(object.spec);
    return this.store('MODIFIED', merged, { generation: (object.metadata.generation ?? 1) + (changed ? 1 : 0) });
  }

  async patchStatus(type: ResourceType, name: ObjectName, { body }: Patch): Promise<KubeObject> {
    return this.store('MODIFIED', merge(await this.get(type, name), body) as KubeObject, {});
  }

  async replace(type: ResourceType, object: KubeObject): Promise<KubeObject> {
    await this.unchanged(type, object);
    return this.store('MODIFIED', object, {});
  }

  async replaceStatus(type: ResourceType, { metadata, status }: KubeObject): Promise<KubeObject> {
    this.check('replaceStatus', nameOf({ metadata }));
    const held = await this.unchanged(type, { metadata });
    return this.store('MODIFIED', { ...held, status: structuredClone(status) }, {});
  }

  async delete(
    type: ResourceType,
    name: ObjectName,
    options: { uid?: string; propagation?: Propagation } = {},
  ): Promise<void> {
    this.check('delete', name);
    const object = await this.get(type, name);
    if (options.uid !== undefined && options.uid !== object.metadata.uid)
      throw new ClusterError('conflict', 'another uid');
    if (options.propagation !== 'Foreground') return this.remove(object);
    const deletionTimestamp = new Date(this.clock.now()).toISOString();
    this.store('MODIFIED', object, { deletionTimestamp, finalizers: ['foregroundDeletion'] });
  }

  /** Kind, namespace and name of everything stored. */
  names(): readonly string[] {
    return [...this.objects.keys()];
  }

  /** Told of every object that is gone. */
  onRemoved: (name: string) => void = () => undefined;

  private remove(object: KubeObject): void {
    const key = keyOf(object.kind, nameOf(object));
    this.objects.delete(key);
    this.version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.version) };
    this.tell({ type: 'DELETED', object: { ...object, metadata } });
    this.onRemoved(key);
  }

  private async unchanged(type: ResourceType, { metadata }: Pick<KubeObject, 'metadata'>): Promise<KubeObject> {
    const held = await this.get(type, nameOf({ metadata }));
    const same = held.metadata.resourceVersion === metadata.resourceVersion;
    if (!same) throw new ClusterError('conflict', 'the object has been modified', { status: 409 });
    return held;
  }

  private store(type: 'ADDED' | 'MODIFIED', object: KubeObject, meta: Partial<KubeObjectMeta>): KubeObject {
    this.version += 1;
    const stored = { ...object, metadata: { ...object.metadata, ...meta, resourceVersion: String(this.version) } };
    this.objects.set(keyOf(object.kind, nameOf(object)), stored);
    this.history.push(stored);
    const isLetGo = stored.metadata.deletionTimestamp !== undefined && stored.metadata.finalizers?.length === 0;
    if (isLetGo) this.remove(stored);
    else this.tell({ type, object: stored });
    return stored;
  }

  private tell(message: WatchMessage): void {
    this.told.push({ version: this.version, message });
    for (const watcher of [...this.watchers]) watcher(message);
  }

  private check(write: Write, name: ObjectName): void {
    const fault = this.fault(write, name);
    if (fault) throw fault;
  }
}

const keyOf = (kind: string, { namespace, name }: ObjectName): string => `${kind} ${namespace}/${name}`;
const nameOf = ({ metadata }: Pick<KubeObject, 'metadata'>): ObjectName => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});

function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const base = typeof target === 'object' && target !== null ? (target as Record<string, unknown>) : {};
  const merged = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(base[key], value);
  }
  return merged;
}
